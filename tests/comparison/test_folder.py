"""`admissions compare`: the folder, the page, the workbook and the messages."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from admissions.model.resources import shipped
from admissions.model.vocabulary import LANGUAGES
from tests.acceptance.command import files_of, read_csv, run, run_installed, write_round
from tests.report import document
from tests.report.page_checks import check_page

ROUND = shipped("scenarios") / "rounds" / "2019"
TWO = ("--scenario", "current-2019", "--scenario", "least-education-first")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared") / "out"
    done = run("compare", ROUND, *TWO, "--out", folder, "--language", "en")
    assert done.code == 0, done.said
    assert "least-education-first" in done.out
    return folder


def test_the_folder_holds_what_docs_comparison_says(out: Path) -> None:
    names = {name.split("/")[0] for name in files_of(out)}
    assert names == {
        "agreement.csv", "by-centrality.csv", "by-experience.csv", "by-further-education.csv",
        "by-offering.csv", "by-sector.csv", "by-service-size.csv", "causes-by-offering.csv",
        "causes.csv", "changes.csv", "comparison.json", "persons.csv", "rankings", "report.html",
        "report.xlsx", "scenarios",
    }  # fmt: skip
    assert (out / "scenarios/least-education-first/rules/uis-juss.toml").is_file()


def test_the_tables_agree_with_each_other_and_with_the_persons(out: Path) -> None:
    _, persons = read_csv(out / "persons.csv")
    other = "least-education-first"
    for grouping in ("sector", "centrality", "experience", "further-education", "service-size"):
        _, rows = read_csv(out / f"by-{grouping}.csv")
        for row in rows:
            own = [p for p in persons if row["group"] in (p[grouping], "total")]
            assert int(row["people"]) == len(own)
            for scenario in ("current-2019", other):
                seats = sum(bool(p[f"{scenario}:seat"]) for p in own)
                assert int(row[f"{scenario}:seats"]) == seats
            for change in ("kept", "moved", "won", "lost"):
                counted = sum(p[f"{other}:change"] == change for p in own)
                assert int(row[f"{other}:{change}"]) == counted
    _, changes = read_csv(out / "changes.csv")
    _, causes = read_csv(out / "causes.csv")
    assert sum(int(row["applications"]) for row in causes) == len(changes)


def test_the_json_says_what_the_tables_say(out: Path) -> None:
    told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert (told["base"], told["public"]) == ("current-2019", False)
    _, rows = read_csv(out / "by-sector.csv")
    assert [{k: str(v) for k, v in row.items()} for row in told["tables"]["by-sector"]] == rows
    assert set(told["inputs"]) >= {"applicants.csv", "applications.csv"}
    assert told["other_lotteries"]["least-education-first"]["draws"] == 20


def test_the_workbook_has_a_sheet_a_table_with_numbers_as_numbers(out: Path) -> None:
    book = load_workbook(out / "report.xlsx")
    assert book.sheetnames == [
        "About", "by-offering", "by-sector", "by-centrality", "by-experience",
        "by-further-education", "by-service-size", "causes", "causes-by-offering", "agreement",
        "scenarios", "assumptions", "persons", "changes",
    ]  # fmt: skip
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert all(cell.value for cell in sheet[1])
    _, rows = read_csv(out / "by-centrality.csv")
    sheet = book["by-centrality"]
    for line, row in zip(sheet.iter_rows(min_row=2, values_only=True), rows, strict=True):
        assert all(isinstance(cell, int) for cell in line[1:])
        assert [str(cell) for cell in line[1:]] == list(row.values())[1:]
    taus = [cell.value for cell in book["agreement"]["F"][1:]]
    assert all(tau is None or isinstance(tau, int | float) for tau in taus)
    about = [row[0].value for row in book["About"].iter_rows()]
    assert about[:2] == ["Question", "Answer"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_each_language(language: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    public = ("--public",) if language == "nb" else ()
    done = run("compare", ROUND, *TWO, "--out", folder, "--language", language, *public)
    assert done.code == 0, done.said
    html = (folder / "report.html").read_text(encoding="utf-8")
    check_page(html, document.read(html), language)
    assert ("Laget for å deles" in html) == bool(public)


def test_the_page_answers_first(out: Path) -> None:
    page = document.read((out / "report.html").read_text(encoding="utf-8"))
    _, rows = read_csv(out / "by-sector.csv")
    total = rows[-1]
    answer = page.all("ul")[0].all("li")[0].text
    for column in ("won", "lost", "moved", "seats"):
        assert f" {total[f'least-education-first:{column}']} " in answer
    assert answer.endswith(f"against {total['current-2019-coordinated:seats']}.")
    assert "(only the rules differ)" in answer
    mechanism = page.all("ul")[0].all("li")[1].text
    assert mechanism.endswith(f"against {total['current-2019:seats']}.")
    assert "(only the mechanism differs)" in mechanism


def test_one_person_is_shown_side_by_side_and_nothing_is_written(tmp_path: Path) -> None:
    done = run_installed("compare", ROUND, *TWO, "--person", "P0002", cwd=tmp_path)
    assert done.code == 0, done.said
    assert "P0002 under current-2019" in done.out
    assert "fewest-further-education" in done.out
    assert not list(tmp_path.iterdir())
    told = json.loads(run("compare", ROUND, *TWO, "--person", "P0002", "--json").out)
    assert set(told["seats"]) == {
        "current-2019", "least-education-first", "current-2019-coordinated",
    }  # fmt: skip


def test_a_round_of_three_people_tells_the_public_next_to_nothing(tmp_path: Path) -> None:
    folder = write_round(
        tmp_path / "round",
        {
            "applicants.csv": "person_id,sector,service_id,bachelor_ects,bachelor_grade\n"
            "a,municipal,s1,180,4\nb,municipal,s2,180,3\nc,private,,180,5\n",
            "applications.csv": "person_id,offering_id,preference\n"
            "a,vid-minoritet,1\nb,vid-minoritet,1\nc,vid-minoritet,1\n",
            "services.csv": "service_id\ns1\ns2\n",
        },
    )
    one = tmp_path / "one.toml"
    one.write_text('id = "one"\nextends = "coordinated-2019"\n[seats]\nvid-minoritet = 1\n')
    out = tmp_path / "out"
    scenarios = ("--scenario", one, "--scenario", "coordinated-2019")
    done = run("compare", folder, *scenarios, "--public", "--out", out, "--language", "en")
    assert done.code == 0, done.said
    _, rows = read_csv(out / "by-sector.csv")
    assert {cell for row in rows for cell in list(row.values())[1:]} == {":", "0"}
    told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert told["other_lotteries"] == {}, "they would tell the hidden number"
    page = document.read((out / "report.html").read_text(encoding="utf-8"))
    assert "some (hidden) people win a seat and some (hidden) lose theirs" in page.all("li")[0].text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scenario", "current-2019", "--out", "x"), "One scenario cannot be compared"),
        ((*TWO, *TWO[:2], "--out", "x"), "'current-2019' stands twice"),
        (TWO, "expected either --out OUT"),
        ((*TWO, "--out", "x", "--person", "P0002"), "expected either --out OUT"),
        ((*TWO, "--person", "P0002", "--public"), "a person's rows are not public"),
        ((*TWO, "--person", "nobody"), "no person 'nobody' applied"),
        (("--scenario", "current-2019", "--scenario", "no", "--out", "x"), "no scenario 'no'"),
    ],
)
def test_what_cannot_be_compared_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("compare", ROUND, *arguments)
    assert done.code == 2
    assert said in done.err
    assert not list(tmp_path.iterdir())


def test_a_folder_is_replaced_only_when_told_and_only_its_own_kind(out: Path) -> None:
    before = files_of(out)
    refused = run("compare", ROUND, *TWO, "--out", out)
    assert refused.code == 2
    assert "--overwrite" in refused.err
    assert files_of(out) == before
    other = out.parent / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    assert run("compare", ROUND, *TWO, "--out", other, "--overwrite").code == 2
    assert (other / "mine.txt").read_text() == "mine"


def test_the_same_round_gives_the_same_bytes_whatever_the_hash_seed(
    out: Path, tmp_path: Path
) -> None:
    env = {**os.environ, "PYTHONHASHSEED": "4242"}
    again = tmp_path / "again"
    done = run_installed("compare", ROUND, *TWO, "--out", again, "--language", "en", env=env)
    assert done.code == 0, done.said
    first, second = files_of(out), files_of(again)
    assert first.keys() == second.keys()
    differing = [name for name in first if first[name] != second[name]]
    assert differing == []


NOBODY = """
id = "nobody"
extends = "coordinated-2019"

