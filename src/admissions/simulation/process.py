"""One round under one scenario: calls, answers, the start of term, and who completes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from admissions.allocation import answers, independent, serial
from admissions.allocation.build_problem import build_problem
from admissions.allocation.problem import Plan, Problem
from admissions.model.facts import Flags, Numbers
from admissions.model.round import Round
from admissions.model.wishes import best_wish
from admissions.ranking.tables import RankingTable
from admissions.rulebooks.scenario import ResolvedScenario, Scenario
from admissions.simulation.yields import Chances, Willing, YieldModel, happens, offers_to_make


@dataclass(frozen=True, eq=False)
class ReadyScenario:
    """A scenario with its yield model, made ready for many rounds of the same offerings.

    ``seats``, ``offers``, ``chances``: an entry for each of ``offerings``, in their order.
    """

    id: str
    scenario: ResolvedScenario
    offerings: tuple[str, ...]
    seats: tuple[int, ...]
    offers: tuple[int, ...]
    chances: tuple[Chances, ...]
    grant_amount: int


def case_of(
    name: str, scenario: ResolvedScenario, yields: YieldModel, offerings: Sequence[str]
) -> ReadyScenario:
    """The case ``name``. Raises DataError where seats or chances of an offering are not stated."""
    settings = scenario.scenario
    seats = {o: settings.seats.get(o, scenario.offers_to_make(o)) for o in offerings}
    offers = offers_to_make(
        yields, seats, settings.offers, settings.mechanism, settings.call_rounds
    )  # fmt: skip
    return ReadyScenario(
        id=name,
        scenario=scenario,
        offerings=tuple(offerings),
        seats=tuple(seats.values()),
        offers=tuple(offers[o] for o in offerings),
        chances=tuple(yields.chances(o) for o in offerings),
        grant_amount=yields.grants.mean_amount,
    )


@dataclass(frozen=True, eq=False)
class RoundOutcome:
    """What became of the m qualified applications of a round; see ``measures`` for the words.

    All but ``problem`` and ``preference`` are bool (m,). ``preference``: int64 (m,), the wish's
    number as the person stated it. ``would_meet``: would take an offer here and meet, as things
    ended elsewhere, whether or not one was sent.
    """

    problem: Problem
    preference: Numbers
    called: Flags
    accepted: Flags
    released: Flags
    would_meet: Flags
    met: Flags
    completed: Flags
    granted: Flags


def outcome_of(
    case: ReadyScenario,
    scenario: ResolvedScenario,
    round_: Round,
    rankings: Mapping[str, RankingTable],
    will: Willing,
) -> RoundOutcome:
    """The outcome of ``round_`` under ``case``, with the lottery of ``scenario``.

    1. Offers are called and answered in the scenario's call rounds, each person by their own
    number. 2. Who accepted meets or not, completes or not, and is granted or not.

    Raises UsageError for limits under which an answer could take back what others have accepted.
    """
    posed = build_problem(round_, scenario, rankings)
    problem = dataclasses.replace(posed, offers=np.array(case.offers, dtype=np.int64))
    person, offering = problem.person, problem.offering
    declines = happens(will.declines[person], [c.declines for c in case.chances], offering)
    plan = _answered(problem, scenario.scenario, declines)
    preference = round_.applications["preference"].to_numpy()[problem.application]
    best = held_preference(problem, plan.held, preference)[person]
    stays = ~happens(will.no_show[person], [c.no_show for c in case.chances], offering)
    met = plan.held & stays
    completes = happens(will.completes[person], [c.completes for c in case.chances], offering)
    granted = happens(will.granted[person], [c.granted for c in case.chances], offering)
    return RoundOutcome(
        problem=problem,
        preference=preference,
        called=plan.held | plan.released,
        accepted=plan.held,
        released=plan.released & (best < preference),
        would_meet=~declines & stays & (preference <= best),
        met=met,
        completed=met & completes,
        granted=met & granted,
    )


def _answered(problem: Problem, settings: Scenario, declines: Flags) -> Plan:
    if settings.mechanism == "serial":
        return serial.fill(problem, declines)
    if settings.mechanism == "independent":
        return independent.call(problem, settings.call_rounds, declines)
    return answers.offer(problem, settings.call_rounds, declines)


def held_preference(problem: Problem, held: Flags, preference: Numbers) -> Numbers:
    """The preference number of what each person holds, by their own ``preference``, (persons,)."""
    return best_wish(problem.persons, problem.person, preference, held)
