"""``docs/findings.md``: what simulations say about the evaluators' questions."""
