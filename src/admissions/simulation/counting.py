"""Every measure of the rounds of one outcome, counted at once; their meaning is in ``measures``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np

from admissions.model.facts import Flags, Numbers
from admissions.model.sorting import dense, in_order
from admissions.model.wishes import BEHIND_ALL
from admissions.simulation.everywhere import Agreements
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

CountsByKey = dict[Key, Numbers]
"""The value of each key in each of the rounds, int64 (rounds,)."""


def columns(counts: CountsByKey, keys: Sequence[Key]) -> Numbers:
    """The values of ``keys``, int64 (rounds, keys)."""
    found: Numbers = np.array([counts[key] for key in keys], dtype=np.int64).T
    return found


def counted(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Every measure that needs no other outcome and no agreement, by key."""
    found: CountsByKey = {}
    for step in (_applications, _takers, _seats, _calls, _country, _shares, _wishes, _leaders):
        found |= step(case, people, outcome)
    granted = _in_each(people, outcome, outcome.granted)
    found[Key("grants")] = granted
    found[Key("grant-amount")] = granted * case.grant_amount
    return found


def held_against(people: People, outcome: RoundOutcome, reference: RoundOutcome) -> CountsByKey:
    """Winners and losers against the ``reference``, the same people's outcome."""
    found: CountsByKey = {}
    names = ("winners", "losers")
    for name, which in zip(names, _better_and_worse(outcome, reference), strict=True):
        found[Key(name)] = people.count(which)
        found |= {Key(name, ALL, group): n for group, n in people.by_group(which)}
    return found


def not_held_against(people: People) -> CountsByKey:
    """Of other people nobody wins or loses."""
    undefined = np.full(people.rounds, UNDEFINED)
    keys = [Key(name, ALL, group) for name in ("winners", "losers") for group in (ALL, *GROUPS)]
    return dict.fromkeys(keys, undefined)


def by_leaders(people: People, outcome: RoundOutcome, without: RoundOutcome) -> CountsByKey:
    """Who is changed by leader influence: against the outcome ``without`` it."""
    won, lost = _better_and_worse(outcome, without)
    found: CountsByKey = {}
    for name, which in (("changed-by-leaders", won | lost), ("lost-by-leaders", lost)):
        found[Key(name)] = people.count(which)
        for group, whose in zip(LEADERS, (people.own_order, ~people.own_order), strict=True):
            found[Key(name, ALL, group)] = people.count(which & whose)
    return found


def agreed(name: str, found: Agreements, offerings: Sequence[str]) -> CountsByKey:
    """Kendall's tau of each pair of offerings and over all together, and of how many people."""
    pairs = found.common * (found.common - 1) // 2
    apart = found.alike - found.reverse
    tau = _quotients(name, apart, pairs)
    counts: CountsByKey = {}
    for at, pair in enumerate(combinations(offerings, 2)):
        counts[Key(name, *pair)] = tau[:, at]
        counts[Key(f"{name}-people", *pair)] = found.common[:, at]
    counts[Key(name)] = _quotients(name, apart.sum(axis=1), pairs.sum(axis=1))
    counts[Key(f"{name}-people")] = found.common.sum(axis=1)
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


def _quotients(measure: str, parts: Numbers, wholes: Numbers, times: int = 1) -> Numbers:
    """``times`` each part / whole in the measure's smallest step, as ``_steps``."""
    some = np.maximum(wholes, 1)
    steps = (2 * times * int(10 ** decimals(measure)) * parts + some) // (2 * some)
    return np.where(wholes > 0, steps, UNDEFINED)


def _percent(measure: str, parts: Numbers, wholes: Numbers) -> Numbers:
    return _quotients(measure, parts, wholes, times=100)


def _in_each(people: People, outcome: RoundOutcome, which: Flags) -> Numbers:
    """How many of the applications ``which`` each round has."""
    return people.count(outcome.problem.person[which])


def _at_each(case: ReadyScenario, people: People, offering: Numbers) -> Numbers:
    """How many of ``offering`` (of rounds side by side) are each, int64 (rounds, offerings)."""
    k = len(case.offerings)
    return np.bincount(offering, minlength=people.rounds * k).reshape(-1, k)


def _by_offering(case: ReadyScenario, name: str, columns: Numbers, group: str = ALL) -> CountsByKey:
    found = {Key(name, ALL, group): columns.sum(axis=1)}
    found |= {Key(name, o, group): of for o, of in zip(case.offerings, columns.T, strict=True)}
    return found


