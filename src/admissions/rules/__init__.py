"""The kinds of rules, one module each; ``registry`` lists them."""
