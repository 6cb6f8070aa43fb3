"""Choice functions, on every subset of small sets of applicants.

An offering that chooses *substitutably* never takes somebody back when more people ask: whom it
turns away among some it turns away among more. It is *size monotone* (the law of aggregate demand)
when it never takes fewer because more ask. Deferred acceptance finds the stable plan that everyone
likes best where the first holds, and what ``test_theorems`` tests follows from both.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from admissions.allocation.choice import Choice
from admissions.allocation.problem import Problem, overlapping
from tests.allocation.oracle import Definitions, Plan, bits, rows_of
from tests.allocation.problems import random_problem, without_applications

Chosen = Callable[[Plan], Plan]

SUBSTITUTABLE = [
    (),
    ("region minimum",),
    ("service first",),
    ("region maximum",),
    ("service maximum",),
    ("open first",),
    ("region maximum", "service maximum"),
]
PROBLEMS = range(40)


def at_one_offering(number: int, features: tuple[str, ...]) -> Problem:
    """The applications for one offering of a random problem, up to 7."""
    problem = random_problem(number, features)
    return without_applications(problem, problem.offering != 0)


def taking_back(chosen: Chosen, everyone: Plan) -> tuple[Plan, int] | None:
    """A set and one more applicant, with whom somebody is chosen who was not without; or None."""
    for some in range(everyone + 1):
        for more in rows_of(everyone & ~some):
            if chosen(some | 1 << more) & some & ~chosen(some):
                return some, more
    return None


def taking_fewer(chosen: Chosen, everyone: Plan) -> tuple[Plan, int] | None:
    """A set and one more applicant, with whom fewer are chosen; or None."""
    for some in range(everyone + 1):
        for more in rows_of(everyone & ~some):
            if chosen(some | 1 << more).bit_count() < chosen(some).bit_count():
                return some, more
    return None


def looking_at_the_rejected(chosen: Chosen, everyone: Plan) -> tuple[Plan, int] | None:
    """A set and one of it who is not chosen, without whom others are chosen; or None."""
    for some in range(everyone + 1):
        for out in rows_of(some & ~chosen(some)):
            if chosen(some & ~(1 << out)) != chosen(some):
                return some, out
    return None


@pytest.mark.parametrize("features", SUBSTITUTABLE, ids=" + ".join)
def test_the_program_chooses_by_the_definition_substitutably_and_never_fewer_of_more(
    features: tuple[str, ...],
) -> None:
    several = 0
    for number in PROBLEMS:
        problem = at_one_offering(number, features)
        if overlapping(problem) is not None:
            continue
        definitions, choice = Definitions(problem), Choice(problem)
        everyone = bits(definitions.rows)
        chosen = [definitions.chosen(0, rows_of(some)) for some in range(everyone + 1)]
        for some in range(everyone + 1):
            best = choice.best(np.array(rows_of(some), dtype=np.int64))
            assert bits(best.tolist()) == chosen[some], (number, some)
        assert taking_back(chosen.__getitem__, everyone) is None, number
        assert taking_fewer(chosen.__getitem__, everyone) is None, number
        assert looking_at_the_rejected(chosen.__getitem__, everyone) is None, number
        several += everyone.bit_count() >= 4
    assert several >= 8


@pytest.mark.parametrize("features", SUBSTITUTABLE[:-1], ids=" + ".join)
def test_one_more_offer_only_adds_to_those_chosen(features: tuple[str, ...]) -> None:
    for number in PROBLEMS:
        problem = at_one_offering(number, features)
        definitions = Definitions(problem)
        problem.offers[0] += 1
        richer = Definitions(problem)
        for some in range(bits(definitions.rows) + 1):
            before, after = (d.chosen(0, rows_of(some)) for d in (definitions, richer))
            assert not before & ~after, number


def by_order(order: str, considered: Plan) -> list[int]:
    """The people of ``considered`` in ``order``; a is bit 0, b bit 1, and so on."""
    return [at for at in (ord(letter) - ord("a") for letter in order) if considered >> at & 1]


def people(text: str) -> Plan:
    return bits(ord(letter) - ord("a") for letter in text)


def accept_all(groups: str, seats: int) -> Chosen:
    """Groups of equals, best first ("a bc d"); whoever shares the last seat's place comes too."""

    def chosen(considered: Plan) -> Plan:
        found = 0
        for equals in groups.split():
            if found.bit_count() < seats:
                found |= considered & people(equals)
        return found

    return chosen


