"""How many would be qualified at each offering, and which rule stops how many of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from admissions.model.facts import Facts, Flags
from admissions.model.round import Round
from admissions.model.wording import Wording
from admissions.ranking.facts_of_round import offering_facts, person_facts
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rules.base import Criterion, Rule


@dataclass(frozen=True)
class Stopping:
    """A rule that stops ``count`` applications at an offering.

    ``empty`` are the facts it reads that are documented of none of the applications there.
    """

    rule: str
    title: Wording
    count: int
    empty: tuple[str, ...]


@dataclass(frozen=True)
class Qualification:
    """One offering: its applications, those that qualify, and what stops the others.

    An application that two rules stop is counted under both. ``version`` is None, and nothing is
    counted as qualified, where the offering has no rules on the day.
    """

    offering: str
    version: str | None
    applications: int
    qualified: int
    stopping: tuple[Stopping, ...]


def qualification(round_: Round, scenario: ResolvedScenario) -> tuple[Qualification, ...]:
    """What ``scenario``'s rules make of ``round_``, by offering."""
    every = offering_facts(round_, scenario, person_facts(round_)).items()
    return tuple(
        _at(offering, scenario.versions.get(offering), facts) for offering, (_, facts) in every
    )


def _at(offering: str, version: Version | None, facts: Facts) -> Qualification:
    if version is None:
        return Qualification(offering, None, len(facts), 0, ())
    met = np.ones(len(facts), np.bool_)
    stopping = []
    for rule, passed in _verdicts(version, facts):
        met &= passed
        if not passed.all():
            empty = tuple(name for name in rule.reads() if not facts.documented(name).any())
            count = int(np.count_nonzero(~passed))
            stopping.append(Stopping(rule.id, rule.title, count, empty))
    qualified = int(np.count_nonzero(met))
    return Qualification(offering, version.id, len(facts), qualified, tuple(stopping))


def _verdicts(version: Version, facts: Facts) -> Iterator[tuple[Rule, Flags]]:
    """Each rule that can stop an application, and where it does not."""
    for rule in version.requirements:
        yield rule, rule.column(facts) == 1
    for criterion in version.criteria:
        if isinstance(criterion, Criterion):
            yield criterion, criterion.qualifies(facts)
