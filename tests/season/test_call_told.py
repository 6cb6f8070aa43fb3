"""What a call's folder has for people: a page that opens offline, and a workbook to answer in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.command import run
from tests.season.test_workbook import fill
from tests.season.year import Year, chain_of_three


@pytest.mark.parametrize(
    ("language", "sheet", "yes", "called", "kept"),
    [
        ("nb", "Alle", "ja", "c får tilbud ved vid-relasjon", "holdt"),
        ("nn", "Alle", "ja", "c får tilbod ved vid-relasjon", "halden"),
        ("en", "All", "yes", "c is called at vid-relasjon", "kept"),
    ],
)
def test_a_call_is_told_in_the_language_of_the_decisions_and_comes_back(
    tmp_path: Path, language: str, sheet: str, yes: str, called: str, kept: str
) -> None:
    chain_of_three(tmp_path)
    again = run(
        "allocate", tmp_path / "round", "--scenario", tmp_path / "small.toml", "--out",
        tmp_path / "told", "--language", language,
    )  # fmt: skip
    assert again.code == 0, again.said
    year = Year(tmp_path / "year")
    began = run("season", "start", tmp_path / "told", "--out", year.place, "--on", "2019-06-03")
    assert began.code == 0, began.said
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    page = (year.place / "call-2" / "report.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert called in page
    assert page.count(f"<td>{kept}</td>") == 8
    assert "src=" not in page
    workbook = year.place / "call-2" / "offers.xlsx"
    book = openpyxl.load_workbook(workbook)
    rows = [[cell.value for cell in row][:2] for row in book[sheet].iter_rows(min_row=2)]
    assert rows == [["b", "vid-minoritet"], ["c", "vid-relasjon"]]
    deadline = book[sheet].cell(2, 5).value
    assert isinstance(deadline, dt.date)
    assert deadline.isoformat()[:10] == "2019-06-20"
    fill(workbook, sheet, {"c vid-relasjon": yes})
    assert "1 answer entered" in year.ok("answers", workbook, "--on", "2019-06-14")
    assert year.states()["c vid-relasjon"] == "accepted"
    year.holds()


def test_a_call_that_offers_nothing_says_so(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.ok("call", "--on", "2019-06-04")
    page = (year.place / "call-2" / "report.html").read_text(encoding="utf-8")
    assert "Ingen plasser gikk videre" in page
    assert (year.place / "call-2" / "offers.xlsx").is_file()
    year.holds()
