"""Who is granted as far as the money goes, worked out by hand; the report's totals of two years."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.grants.fill import Book, GrantDecision, GrantOutcome, Refusal, Request
from admissions.grants.rulebook import GrantsRulebook, load_grants, rulebook_ids
from admissions.model.errors import DataError

LAW, LEADING = "oslomet-juss", "ntnu-ledelse"
RULES = load_grants("grants-2019")


def asks(person: str, offering: str = LAW, sector: str = "municipal", **more: object) -> Request:
    asked, draw = more.get("asked", 100_000), more.get("draw", 1)
    before = bool(more.get("before"))
    return Request(person, offering, sector, int(str(asked)), int(str(draw)), before)


def with_budget(nok: int, name: str = "grants-2019") -> GrantsRulebook:
    table = load_grants(name).model_dump()
    table["budget"]["value"] = nok
    return GrantsRulebook.model_validate(table)


def filled(
    rules: GrantsRulebook, requests: list[Request], *calls: list[Request]
) -> dict[str, GrantDecision]:
    """What each person's request has come to, by calls in which the seats of ``calls`` are held."""
    book = Book(rules, requests)
    for number, held in enumerate(calls, start=1):
        book.after(number, frozenset((one.person_id, one.offering_id) for one in held))
    return {f"{r.person_id} {r.offering_id}": grant for r, grant in book.grants.items()}


def test_each_of_the_four_causes_refuses() -> None:
    granted, waits = asks("a"), asks("b")
    outside, leading = asks("c", sector="none"), asks("d", LEADING)
    before = asks("e", before=True)
    every = [granted, waits, outside, leading, before]
    found = filled(RULES, every, [granted, outside, leading, before])
    assert found[f"a {LAW}"] == GrantDecision(granted, GrantOutcome.GRANTED, 100_000, call=1)
    assert [found[f"{who} {at}"].refusal for who, at in (("b", LAW), ("c", LAW), ("d", LEADING),
                                                        ("e", LAW))] == [
        Refusal.NO_SEAT, Refusal.NOT_EMPLOYED, Refusal.NOT_PRIORITISED, Refusal.ALREADY_GRANTED,
    ]  # fmt: skip


def test_there_is_one_grant_a_person() -> None:
    """Both seats are held until the person has chosen; the first in the draw is granted."""
    one, other = asks("a", draw=1), asks("a", "uis-juss", draw=2)
    found = filled(RULES, [one, other], [one, other])
    assert found[f"a {LAW}"].outcome is GrantOutcome.GRANTED
    assert found["a uis-juss"].refusal is Refusal.ALREADY_GRANTED


def test_municipal_employees_come_first_then_the_draw_and_nobody_passes() -> None:
    """Of 250,000 the two municipal ones get 100,000 each; 50,000 is left for s, who asks for more.

    t, who asks for no more than is left, stands behind s and waits too.
    """
    s, t = asks("s", sector="state", draw=1), asks("t", sector="private", draw=2, asked=50_000)
    m, n = asks("m", draw=3), asks("n", draw=4)
    every = [s, t, m, n]
    found = filled(with_budget(250_000), every, every)
    assert [found[f"{who} {LAW}"].amount for who in "mnst"] == [100_000, 100_000, 0, 0]
    assert [found[f"{who} {LAW}"].number for who in "st"] == [1, 2]


def test_who_was_offered_a_seat_before_goes_before_who_was_drawn_first() -> None:
    early, late = asks("e", draw=9), asks("l", draw=1)
    found = filled(with_budget(0), [early, late], [early], [early, late])
    assert [found[f"{who} {LAW}"].number for who in "el"] == [1, 2]


def test_money_that_a_withdrawal_frees_goes_to_the_next() -> None:
    a, b = asks("a", draw=1), asks("b", draw=2)
    found = filled(with_budget(100_000), [a, b], [a, b])
    assert found[f"b {LAW}"] == GrantDecision(b, GrantOutcome.NEXT, number=1)
    found = filled(with_budget(100_000), [a, b], [a, b], [b])
    assert found[f"a {LAW}"] == GrantDecision(a, GrantOutcome.WITHDRAWN, call=2)
    assert found[f"b {LAW}"] == GrantDecision(b, GrantOutcome.GRANTED, 100_000, call=2)


def test_nobody_granted_loses_it_to_somebody_municipal_who_is_called_later() -> None:
    private, municipal = asks("p", sector="private"), asks("m")
    found = filled(with_budget(100_000), [private, municipal], [private], [private, municipal])
    assert found[f"p {LAW}"].outcome is GrantOutcome.GRANTED
    assert found[f"m {LAW}"].number == 1


