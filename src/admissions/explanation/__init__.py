"""Explanation: from a decided run to typed reasons, words, and what would have changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from admissions.explanation.build import Explainer, explain
from admissions.explanation.reasons import Explanation, FactChange, Verdict
from admissions.model.vocabulary import Language

if TYPE_CHECKING:
    import pandas as pd

    from admissions.allocation.run import Run

__all__ = ["Explainer", "Explanation", "FactChange", "Verdict", "explain", "sentences"]


def sentences(run: Run, decisions: pd.DataFrame, language: Language) -> list[str]:
    """The sentence of each row of ``decisions`` (``decide_outcomes`` of ``run``), in its order."""
    from admissions.explanation.words import sentence

    explainer = Explainer(run, decisions)
    return [sentence(explainer.verdict(row), language) for row in range(len(decisions))]
