"""Rounds under one scenario: calls, answers, the start of term, and who completes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from admissions.allocation import independent, serial
from admissions.allocation.build_problem import build_problem, build_side_by_side
from admissions.allocation.problem import Plan, Problem
from admissions.model.facts import Flags, Numbers
from admissions.model.policy import Policy
from admissions.model.wishes import best_wish
from admissions.ranking.rounds import RoundsAsOne
from admissions.ranking.tables import RankedAtOffering
from admissions.rulebooks.scenario import ResolvedScenario, Scenario
from admissions.season.deadlines import deadline, is_day_off
from admissions.season.drawn_year import DrawnYear
from admissions.season.risk import aimed_on_arrays
from admissions.season.states import State
from admissions.simulation.yields import Chances, Willing, YieldModel, happens, offers_to_make

UNTOLD = -1
"""Stands for the day of an offer where a mechanism has no days."""


@dataclass(frozen=True, eq=False)
class ReadyScenario:
    """A scenario with its yield model, made ready for many rounds of the same offerings.

    ``seats``, ``offers`` (out after the first call), ``target`` (of later calls), ``chances``: an
    entry for each of ``offerings``, in their order. ``policy``: what answers mean. ``published``,
    ``last_answer``: the day of the first call, and the last one on which an offer can be due.
    """

    id: str
    scenario: ResolvedScenario
    offerings: tuple[str, ...]
    seats: tuple[int, ...]
    offers: tuple[int, ...]
    target: tuple[int, ...]
    chances: tuple[Chances, ...]
    policy: Policy
    published: dt.date
    last_answer: dt.date
    grant_amount: int


def case_of(
    name: str, scenario: ResolvedScenario, yields: YieldModel, offerings: Sequence[str]
) -> ReadyScenario:
    """The case ``name``. Raises DataError where seats or chances of an offering are not stated.

    Where the scenario's policy states a target, the first call makes the offers that ``allocate``
    makes, and later ones aim at that target; else all calls keep out as many offers as the yield
    model allows (``offers_to_make``).
    """
    settings = scenario.scenario
    policy = settings.policy or Policy()
    seats = {o: settings.seats.get(o, scenario.offers_to_make(o)) for o in offerings}
    if "target" in policy.model_fields_set:
        offers = {o: scenario.offers_to_make(o) for o in offerings}
        target = seats if policy.target == "seats" else offers
    else:
        offers = target = offers_to_make(
            yields, seats, settings.offers, settings.mechanism, settings.call_rounds
        )
    return ReadyScenario(
        id=name,
        scenario=scenario,
        offerings=tuple(offerings),
        seats=tuple(seats.values()),
        offers=tuple(offers[o] for o in offerings),
        target=tuple(target[o] for o in offerings),
        chances=tuple(yields.chances(o) for o in offerings),
        policy=policy,
        published=yields.published.value,
        last_answer=yields.last_answer.value,
        grant_amount=yields.grants.mean_amount,
    )


@dataclass(frozen=True, eq=False)
class RoundOutcome:
    """What became of the m qualified applications of rounds; see ``measures`` for the words.

    All but ``problem``, ``preference`` and ``day`` are bool (m,). ``problem``: of all rounds, side
    by side. ``preference``: int64 (m,), the wish's number as the person stated it. ``would_meet``:
    would take an offer here and meet, as things ended elsewhere, whether or not one was sent.
    ``day``: int64 (m,), so many days after the first call the offer was made, ``UNTOLD`` where that
    is not known.
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
    day: Numbers


@dataclass(frozen=True, eq=False)
class _Wills:
    """What each of m applications would come to, if it had an offer: bool (m,) each."""

    declines: Flags
    silent: Flags
    stays_away: Flags
    completes: Flags


@dataclass(frozen=True, eq=False)
class _Year:
    """How the calls ended: who holds, who had given up an offer, and when offers were made."""

    plan: Plan
    day: Numbers


