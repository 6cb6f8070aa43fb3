"""What a letter tells of: a person, and each application as it stands, with the reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from admissions.explanation.decisions import Outcome
from admissions.explanation.reasons import Explanation, FactChange, OfferingName
from admissions.intake.contacts import Contact
from admissions.letters.deciders import Decider
from admissions.model.policy import Policy
from admissions.model.vocabulary import Language
from admissions.season.history import Corrected, Happening, History
from admissions.season.states import HOLDING, State


@dataclass(frozen=True)
class LetterTold:
    """One application.

    ``explanation``: of the first decision, None where the application came late; ``corrected``:
    the same rules read with the facts as they are now, None where they are as they were;
    ``changes``: what would have changed the first decision; ``history``: None before a season.
    """

    offering: OfferingName
    state: State
    decider: Decider
    explanation: Explanation | None
    waiting_number: int = 0
    deadline: dt.date | None = None
    changes: tuple[FactChange, ...] = ()
    corrected: Explanation | None = None
    history: History | None = None

    @property
    def waits(self) -> bool:
        """Whether a seat can still come of it."""
        return self.state is State.WAITING and not self.not_run

    @property
    def not_run(self) -> bool:
        """Whether nobody can get a seat there."""
        return self.explanation is not None and self.explanation.verdict.not_run

    @property
    def as_decided(self) -> bool:
        """Whether it stands as the first decision left it."""
        return self.history is None or not self.history.happenings

    @property
    def was_released(self) -> bool:
        """Whether the first decision let an offer pass on to others, for one wanted more."""
        first = None if self.explanation is None else self.explanation.verdict.outcome
        return self.as_decided and first is Outcome.DECLINED

    @property
    def happenings(self) -> tuple[Happening, ...]:
        """All that has happened to it since the first decision."""
        return () if self.history is None else self.history.happenings

    @property
    def was_corrected(self) -> bool:
        """Whether a fact was corrected, or an appeal upheld."""
        return any(isinstance(one.reason, Corrected) for one in self.happenings)


@dataclass(frozen=True)
class LetterPerson:
    """Whom a letter is for, and the applications, most wanted first.

    ``whole``: whether they are all that the person has; an institution's own letter may tell of its
    own decisions alone.
    """

    id: str
    contact: Contact
    applications: tuple[LetterTold, ...]
    whole: bool = True

    @property
    def main(self) -> LetterTold:
        """The application that the letter begins with.

        One that waits for an answer, else one that is held, else the best that still waits, else
        the most wanted.
        """
        ranks = (
            lambda one: one.state is State.OFFERED,
            lambda one: one.state in HOLDING,
            lambda one: one.waits,
            lambda one: one.state not in (State.LAPSED, State.REPLACED),
            lambda one: True,
        )
        return next(one for wanted in ranks for one in self.applications if wanted(one))

    @property
    def has_a_seat_here(self) -> bool:
        """Whether the letter tells of a seat that the person holds, or is offered."""
        return any(one.state in HOLDING for one in self.applications)

    @property
    def institutions(self) -> tuple[str, ...]:
        """Those that have decided, in the order of the applications."""
        return tuple(dict.fromkeys(one.decider.institution for one in self.applications))


@dataclass(frozen=True)
class Everybody:
    """All whom letters go to: how many, and each as it is asked for.

    ``on``: the day of what the letters tell; ``later``: whether it is news of a season;
    ``signatory``: who answers for them; ``titles``: the offerings' names by language and id.
    """

    count: int
    people: Iterator[LetterPerson]
    on: dt.date
    policy: Policy
    later: bool
    sealed_on: dt.date
    signatory: str
    titles: Mapping[Language, Mapping[str, str]]
