"""What a fact is: all that is known of it in one description, from its header to its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from admissions.model.columns import Column
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.vocabulary import LANGUAGES
from admissions.model.wording import Wording

Whose = Literal["person", "application", "service", "ranking"]
"""Whom a fact is stated of; ``ranking``: derived from the round, stated nowhere."""

Measure = Literal[
    "grade", "years", "ects", "percent", "positions", "index",
    "count", "number", "from-zero", "date", "yes-no", "choice", "text",
]  # fmt: skip
"""How a value is read: in hundredths the first six; ``from-zero`` counts from 0, people from 1."""


@dataclass(frozen=True)
class Range:
    """A number fact's thinkable values, ``low`` to ``high``, in the data's unit (step 1)."""

    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Fact(Column):
    """A column that rules can read.

    ``phrase`` heads a value; ``own`` stands within a sentence about the applicant (by default the
    phrase). ``changes``: what may be thought otherwise of it (True: any value of a yes/no, a
    closed list or a date).

    ``passed``, ``rest`` and ``old`` name columns that belong to a grade: a flag that stands in its
    place, what the file states beyond hundredths (see ``hundredths.REST``), and the mark on the old
    scale that it was converted from (hundredths, -1 for none). ``documents``: a yes is
    itself the statement that something is documented.
    """

    whose: Whose
    measure: Measure
    phrase: Wording
    own_phrase: Wording | None = None
    changes: Range | bool = False
    passed: str = ""
    rest: str = ""
    old: str = ""
    documents: bool = False

    @property
    def own(self) -> Wording:
        """The words within a sentence about the applicant."""
        return self.own_phrase or self.phrase

    @property
    def companions(self) -> dict[str, bool | int]:
        """The columns that belong to it, with their values where the fact is a plain number."""
        stated = {self.passed: False, self.rest: 0, self.old: NOT_DOCUMENTED}
        return {name: value for name, value in stated.items() if name}

    def labels(self) -> tuple[str, ...]:
        """Its headers and its words: whatever the program calls it, in any language."""
        told = (w.in_(language) for language in LANGUAGES for w in (self.phrase, self.own))
        return (*super().labels(), *told)
