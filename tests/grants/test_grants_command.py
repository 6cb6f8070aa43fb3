"""Grants of a season by command: a small year by hand, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from admissions.grants.rulebook import load_grants
from admissions.verification.grants import grant_faults
from tests.acceptance.command import run
from tests.season.year import Year, begun

MINORITY = "vid-minoritet"


def a_year(folder: Path) -> Year:
    """a and b hold the two seats, c waits."""
    people = {"a": "4.9", "b": "4.8", "c": "4.7"}
    return begun(folder, people, dict.fromkeys(people, MINORITY), {MINORITY: 2})


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The same year, in which nothing more happens."""
    return a_year(tmp_path_factory.mktemp("settled"))


def told(year: Year, *words: object) -> dict[str, Any]:
    out = year.place.parent / "grants.xlsx"
    ran = run("grants", year.place, "--out", out, "--overwrite", "--json", *words)
    assert ran.code == 0, ran.said
    found: dict[str, Any] = json.loads(ran.out)
    return found


def own_rules(year: Year, budget: int) -> Path:
    path = year.place.parent / "own.toml"
    text = f'id = "own"\nextends = "grants-2019"\n[budget]\nvalue = {budget}\nsource = "us"\n'
    path.write_text(text)
    return path


def outcomes(found: dict[str, Any]) -> dict[str, str]:
    return {row["person_id"]: row["refusal"] or row["outcome"] for row in found["requests"]}


def test_the_money_of_who_declines_goes_to_who_is_called(tmp_path: Path) -> None:
    year = a_year(tmp_path)
    rules = ("--rulebook", own_rules(year, 200_000))
    found = told(year, *rules)
    assert outcomes(found) == {"a": "granted", "b": "granted", "c": "no-seat"}
    assert (found["granted"], found["left"]) == (200_000, 0)
    year.answer(f"a {MINORITY} nei", on="2019-06-05")
    assert outcomes(told(year, *rules)) == {"a": "withdrawn", "b": "granted", "c": "no-seat"}
    year.ok("call", "--on", "2019-06-06")
    found = told(year, *rules)
    assert outcomes(found) == {"a": "withdrawn", "b": "granted", "c": "granted"}
    assert [row["call"] for row in found["requests"]] == [1, 1, 2]


def test_the_workbook_says_in_words_what_the_letter_says(settled: Year, tmp_path: Path) -> None:
    year, out = settled, tmp_path / "grants.xlsx"
    for language, said in (("nb", "får 100 000 kroner"), ("nn", "får 100 000 kroner i tilskot"),
                           ("en", "gets a grant of NOK 100,000")):  # fmt: skip
        ran = run("grants", year.place, "--out", out, "--overwrite", "--language", language)
        assert ran.code == 0, ran.said
        book = python_calamine.CalamineWorkbook.from_path(str(out))
        rows = book.get_sheet_by_name("grants").to_python()
        letters = {str(row[0]): str(row[-1]).replace("\u00a0", " ") for row in rows}
        assert said in letters["a"], letters
        assert "100" not in letters["c"]


def test_requests_of_a_file_state_amounts_and_earlier_grants(settled: Year, tmp_path: Path) -> None:
    year = settled
    file = tmp_path / "asked.csv"
    file.write_text(
        "søker;tilbud;beløp;fått før\n"
        f"a;{MINORITY};60000;nei\nb;{MINORITY};;ja\nc;{MINORITY};120000;\n", encoding="utf-8",
    )  # fmt: skip
    found = told(year, "--asked", file)
    assert outcomes(found) == {"a": "granted", "b": "already-granted", "c": "no-seat"}
    assert found["granted"] == 60_000


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (f"x,{MINORITY}\n", "nobody has the id"),
        ("a,uis-juss\n", "uis-juss"),
        (f"a,{MINORITY}\na,{MINORITY}\n", "row 2 asks for the same"),
    ],
)
def test_requests_of_nobody_are_refused_with_their_row(
    settled: Year, tmp_path: Path, rows: str, said: str
) -> None:
    year = settled
    file = tmp_path / "asked.csv"
    file.write_text(f"person_id,offering_id\n{rows}")
    out = tmp_path / "grants.xlsx"
    ran = run("grants", year.place, "--out", out, "--asked", file, "--language", "en")
    assert ran.code == 2
    assert said in ran.said
    assert "asked.csv, row" in ran.said
    assert not out.exists()


def test_a_workbook_is_not_replaced_unless_told(settled: Year, tmp_path: Path) -> None:
    year, out = settled, tmp_path / "grants.xlsx"
    out.write_bytes(b"mine")
    ran = run("grants", year.place, "--out", out, "--language", "en")
    assert ran.code == 2
    assert "--overwrite" in ran.said
    assert out.read_bytes() == b"mine"


ROW = {"person_id": "a", "offering_id": MINORITY, "sector": "municipal", "asked": 100_000,
       "granted_before": False, "outcome": "granted", "refusal": None, "amount": 100_000,
       "number": 0}  # fmt: skip
REFUSED = {**ROW, "person_id": "b", "outcome": "refused", "refusal": "no-seat", "amount": 0}
NEXT = {**ROW, "person_id": "c", "outcome": "next", "amount": 0, "number": 1}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([{**ROW, "person_id": "z"}], "z has a grant"),
        ([ROW, ROW], "a has 2 grants"),
        ([{**ROW, "amount": 100_001}], "a gets NOK 100001"),
        ([{**ROW, "amount": 90_000}], "a gets NOK 90000"),
        ([{**REFUSED, "person_id": "a"}], "the cause of the refusal of a"),
        ([{**REFUSED, "refusal": "not-employed"}], "the cause of the refusal of b"),
        ([{**REFUSED, "refusal": "not-prioritised"}], "the cause of the refusal of b"),
        ([{**REFUSED, "refusal": "already-granted"}], "the cause of the refusal of b"),
        ([NEXT], "NOK 20252000 are left, and c is next"),
        ([{**NEXT, "number": 2}], "not 1, 2, 3"),
    ],
)
def test_what_is_forged_is_found_out(rows: list[dict[str, Any]], fault: str) -> None:
    rules = load_grants("grants-2019").model_dump()
    held = [("a", MINORITY), ("c", MINORITY)]
    assert not grant_faults([ROW, REFUSED], rules, held)
    assert any(fault in line for line in grant_faults(rows, rules, held))


def test_more_than_the_budget_is_found_out() -> None:
    rules = load_grants("grants-2019").model_dump()
    rules["budget"]["value"] = 99_999
    assert grant_faults([ROW], rules, [("a", MINORITY)]) == ["NOK 1 more than was set aside"]