def outcome_of(
    case: ReadyScenario,
    rounds: RoundsAsOne,
    rankings: Mapping[str, RankedAtOffering],
    will: Willing,
) -> RoundOutcome:
    """The outcome of ``rounds`` under ``case``.

    1. Offers are called and answered, each person by their own number: in a coordinated admission
    as in a season (``season.drawn_year``), elsewhere in the scenario's call rounds. 2. Who accepted
    meets or not, completes or not, and is granted or not.
    """
    posed = _posed(case, rounds, rankings)
    problem = dataclasses.replace(posed, offers=np.tile(case.offers, len(rounds)))
    person, offering = problem.person, problem.offering % len(case.offerings)
    wills = _Wills(
        happens(will.declines[person], [c.declines for c in case.chances], offering),
        happens(will.declines[person], [c.silent for c in case.chances], offering),
        happens(will.no_show[person], [c.no_show for c in case.chances], offering),
        happens(will.completes[person], [c.completes for c in case.chances], offering),
    )
    year = _answered(case, problem, wills)
    plan = year.plan
    preference = rounds.applications["preference"][problem.application]
    best = held_preference(problem, plan.held, preference)[person]
    met = plan.held & ~wills.stays_away
    granted = happens(will.granted[person], [c.granted for c in case.chances], offering)
    return RoundOutcome(
        problem=problem,
        preference=preference,
        called=plan.held | plan.released,
        accepted=plan.held,
        released=plan.released & (best < preference),
        would_meet=~wills.declines & ~wills.stays_away & (preference <= best),
        met=met,
        completed=met & wills.completes,
        granted=met & granted,
        day=year.day,
    )


def _posed(
    case: ReadyScenario, rounds: RoundsAsOne, rankings: Mapping[str, RankedAtOffering]
) -> Problem:
    if rounds.only is None:
        return build_side_by_side(rounds, case.scenario, rankings)
    (seed,) = rounds.seeds
    return build_problem(rounds.only, case.scenario.with_settings(seed=seed), rankings)


def _answered(case: ReadyScenario, problem: Problem, wills: _Wills) -> _Year:
    settings: Scenario = case.scenario.scenario
    untold = np.full(len(problem.person), UNTOLD, dtype=np.int64)
    if settings.mechanism == "serial":
        return _Year(serial.fill(problem, wills.declines), untold)
    if settings.mechanism == "independent":
        return _Year(independent.call(problem, settings.call_rounds, wills.declines), untold)
    return _season(case, problem, wills)


def _season(case: ReadyScenario, problem: Problem, wills: _Wills) -> _Year:
    """The year of an office: a call, its answers, and when all are due, the next call.

    It ends after the scenario's ``call_rounds``, where an offer would be due too late, or where the
    answers have freed no seat: of rounds side by side each when its own have freed none.
    """
    year = DrawnYear(problem, case.scenario, case.policy)
    year.begin(problem.offers)
    target, seats = (np.tile(n, problem.rounds) for n in (case.target, case.seats))
    on, days = case.published, [UNTOLD, 0]
    goes_on = np.ones(problem.rounds, dtype=np.bool_)
    while True:
        goes_on &= _answers(year, wills)
        due = deadline(on, case.policy.answer_days)
        on = _next_working_day(due)
        too_late = deadline(on, case.policy.answer_days) > case.last_answer
        last = year.call == case.scenario.scenario.call_rounds
        if last or too_late or not goes_on.any():
            break
        by_risk = case.policy.target == "risk"
        year.next_call(aimed_on_arrays(year, seats) if by_risk else target, goes_on)
        days.append((on - case.published).days)
    held = year.holds
    called = year.offered_in > 0
    return _Year(Plan(held=held, released=called & ~held), np.array(days)[year.offered_in])


def _answers(year: DrawnYear, wills: _Wills) -> Flags:
    """Everybody who has an offer answers, or lets it expire.

    In which rounds a seat is free for that, bool (rounds,).
    """
    before = year.holds
    offered = year.in_state(State.OFFERED)
    year.happen("accept", offered & ~wills.declines)
    year.happen("decline", offered & wills.declines & ~wills.silent)
    year.happen("expire", offered & wills.silent)
    problem, freed = year.problem, before & ~year.holds
    rounds = problem.offering[freed] // (len(problem.offerings) // problem.rounds)
    return np.bincount(rounds, minlength=problem.rounds) > 0


def _next_working_day(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    while is_day_off(day):
        day += dt.timedelta(days=1)
    return day


def held_preference(problem: Problem, held: Flags, preference: Numbers) -> Numbers:
    """The preference number of what each person holds, by their own ``preference``, (persons,)."""
    return best_wish(problem.persons, problem.person, preference, held)