[[changes]]
offerings = ["vid-minoritet"]

[changes.add_limit]
id = "most"
kind = "region-maximum"
title = { nb = "Tak", nn = "Tak", en = "Most" }
seats = { oslo = 1 }
source = "a proposal"
"""


def test_a_change_that_changes_nobody_in_this_round_is_told(tmp_path: Path) -> None:
    """Nobody who applies for minority competence states a region."""
    (tmp_path / "nobody.toml").write_text(NOBODY, encoding="utf-8")
    scenario = str(tmp_path / "nobody.toml")
    done = run(
        "compare", ROUND, "--scenario", "coordinated-2019", "--scenario", scenario,
        "--out", tmp_path / "out", "--language", "en",
    )  # fmt: skip
    assert done.code == 0, done.said
    assert "nobody changes nothing for anybody in this round" in " ".join(done.out.split())
    page = document.read((tmp_path / "out/report.html").read_text(encoding="utf-8"))
    assert "changes nothing for anybody in this round" in page.all("ul")[0].all("li")[0].text
    ran = run(
        "allocate", ROUND, "--scenario", scenario, "--out", tmp_path / "plan", "--language", "en",
        "--solver", "deferred-acceptance",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    assert "the limit 'most' at vid-minoritet changes nothing in this round" in ran.said
