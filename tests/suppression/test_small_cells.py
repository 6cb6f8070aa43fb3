"""Small cells: cases by hand, and an attacker who must not succeed on made tables."""

from __future__ import annotations

import tomllib
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from admissions.suppression import Counts, Sum, crossed, feasible_interval, hidden_cells
from tests.suppression import attacker

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["cases"]
COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 13, 21])


def counts_of(case: dict[str, Any]) -> Counts:
    return Counts(
        case["values"],
        [Sum(total, tuple(parts)) for total, *parts in case["sums"]],
        together=case.get("together", ()),
        derivable=frozenset(case.get("derivable", ())),
        most=case.get("most", {}),
        least=case.get("least", {}),
        known=frozenset(case.get("known", ())),
        withheld=frozenset(case.get("withheld", ())),
        between=frozenset(case.get("between", ())),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_by_hand(case: dict[str, Any]) -> None:
    assert sorted(map(str, hidden_cells(counts_of(case)))) == case["hidden"]


def plain_sums(counts: Counts) -> list[tuple[Hashable, tuple[Hashable, ...]]]:
    return [(stated.total, stated.parts) for stated in counts.sums]


def narrowest(counts: Counts, hidden: frozenset[Hashable]) -> float:
    """The shortest interval that the attacker finds for a hidden, or small derivable, cell."""
    small = {cell for cell in counts.derivable if 1 <= counts.values[cell] <= 4}
    unknown = hidden | set(counts.derivable)
    least = 0 if counts.derivable else 1
    spans = [
        high - low
        for cell in hidden | small
        for low, high in [
            attacker.interval(counts.values, plain_sums(counts), unknown, least, cell)
        ]
    ]
    return min(spans, default=5)


def refuse_leaks(counts: Counts) -> frozenset[Hashable]:
    hidden = hidden_cells(counts)
    for cell, value in counts.values.items():
        assert value > 0 or cell not in hidden
        assert not 1 <= value <= 4 or cell in hidden or cell in counts.derivable
    assert not hidden & set(counts.derivable)
    assert narrowest(counts, hidden) >= 5 - 1e-6
    return hidden


@st.composite
def one_table(draw: st.DrawFn) -> Counts:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = {(f"r{r}", f"c{c}"): draw(COUNTS) for r in range(rows) for c in range(columns)}
    return Counts(*crossed("table", cells))


@given(one_table())
@settings(max_examples=40, deadline=None)
def test_no_hidden_cell_of_a_table_can_be_pinned_and_none_is_hidden_in_vain(counts: Counts) -> None:
    hidden = refuse_leaks(counts)
    for cell in hidden:
        if counts.values[cell] > 4:
            assert narrowest(counts, hidden - {cell}) < 5, f"{cell} could be shown"


@st.composite
def two_scenarios(draw: st.DrawFn) -> Counts:
    """Seats per group under a base and two other scenarios, with who won and who lost one."""
    groups = [f"g{n}" for n in range(draw(st.integers(1, 4)))]
    kept = {(s, g): draw(COUNTS) for s in ("b", "c") for g in groups}
    lost = {(s, g): draw(COUNTS) for s in ("b", "c") for g in groups}
    seats = {g: max(kept[s, g] + lost[s, g] for s in ("b", "c")) for g in groups}
    values: dict[Hashable, int] = {}
    sums: list[Sum] = []
    table: dict[tuple[str, str], int] = {("a", g): seats[g] for g in groups}
    for s in ("b", "c"):
        for g in groups:
            won = draw(COUNTS)
            table[f"kept {s}", g] = kept[s, g]
            table[f"lost {s}", g] = seats[g] - kept[s, g]
            table[f"won {s}", g] = won
            table[s, g] = kept[s, g] + won
    for column in dict.fromkeys(name for name, _ in table):
        values |= {(column, g): table[column, g] for g in groups}
        values[column, "all"] = sum(table[column, g] for g in groups)
        sums.append(Sum((column, "all"), tuple((column, g) for g in groups)))
    every = [*groups, "all"]
    for s in ("b", "c"):
        for g in every:
            sums.append(Sum(("a", g), ((f"kept {s}", g), (f"lost {s}", g))))
            sums.append(Sum((s, g), ((f"kept {s}", g), (f"won {s}", g))))
    together = [[(s, g) for s in ("a", "b", "c")] for g in every]
    together += [
        [(f"{what} {s}", g) for s in ("b", "c")] for what in ("won", "lost") for g in every
    ]
    derivable = frozenset((f"kept {s}", g) for s in ("b", "c") for g in every)
    return Counts(values, sums, together, derivable)


@given(two_scenarios())
@settings(max_examples=25, deadline=None)
def test_nothing_is_found_by_holding_scenarios_against_each_other(counts: Counts) -> None:
    hidden = refuse_leaks(counts)
    for group in counts.together:
        some = [cell for cell in group if counts.values[cell] > 0]
        assert len({cell in hidden for cell in some}) <= 1


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_whole_number_table_that_fits_is_counted(row: list[int]) -> None:
    cells: dict[Hashable, int] = {f"c{n}": count for n, count in enumerate(row)}
    sums = [Sum("all", tuple(cells))]
    counts = Counts({**cells, "all": sum(row)}, sums)
    hidden = hidden_cells(counts)
    most = sum(row) + 6 if len(hidden) < 4 else 13
    fitting = list(attacker.tables(counts.values, plain_sums(counts), hidden, most))
    for cell in hidden:
        possible = {table[cell] for table in fitting}
        assert max(possible) - min(possible) >= 5


def test_the_interval_of_a_hidden_count_is_what_the_sums_leave_open() -> None:
    counts = Counts({"a": 3, "b": 4, "c": 20, "all": 27}, [Sum("all", ("a", "b", "c"))])
    assert feasible_interval(counts, {"a", "b"}, "a") == (1, 6)
    assert feasible_interval(counts, {"a", "b"}, "c") == (20, 20)
    assert feasible_interval(counts, {"a"}, "a") == (3, 3)


@pytest.mark.parametrize(
    ("values", "sums", "said"),
    [
        ({"a": -1}, [], "'a' counts -1 people"),
        ({"a": 1, "t": 2}, [Sum("t", ("a",))], "the parts of 't' add up to 1, not to its 2"),
        ({"a": 1}, [Sum("t", ("a",))], "'t' stands in a sum and has no value"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(
    values: dict[Hashable, int], sums: list[Sum], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Counts(values, sums)


def test_a_table_gets_its_totals() -> None:
    values, sums = crossed("t", {("x", "p"): 1, ("x", "q"): 2, ("y", "p"): 3, ("y", "q"): 4})
    counted = {cell: n for cell, n in values.items() if isinstance(cell, tuple)}
    assert len(counted) == len(values)
    assert {cell[1:]: n for cell, n in counted.items() if "total" in cell} == {
        ("x", "total"): 3, ("y", "total"): 7, ("total", "p"): 4, ("total", "q"): 6,
        ("total", "total"): 10,
    }  # fmt: skip
    assert len(sums) == 5
