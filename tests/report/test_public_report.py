"""What may leave the office: no small count can be read or worked out, nobody's points, nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from admissions.model.wording import words as wording
from admissions.report.allocation_tables import offering_table
from admissions.report.public import public_offerings, public_offers
from admissions.report.summary import OfferingRow, totals
from admissions.report.words import Words
from tests.acceptance.command import run
from tests.season.year import chain_of_three

SECTORS = ("municipal", "state")


def row(
    name: str, qualified: tuple[int, int], offered: tuple[int, int], waiting: int
) -> OfferingRow:
    def both(counts: tuple[int, int]) -> dict[str, int]:
        return {**dict(zip(SECTORS, counts, strict=True)), "total": sum(counts)}

    points = {"municipal": "4.10", "state": "3.20", "total": "3.20" if offered[1] else "4.10"}
    return OfferingRow(
        name, wording(name, name, name), "here", 10, 10, both(qualified), both(offered),
        {"total": waiting}, points,
    )  # fmt: skip


def shown(*rows: OfferingRow) -> list[dict[str, object]]:
    words = Words("en")
    table = offering_table(rows, totals(rows), SECTORS, words)
    told = public_offerings(table, rows, SECTORS, words)
    names = [column.name for column in told.columns]
    return [dict(zip(names, cells, strict=True)) for cells in told.rows]


def test_small_counts_are_hidden_and_zeros_shown() -> None:
    a, b, _ = shown(row("a", (30, 3), (10, 0), 20), row("b", (40, 7), (10, 0), 30))
    assert a["qualified:state"] == b["qualified:state"] == ":"
    assert a["offered:state"] == 0
    assert (a["offered:municipal"], b["seats"]) == (10, 10)


def test_no_hidden_count_can_be_worked_out_from_the_sums() -> None:
    """Every table of whole numbers that prints the same is tried: each hidden one can vary by 5."""
    rows = (row("a", (12, 3), (10, 0), 5), row("b", (14, 2), (10, 0), 6))
    told = shown(*rows)
    cells = {(n, s): told[n][f"qualified:{s}"] for n in range(3) for s in (*SECTORS, "total")}
    assert ":" in cells.values()
    possible: dict[tuple[int, str], set[int]] = {key: set() for key in cells}
    for a, b, c, d in product(range(1, 30), repeat=4):
        table = {
            (0, "municipal"): a, (0, "state"): b, (0, "total"): a + b,
            (1, "municipal"): c, (1, "state"): d, (1, "total"): c + d,
            (2, "municipal"): a + c, (2, "state"): b + d, (2, "total"): a + b + c + d,
        }  # fmt: skip
        if min(a, c) >= 10 and all(cells[key] in (":", n) for key, n in table.items()):
            for key, n in table.items():
                possible[key].add(n)
    for key, found in cells.items():
        if found == ":":
            assert max(possible[key]) - min(possible[key]) >= 5, key


@pytest.mark.parametrize(("offered", "points"), [((10, 0), "4.10"), ((4, 0), ":"), ((0, 0), None)])
def test_the_last_one_s_points_stand_where_five_or_more_hold_offers(
    offered: tuple[int, int], points: str | None
) -> None:
    a, *_ = shown(row("a", (30, 0), offered, 10), row("b", (40, 0), (10, 0), 20))
    assert a["last-points"] == points


def test_the_points_of_one_of_another_sector_are_not_told() -> None:
    """The last one admitted is the one from the state: 3.20 is that person's."""
    a, *_ = shown(row("a", (30, 1), (9, 1), 10), row("b", (40, 9), (10, 0), 20))
    assert "3.20" not in str(a["last-points"])
    assert "4.10" in str(a["last-points"])


def test_offers_of_a_call() -> None:
    assert public_offers(["a", "b", "c"], ["a"] * 12 + ["b"] * 9).rows == (
        ("a", 12), ("b", 9), ("c", 0), ("total", 21),
    )  # fmt: skip
    (_, a), (_, b), (_, total) = public_offers(["a", "b"], ["a"] * 12 + ["b"] * 2).rows
    assert b == ":"
    assert ":" in (a, total)


def test_the_commands_add_a_report_that_names_nobody(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    out = tmp_path / "public"
    ran = run("allocate", tmp_path / "round", "--scenario", tmp_path / "small.toml", "--out", out,
              "--public", "--language", "en")  # fmt: skip
    assert ran.code == 0, ran.err
    page = (out / "report-public.html").read_text()
    table = re.search(r'id="offerings-table".*?</table>', page, re.DOTALL)
    assert table is not None
    for line in re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)[2:]:
        _seats, *counts = re.findall(r"<td[^>]*>([^<]*)</td>", line)
        assert set(counts) <= {":", "0", ""}
    for heading in ("What became of the applications", "How far down", "applicants.csv"):
        assert heading not in page
    assert "Fit to leave the office" in page
    assert "Other reports of the same round are not reckoned with" in page
    assert run("verify", out, "--round", tmp_path / "round").code == 0
    year.answer("a vid-minoritet nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12", "--public")
    call = (year.place / "call-2" / "report-public.html").read_text()
    assert "is called at" not in call
    assert not re.search(r">[abcd]<", call)
    assert year.run("verify").code == 0


@pytest.mark.parametrize("offers", [1, 4, 5])
def test_of_an_offering_with_few_offers_nothing_is_told_of_who_was_offered_one(offers: int) -> None:
    """Whoever reads that a hidden count is no zero would know the one offer of one to be made."""
    told = []
    for offered in ((0, 0), (1, 0), (0, 1), (offers, 0)):
        small = replace(row("a", (30, 12), offered, 20), offers=offers, seats=offers)
        first, _, _ = shown(small, row("b", (40, 20), (10, 9), 21))
        told.append(
            {name: cell for name, cell in first.items() if "offered" in name or "last" in name}
        )
    assert told[0] == told[1] == told[2] == told[3]
    assert {str(cell) for cell in told[0].values()} == {":"}
