"""CountsByKey every measure of one outcome; what each means stands in ``measures``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from admissions.comparison.agreement import Agreement, pooled_tau
from admissions.model.facts import Flags, Numbers
from admissions.model.wishes import BEHIND_ALL
from admissions.simulation.measures import (
    ALL,
    ANSWERS,
    CLASSES,
    EXPERIENCE,
    FURTHER,
    GROUPS,
    LAW,
    LAW_TOGETHER,
    LEADERS,
    LEADERSHIP,
    SECTORS,
    UNDEFINED,
    Key,
    decimals,
)
from admissions.simulation.people import People
from admissions.simulation.process import UNTOLD, ReadyScenario, RoundOutcome, held_preference

CountsByKey = dict[Key, int]


def counted(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Every measure that needs no other outcome and no agreement, by key."""
    found: CountsByKey = {}
    for step in (_applications, _takers, _seats, _calls, _country, _shares, _wishes, _leaders):
        found |= step(case, people, outcome)
    granted = int(outcome.granted.sum())
    found[Key("grants")] = granted
    found[Key("grant-amount")] = granted * case.grant_amount
    return found


def held_against(people: People, outcome: RoundOutcome, reference: RoundOutcome) -> CountsByKey:
    """Winners and losers against the ``reference``, the same people's outcome."""
    won, lost = _better_and_worse(outcome, reference)
    found = {Key("winners"): int(won.sum()), Key("losers"): int(lost.sum())}
    for group in GROUPS:
        found[Key("winners", ALL, group)] = int((won & people.groups[group]).sum())
        found[Key("losers", ALL, group)] = int((lost & people.groups[group]).sum())
    return found


def by_leaders(people: People, outcome: RoundOutcome, without: RoundOutcome) -> CountsByKey:
    """Who is changed by leader influence: against the outcome ``without`` it."""
    won, lost = _better_and_worse(outcome, without)
    found: CountsByKey = {}
    for name, which in (("changed-by-leaders", won | lost), ("lost-by-leaders", lost)):
        found[Key(name)] = int(which.sum())
        for group, whose in zip(LEADERS, (people.own_order, ~people.own_order), strict=True):
            found[Key(name, ALL, group)] = int((which & whose).sum())
    return found


def agreed(
    name: str, found: Mapping[tuple[str, str], Agreement], offerings: Sequence[str]
) -> CountsByKey:
    """Kendall's tau of each pair of offerings and over all together, and of how many people."""
    counts: CountsByKey = {}
    for pair in combinations(offerings, 2):
        one = found.get(pair)
        counts[Key(name, *pair)] = _steps(name, one.tau if one else None)
        counts[Key(f"{name}-people", *pair)] = one.common if one else 0
    counts[Key(name)] = _steps(name, pooled_tau(found.values()))
    counts[Key(f"{name}-people")] = sum(one.common for one in found.values())
    return counts


def _better_and_worse(outcome: RoundOutcome, other: RoundOutcome) -> tuple[Flags, Flags]:
    one, two = (held_preference(o.problem, o.accepted, o.preference) for o in (outcome, other))
    return one < two, one > two


def _steps(measure: str, value: Fraction | None) -> int:
    """``value`` in the measure's smallest step, half up; ``UNDEFINED`` where there is none."""
    if value is None:
        return UNDEFINED
    scaled = 2 * int(10 ** decimals(measure)) * value
    return (scaled.numerator + scaled.denominator) // (2 * scaled.denominator)


def _percent(measure: str, part: int, whole: int) -> int:
    return _steps(measure, Fraction(100 * part, whole) if whole else None)