def test_a_grant_goes_with_who_moves_to_a_better_seat() -> None:
    """w waits first in the draw; the money that a leaves at one site is a's at the other."""
    old, new, waits = asks("a", draw=5), asks("a", "uis-juss", draw=5), asks("w", draw=1)
    found = filled(with_budget(100_000), [old, new, waits], [old], [new, waits])
    assert found[f"a {LAW}"].outcome is GrantOutcome.WITHDRAWN
    assert found["a uis-juss"].amount == 100_000
    assert found[f"w {LAW}"].number == 1


@pytest.mark.parametrize(("ects", "most"), [(14, 0), (15, 50_000), (29, 50_000), (30, 100_000)])
def test_the_most_follows_from_the_ects(ects: int, most: int) -> None:
    assert RULES.amount.most(ects) == most


def test_less_is_granted_where_less_is_asked_for() -> None:
    little, much = asks("a", asked=40_000), asks("b", asked=130_000, draw=2)
    found = filled(RULES, [little, much], [little, much])
    assert [found[f"{who} {LAW}"].amount for who in "ab"] == [40_000, 100_000]


def _as_in_2019(rules: GrantsRulebook) -> tuple[Book, int]:
    """211 at the prioritised programmes and, as large a share of its 32, 28 leaders who ask.

    Each asks for the mean, 85,776.
    """
    law = [asks(f"p{n:03}", asked=85_776, draw=n) for n in range(211)]
    leaders = [asks(f"l{n:02}", LEADING, asked=85_776, draw=900 + n) for n in range(28)]
    book = Book(rules, [*law, *leaders])
    book.after(1, frozenset((one.person_id, one.offering_id) for one in book.requests))
    granted = [g.request for g in book.grants.values() if g.outcome is GrantOutcome.GRANTED]
    return book, sum(one.offering_id == LEADING for one in granted)


def test_2019_as_the_report_has_it() -> None:
    """211 times the mean is the 18,098,668 granted, but for the rounding of the mean."""
    book, leaders = _as_in_2019(RULES)
    assert abs(book.granted - 18_098_668) <= 211 // 2
    assert leaders == 0
    assert round(book.left / 1e6, 2) == 2.15


@pytest.mark.parametrize("name", ["grants-2019-leadership-last", "grants-2019-leadership-alike"])
def test_what_was_left_in_2019_would_have_been_25_grants_for_leaders(name: str) -> None:
    """2,153,264 of 85,776 each are 25; three of the 28 would have waited."""
    book, leaders = _as_in_2019(load_grants(name))
    assert leaders == 25
    waiting = [g.number for g in book.grants.values() if g.outcome is GrantOutcome.NEXT]
    assert sorted(waiting) == [1, 2, 3]


def test_2018_as_the_report_has_it() -> None:
    """Some 16.5 of 19.70 million for 201 persons: 3.2 million were left."""
    mean = 16_500_000 // 201
    requests = [asks(f"p{n:03}", asked=mean, draw=n) for n in range(201)]
    book = Book(load_grants("grants-2018"), requests)
    book.after(1, frozenset((one.person_id, one.offering_id) for one in requests))
    assert book.rulebook.budget.value == 19_700_000
    assert round(book.left / 1e6, 1) == 3.2
    assert {grant.outcome for grant in book.grants.values()} == {GrantOutcome.GRANTED}


def test_every_shipped_rulebook_names_its_sources() -> None:
    assert rulebook_ids() == [
        "grants-2018", "grants-2019", "grants-2019-leadership-alike", "grants-2019-leadership-last",
    ]  # fmt: skip
    for name in rulebook_ids():
        rules = load_grants(name)
        assert rules.id == name
        assert "statusmåling 2, §" in rules.budget.source
        assert rules.asked.value in rules.asked.range


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('extends = "grants-2019"\nbudget = 3\n', "budget"),
        ('extends = "grants-2019"\n[amount]\nsource = "x"\nsteps = [[30, 1], [15, 2]]\n', "30, 15"),
        ('extends = "grants-2017"\n', "grants-2017"),
        ('extends = "grants-2019"\nhat = 1\n', "hat"),
        ("budget\n", "own.toml"),
    ],
)
def test_a_rulebook_that_is_none_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(DataError, match=said):
        load_grants(str(path))


def test_a_rulebook_of_ones_own_states_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('id = "own"\nextends = "grants-2019"\n[budget]\nvalue = 5\nsource = "us"\n')
    assert load_grants(str(path)).budget.value == 5