def reject_all(groups: str, seats: int) -> Chosen:
    """The same, but equals who do not all find a seat are all turned away, and all behind them."""

    def chosen(considered: Plan) -> Plan:
        found = 0
        for equals in groups.split():
            if (found | considered & people(equals)).bit_count() > seats:
                return found
            found |= considered & people(equals)
        return found

    return chosen


@pytest.mark.parametrize("policy", [accept_all, reject_all])
@pytest.mark.parametrize("groups", ["abc def", "a bc d ef", "ab cd ef", "a b c d e f"])
@pytest.mark.parametrize("seats", [1, 2, 3, 4])
def test_equals_treated_together_are_chosen_substitutably(
    policy: Callable[[str, int], Chosen], groups: str, seats: int
) -> None:
    everyone, chosen = people("abcdef"), policy(groups, seats)
    assert taking_back(chosen, everyone) is None
    if groups == "a b c d e f":
        assert taking_fewer(chosen, everyone) is None


def test_accept_all_takes_fewer_when_one_more_asks() -> None:
    """Two seats: Anna alone is ahead of Berit and Carl, who are equal: all three come. With Dina
    ahead of the two, she and Anna fill the seats.
    """
    chosen = accept_all("ad bc", 2)
    assert chosen(people("abc")) == people("abc")
    assert chosen(people("abcd")) == people("ad")


def test_reject_all_takes_fewer_when_one_more_asks() -> None:
    """One seat: Berit gets it. When Carl, who is her equal, asks too, nobody does."""
    chosen = reject_all("bc", 1)
    assert chosen(people("b")) == people("b")
    assert chosen(people("bc")) == 0


def test_a_cap_counted_by_another_order_than_the_ranking_takes_somebody_back() -> None:
    """One seat; the ranking is Anna, Dina, Berit; Anna and Berit are colleagues, and who of them
    is first is the leader's to say: Berit. Whoever is second stands last. So Dina, whom Anna keeps
    out, gets the seat when Berit asks too, who gets nothing (Hafalir, Yenmez & Yildirim 2013 need
    one order for both).
    """

    def chosen(considered: Plan) -> Plan:
        second = people("a") if considered & people("b") else 0
        line = by_order("adb", considered & ~second) + by_order("a", considered & second)
        return bits(line[:1])

    assert chosen(people("ad")) == people("a")
    assert chosen(people("adb")) == people("d")
    assert taking_back(chosen, people("abd")) is not None


def test_a_minimum_class_takes_somebody_back() -> None:
    """The class runs with two: Anna alone is turned away, and taken back when Berit asks (Biró,
    Fleiner, Irving & Manlove 2010).
    """

    def chosen(considered: Plan) -> Plan:
        line = by_order("ab", considered)
        return bits(line) if len(line) >= 2 else 0

    assert taking_back(chosen, people("ab")) == (people("a"), 1)


def first_each(
    ranking: str, service: dict[str, str], region: dict[str, str], considered: Plan
) -> Plan:
    """By rank, one of each service and one of each region."""
    found: list[int] = []
    used: set[str] = set()
    for at in by_order(ranking, considered):
        name = chr(ord("a") + at)
        groups = {service[name], region[name]}
        if not groups & used:
            found.append(at)
            used |= groups
    return bits(found)


def test_limits_that_overlap_take_somebody_back_and_take_fewer() -> None:
    """One from each service and one from each region, by rank. Berit is Anna's colleague and from
    Carl's region: she keeps Carl out. When Anna asks, who keeps Berit out, Carl is taken back; and
    when Berit asks ahead of Anna and Carl she alone is taken where two were (Budish, Che, Kojima &
    Milgrom 2013: limits must be nested).
    """
    service = {"a": "S1", "b": "S1", "c": "S2"}
    region = {"a": "oslo", "b": "bergen", "c": "bergen"}

    def ranked(ranking: str) -> Chosen:
        return lambda considered: first_each(ranking, service, region, considered)

    assert ranked("abc")(people("bc")) == people("b")
    assert ranked("abc")(people("abc")) == people("ac")
    assert ranked("bac")(people("ac")) == people("ac")
    assert ranked("bac")(people("abc")) == people("b")


def test_the_checks_find_what_they_look_for() -> None:
    """Whoever asks first by the alphabet, unless three ask: then the last."""

    def odd(considered: Plan) -> Plan:
        line = rows_of(considered)
        return bits(line[-1:] if len(line) == 3 else line[:1])

    assert taking_back(odd, 0b111) is not None
    assert taking_fewer(lambda some: 0 if some == 0b111 else some, 0b111) == (0b011, 2)
    assert looking_at_the_rejected(odd, 0b111) is not None