def _applications(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Applications, offers and admitted: by offering, sector, and both."""
    problem, k = outcome.problem, len(case.offerings)
    every = np.ones(len(problem.person), dtype=np.bool_)
    codes = np.zeros(len(people), dtype=np.int64)
    for code, sector in enumerate(SECTORS, start=1):
        codes[people.are(sector)] = code
    width = len(SECTORS) + 1
    cell = problem.offering * width + codes[problem.person]
    found: CountsByKey = {}
    for name, which in (
        ("qualified", every),
        ("offers", outcome.called),
        ("admitted", outcome.called & ~outcome.released),
    ):
        counts = np.bincount(cell[which], minlength=people.rounds * k * width)
        table = counts.reshape(people.rounds, k, width)
        found |= _by_offering(case, name, table.sum(axis=2))
        for column, sector in enumerate(SECTORS, start=1):
            found |= _by_offering(case, name, table[:, :, column], sector)
    return found


def _takers(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Who accepted, met and completed, and who fell away: by offering, and by group."""
    problem = outcome.problem
    found: CountsByKey = {}
    for name, which in (
        ("accepted", outcome.accepted),
        ("met", outcome.met),
        ("completed", outcome.completed),
        ("released", outcome.released),
        ("declined", outcome.called & ~outcome.accepted & ~outcome.released),
        ("no-show", outcome.accepted & ~outcome.met),
    ):
        found |= _by_offering(case, name, _at_each(case, people, problem.offering[which]))
        if name in ("accepted", "met", "completed"):
            groups = people.by_group(problem.person[which])
            found |= {Key(name, ALL, group): n for group, n in groups}
    return found


def _seats(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Empty seats, too many, and how far down the lists one must and can call."""
    problem, k = outcome.problem, len(case.offerings)
    seats = np.tile(case.seats, people.rounds)
    met = np.bincount(problem.offering[outcome.met], minlength=len(seats))
    order = in_order(problem.offering, problem.rank)
    line, would = problem.offering[order], outcome.would_meet[order]
    length = np.bincount(line, minlength=len(seats))
    place = np.arange(len(line)) - (np.cumsum(length) - length)[line]
    takers = np.bincount(line[would], minlength=len(seats))
    nth = np.cumsum(would) - (np.cumsum(takers) - takers)[line]
    needed, can = length.copy(), length.copy()
    filling = would & (nth == seats[line])
    needed[line[filling]] = place[filling] + 1
    needed[seats == 0] = 0
    beyond = would & (nth == seats[line] + 1)
    can[line[beyond]] = place[beyond]
    found: CountsByKey = {}
    for name, column in (
        ("seats-empty", np.maximum(seats - met, 0)),
        ("too-many", np.maximum(met - seats, 0)),
        ("offers-needed", needed),
        ("offers-without-too-many", can),
        ("list-too-short", np.maximum(seats - takers, 0)),
    ):
        found |= _by_offering(case, name, column.reshape(people.rounds, k))
    return found


def _calls(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """When those who hold an offer got it, where that is known."""
    day, held = outcome.day, outcome.accepted
    person = outcome.problem.person
    untold = (_in_each(people, outcome, day != UNTOLD) == 0) & (people.count(person) > 0)
    days = np.zeros(people.rounds, dtype=np.int64)
    np.add.at(days, people.draw[person[held]], day[held])
    mean = _quotients("days-waited", days, _in_each(people, outcome, held))
    later = _in_each(people, outcome, held & (day > 0))
    return {
        Key("later-offers"): np.where(untold, UNDEFINED, later),
        Key("days-waited"): np.where(untold, UNDEFINED, mean),
    }


def _country(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Municipalities with who completed, and services with students."""
    completers = outcome.problem.person[outcome.completed]
    known = people.municipality[completers] >= 0
    at = outcome.problem.offering[outcome.completed][known]
    person = completers[known]
    of, count, draw = _groups(people, person, people.municipality[person])
    centrality = np.zeros(len(count), dtype=np.int64)
    centrality[of] = people.centrality[person]
    _, together, draw_together = _groups(people, person, people.municipality[person], at)
    students = outcome.problem.person[outcome.met]
    students = students[people.service[students] >= 0]
    _, _, served = _groups(people, students, people.service[students])
    found = {
        Key("municipalities"): np.bincount(draw, minlength=people.rounds),
        Key("municipalities-four-or-more"): np.bincount(draw[count >= 4], minlength=people.rounds),
        Key("largest-municipality"): _largest(people, draw, count),
        Key("largest-municipality-at-one-offering"): _largest(people, draw_together, together),
        Key("services"): np.bincount(served, minlength=people.rounds),
    }
    for number, name in enumerate(CLASSES, start=1):
        there = np.bincount(draw[centrality == number], minlength=people.rounds)
        of_all = np.full(people.rounds, people.municipalities_by_class[number - 1])
        found[Key("municipalities", ALL, name)] = there
        share = _percent("municipalities-share", there, of_all)
        found[Key("municipalities-share", ALL, name)] = share
    return found


def _groups(people: People, person: Numbers, *codes: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Which group of equal ``codes`` each ``person`` is in, each group's size, and its round."""
    of = dense(*codes)
    count = np.bincount(of)
    draw = np.zeros(len(count), dtype=np.int64)
    draw[of] = people.draw[person]
    return of, count, draw


def _largest(people: People, draw: Numbers, count: Numbers) -> Numbers:
    largest = np.zeros(people.rounds, dtype=np.int64)
    np.maximum.at(largest, draw, count)
    return largest


def _shares(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """The students' experience and further education, leadership apart."""
    person, offering = (
        of[outcome.met] for of in (outcome.problem.person, outcome.problem.offering)
    )
    all_of_them = _at_each(case, people, offering)
    found: CountsByKey = {}
    for group in EXPERIENCE:
        has = _at_each(case, people, offering[people.are(group)[person]])
        for name, sites in _experience_of(case).items():
            parts, wholes = (of[:, sites].sum(axis=1) for of in (has, all_of_them))
            found[Key("experience-share", name, group)] = _percent(
                "experience-share", parts, wholes
            )
    some, one = (people.are(FURTHER[n])[person] for n in (0, 1))
    return found | further_shares(
        case.offerings,
        all_of_them,
        _at_each(case, people, offering[~some]),
        _at_each(case, people, offering[one]),
    )


def _experience_of(case: ReadyScenario) -> dict[str, list[int]]:
    """The offerings (positions) whose students' experience is told together, by name."""
    names = case.offerings
    found = {ALL: [n for n, name in enumerate(names) if name != LEADERSHIP]}
    found |= {name: [n] for n, name in enumerate(names)}
    if set(LAW) <= set(names):
        found[LAW_TOGETHER] = [names.index(name) for name in LAW]
    return found


def further_shares(
    offerings: Sequence[str], students: Numbers, some: Numbers, one: Numbers
) -> CountsByKey:
    """The students' further education: ``some``, or exactly ``one``; (rounds, offerings) each."""
    surveyed = [n for n, name in enumerate(offerings) if name != LEADERSHIP]
    share, found = "further-education-share", CountsByKey()
    parts, wholes = (of[:, surveyed].sum(axis=1) for of in (some, students))
    found[Key(share)] = _percent(share, parts, wholes)
    for at, name in enumerate(offerings):
        found[Key(share, name)] = _percent(share, some[:, at], students[:, at])
    one_share = "one-further-education-share"
    found[Key(one_share)] = _percent(one_share, one[:, surveyed].sum(axis=1), parts)
    by_answers = "further-education-share-of-answers"
    sites = [[n for n, o in enumerate(offerings) if o in names] for names, _ in ANSWERS]
    together = [[of[:, sites_].sum(axis=1).tolist() for of in (some, students)] for sites_ in sites]
    found[Key(by_answers)] = np.array(
        [
            _steps(by_answers, _weighted([(part[n], whole[n]) for part, whole in together]))
            for n in range(len(students))
        ],
        dtype=np.int64,
    )
    return found


def _weighted(counts: Sequence[tuple[int, int]]) -> Fraction | None:
    """The mean of the per cents part / whole, each weighing as in ``ANSWERS``."""
    there = [
        (part, whole, weight)
        for (part, whole), (_, weight) in zip(counts, ANSWERS, strict=True)
        if whole
    ]
    weights = sum(weight for *_, weight in there)
    numerator, denominator = 0, 1
    for part, whole, weight in there:
        numerator = numerator * whole + 100 * part * weight * denominator
        denominator *= whole
    return Fraction(numerator, denominator * weights) if weights else None


def _wishes(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    problem = outcome.problem
    best = held_preference(problem, outcome.accepted, outcome.preference)
    qualified = np.zeros(len(people), dtype=np.bool_)
    qualified[problem.person] = True
    without = qualified & (best == BEHIND_ALL)
    found = {
        Key("first-wish"): people.count(best == 1),
        Key("without-offer"): people.count(without),
    }
    found |= {Key("without-offer", ALL, group): n for group, n in people.by_group(without)}
    return found


def _leaders(case: ReadyScenario, people: People, outcome: RoundOutcome) -> CountsByKey:
    """Leaders' orders whose first named holds an offer there, or anywhere."""
    problem, named = outcome.problem, people.first_named
    at = np.full(len(people), -1, dtype=np.int64)
    at[problem.person[outcome.accepted]] = problem.offering[outcome.accepted] % len(case.offerings)
    got, wanted = at[named], people.order_offering
    met = people.count(named[(got >= 0) & ((wanted < 0) | (got == wanted))])
    share = _percent("leaders-first-wishes-share", met, people.count(named))
    return {Key("leaders-first-wishes"): met, Key("leaders-first-wishes-share"): share}