def _applications(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Applications, offers and admitted: by offering, sector, and both."""
    problem, k = outcome.problem, len(case.offerings)
    every = np.ones(len(problem.person), dtype=np.bool_)
    codes = np.zeros(len(people), dtype=np.int64)
    for code, sector in enumerate(SECTORS, start=1):
        codes[people.groups[sector]] = code
    cell = problem.offering * (len(SECTORS) + 1) + codes[problem.person]
    found: CountsByKey = {}
    for name, which in (
        ("qualified", every),
        ("offers", outcome.called),
        ("admitted", outcome.called & ~outcome.released),
    ):
        table = np.bincount(cell[which], minlength=k * (len(SECTORS) + 1)).reshape(k, -1)
        for group, column in ((ALL, table.sum(axis=1)), *zip(SECTORS, table.T[1:], strict=True)):
            found |= _by_offering(case, name, column, group)
    return found


def _by_offering(case: ReadyScenario, name: str, column: Numbers, group: str = ALL) -> CountsByKey:
    found = {Key(name, ALL, group): int(column.sum())}
    found |= {Key(name, o, group): int(n) for o, n in zip(case.offerings, column, strict=True)}
    return found


def _takers(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Who accepted, met and completed, and who fell away: by offering, and by group."""
    problem, k = outcome.problem, len(case.offerings)
    found: CountsByKey = {}
    for name, which in (
        ("accepted", outcome.accepted),
        ("met", outcome.met),
        ("completed", outcome.completed),
        ("released", outcome.released),
        ("declined", outcome.called & ~outcome.accepted & ~outcome.released),
        ("no-show", outcome.accepted & ~outcome.met),
    ):
        found |= _by_offering(case, name, np.bincount(problem.offering[which], minlength=k))
        if name in ("accepted", "met", "completed"):
            persons = problem.person[which]
            for group in GROUPS:
                found[Key(name, ALL, group)] = int(people.groups[group][persons].sum())
    return found


def _seats(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Empty seats, too many, and how far down the lists one must and can call."""
    problem, k = outcome.problem, len(case.offerings)
    seats = np.array(case.seats)
    met = np.bincount(problem.offering[outcome.met], minlength=k)
    needed, can, short = (np.zeros(k, dtype=np.int64) for _ in range(3))
    order = np.lexsort((problem.rank, problem.offering))
    ends = np.searchsorted(problem.offering[order], np.arange(k + 1))
    for n in range(k):
        line = outcome.would_meet[order[ends[n] : ends[n + 1]]]
        takers = np.flatnonzero(line)
        short[n] = max(seats[n] - len(takers), 0)
        filled = len(takers) >= seats[n]
        needed[n] = (takers[seats[n] - 1] + 1 if seats[n] else 0) if filled else len(line)
        can[n] = takers[seats[n]] if len(takers) > seats[n] else len(line)
    found: CountsByKey = {}
    for name, column in (
        ("seats-empty", np.maximum(seats - met, 0)),
        ("too-many", np.maximum(met - seats, 0)),
        ("offers-needed", needed),
        ("offers-without-too-many", can),
        ("list-too-short", short),
    ):
        found |= _by_offering(case, name, column)
    return found


def _calls(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """When those who hold an offer got it, where that is known."""
    day = outcome.day[outcome.accepted]
    if (outcome.day == UNTOLD).all() and len(outcome.day):
        return {Key("later-offers"): UNDEFINED, Key("days-waited"): UNDEFINED}
    mean = Fraction(int(day.sum()), len(day)) if len(day) else None
    return {
        Key("later-offers"): int((day > 0).sum()),
        Key("days-waited"): _steps("days-waited", mean),
    }


def _country(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Municipalities with who completed, and services with students."""
    completers = outcome.problem.person[outcome.completed]
    home = people.municipality[completers]
    known = home >= 0
    count = np.bincount(home[known], minlength=1)
    centrality = np.zeros(len(count), dtype=np.int64)
    centrality[home[known]] = people.centrality[completers[known]]
    service = people.service[outcome.problem.person[outcome.met]]
    at = outcome.problem.offering[outcome.completed][known]
    together = np.bincount(home[known] * len(case.offerings) + at, minlength=1)
    found = {
        Key("municipalities"): int((count > 0).sum()),
        Key("municipalities-four-or-more"): int((count >= 4).sum()),
        Key("largest-municipality"): int(count.max()),
        Key("largest-municipality-at-one-offering"): int(together.max()),
        Key("services"): len(np.unique(service[service >= 0])),
    }
    for number, name in enumerate(CLASSES, start=1):
        there = int(((count > 0) & (centrality == number)).sum())
        of = int(people.municipalities_by_class[number - 1])
        found[Key("municipalities", ALL, name)] = there
        share = _percent("municipalities-share", there, of)
        found[Key("municipalities-share", ALL, name)] = share
    return found


def _shares(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """The students' experience and further education, leadership apart."""
    met = outcome.met
    person, names = outcome.problem.person[met], np.array(case.offerings, dtype=object)
    offering = names[outcome.problem.offering[met]]
    experience: dict[str, Flags] = {ALL: offering != LEADERSHIP}
    experience |= {name: offering == name for name in case.offerings}
    if set(LAW) <= set(case.offerings):
        experience[LAW_TOGETHER] = np.isin(offering, LAW)
    found: CountsByKey = {}
    for group in EXPERIENCE:
        has = people.groups[group][person]
        for name, among in experience.items():
            share = _percent("experience-share", int((has & among).sum()), int(among.sum()))
            found[Key("experience-share", name, group)] = share
    return found | further_shares(people.groups, person, offering, case.offerings)


def further_shares(
    groups: Mapping[str, Flags],
    person: Numbers,
    offering: NDArray[np.object_],
    offerings: Sequence[str],
) -> CountsByKey:
    """The further education of the students, the m ``person`` at ``offering``."""
    some, one = ~groups[FURTHER[0]][person], groups[FURTHER[1]][person]
    surveyed = offering != LEADERSHIP
    found: CountsByKey = {}
    for name in (ALL, *offerings):
        among = surveyed if name == ALL else offering == name
        share = _percent("further-education-share", int((some & among).sum()), int(among.sum()))
        found[Key("further-education-share", name)] = share
    part, whole = int((one & surveyed).sum()), int((some & surveyed).sum())
    found[Key("one-further-education-share")] = _percent("one-further-education-share", part, whole)
    there = [(np.isin(offering, names), weight) for names, weight in ANSWERS]
    shares = [
        (Fraction(100 * int((some & among).sum()), int(among.sum())), weight)
        for among, weight in there
        if among.any()
    ]
    weights = sum(weight for _, weight in shares)
    mean = sum(share * weight for share, weight in shares) / Fraction(weights) if weights else None
    measure = "further-education-share-of-answers"
    return {**found, Key(measure): _steps(measure, mean)}


def _wishes(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    problem = outcome.problem
    best = held_preference(problem, outcome.accepted, outcome.preference)
    qualified = np.zeros(len(people), dtype=np.bool_)
    qualified[problem.person] = True
    without = qualified & (best == BEHIND_ALL)
    found = {
        Key("first-wish"): int((best == 1).sum()),
        Key("without-offer"): int(without.sum()),
    }
    for group in GROUPS:
        found[Key("without-offer", ALL, group)] = int((without & people.groups[group]).sum())
    return found


def _leaders(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Leaders' orders whose first named holds an offer there, or anywhere."""
    problem, orders = outcome.problem, len(people.first_named)
    at = np.full(len(people), -1, dtype=np.int64)
    at[problem.person[outcome.accepted]] = problem.offering[outcome.accepted]
    got, wanted = at[people.first_named], people.order_offering
    met = int(((got >= 0) & ((wanted < 0) | (got == wanted))).sum())
    return {
        Key("leaders-first-wishes"): met,
        Key("leaders-first-wishes-share"): _percent("leaders-first-wishes-share", met, orders),
    }
