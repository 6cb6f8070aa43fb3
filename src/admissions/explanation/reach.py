"""Which of the changes that would have helped a person could ever make: the others are not told.

Advice to have twenty years more of experience, or a better degree than one has, helps nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from admissions.explanation.alterations import as_number
from admissions.explanation.reasons import FactChange
from admissions.model.fact import Measure
from admissions.model.facts_described import FACTS

FARTHEST: Mapping[Measure, int] = {
    "years": 5_00,
    "ects": 60_00,
    "grade": 50,
    "count": 2,
    "percent": 100_00,
}
"""How far a fact may be from where it is to be within reach, in the data's unit; the values are
assumptions: five years, a full year of study, half a grade, two courses."""


def within_reach(changes: Iterable[FactChange]) -> tuple[FactChange, ...]:
    """Those of ``changes`` that the person could make.

    More of a number by no more than ``FARTHEST``, a fact that is documented, another answer to yes
    or no, another value of a list. Less of a number is never within reach: what is done is done.
    """
    return tuple(change for change in changes if _within(change))


def _within(change: FactChange) -> bool:
    farthest = FARTHEST.get(FACTS[change.fact].measure)
    before, after = change.before, change.after
    if farthest is None or isinstance(before, bool) or isinstance(after, bool):
        return True
    start = as_number(before)
    if start is None or not isinstance(after, int):
        return True
    return 0 < after - start <= farthest
