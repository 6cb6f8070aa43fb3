"""What leaves the office: an attacker reads the printed tables, and pins nobody down."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from admissions.comparison.runs import Comparison, compare
from admissions.comparison.tables import aggregate_tables
from admissions.pool import synthetic_round
from admissions.report.comparison import ComparisonReport
from admissions.results.comparison import SIGN, comparison_files
from admissions.results.files import write_folder
from tests.comparison.adversary import Adversary, Folder
from tests.comparison.hand import compared, resolved
from tests.suppression import attacker

SCENARIOS = ("current-2019", "coordinated-2019", "harmonised-2023", "leader-within-service")
GROUPS = ("sector", "centrality", "experience", "further-education", "service-size")

Printed = dict[tuple[str, str, str], str]


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(synthetic_round(2019, 3), [resolved(name) for name in SCENARIOS])


@pytest.fixture(scope="module")
def folder(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("public") / "out"
    files = comparison_files(comparison, language="en", public=True)
    write_folder(files, out, overwrite=False, sign=SIGN)
    return out


@pytest.fixture(scope="module")
def printed(folder: Path) -> Printed:
    """Every cell that counts people, as the files show it: (table, row, column)."""
    cells: Printed = {}
    for name in ("offering", *GROUPS):
        text = (folder / f"by-{name}.csv").read_text(encoding="utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text))
        for row in rows:
            for column, cell in zip(head[1:], row[1:], strict=True):
                if not column.endswith(":offers"):
                    cells[name, row[0], column] = cell
    text = (folder / "causes.csv").read_text(encoding="utf-8-sig")
    for scenario, direction, *rules, count in list(csv.reader(io.StringIO(text)))[1:]:
        cells["causes", "/".join(rules), f"{scenario}:{direction}"] = count
    return cells


@pytest.fixture(scope="module")
def truth(comparison: Comparison) -> dict[tuple[str, str, str], int]:
    """The office's numbers for what the attacker sees, and for what can be subtracted."""
    found: dict[tuple[str, str, str], int] = {}
    for table in aggregate_tables(comparison):
        for record in table.records():
            row = str(next(iter(record.values())))
            for column, value in record.items():
                if isinstance(value, int):
                    found[table.id.removeprefix("by-"), row, column] = value
    for table, row, _ in list(found):
        if table == "offering":
            for scenario in SCENARIOS[1:]:
                for name, parts in (("in", ("moved-in", "won")), ("out", ("moved-out", "lost"))):
                    found[table, row, f"{scenario}:{name}"] = sum(
                        found[table, row, f"{scenario}:{part}"] for part in parts
                    )
    return found


def test_no_file_tells_what_another_hides(folder: Path) -> None:
    assert list(Folder(folder).disagreements()) == []


def test_who_reads_every_file_and_the_rules_leaves_each_hidden_count_five_people_of_play(
    folder: Path,
) -> None:
    adversary = Adversary(folder)
    assert len(adversary.hidden) > 20
    assert adversary.narrow() == {}


def test_small_counts_are_hidden_and_zeros_and_the_rest_are_true(
    printed: Printed, truth: dict[tuple[str, str, str], int]
) -> None:
    for cell, text in printed.items():
        if cell[0] == "causes":
            assert text == ":" or int(text) >= 5
        elif text == ":":
            assert truth[cell] > 0
        else:
            assert int(text) == truth[cell]
            assert int(text) == 0 or int(text) >= 5


def test_one_pattern_is_hidden_under_all_scenarios(printed: Printed) -> None:
    for (table, row, column), text in printed.items():
        if table != "causes":
            measure = column.split(":")[1]
            alike = [
                other
                for (t, r, c), other in printed.items()
                if (t, r) == (table, row) and c.split(":")[1] == measure and other != "0"
            ]
            assert text == "0" or len({other == ":" for other in alike}) == 1


def test_nobody_is_in_the_folder(folder: Path, comparison: Comparison) -> None:
    from tests.acceptance.command import files_of

    files = files_of(folder)
    assert not [name for name in files if name.startswith(("rankings", "persons", "changes"))]
    assert "causes-by-offering.csv" not in files
    everything = b"\n".join(
        content for name, content in files.items() if not name.endswith(".xlsx")
    ).decode()
    book = load_workbook(io.BytesIO(files["report.xlsx"]))
    assert not {"persons", "changes", "causes-by-offering"} & set(book.sheetnames)
    told = [str(cell) for sheet in book for row in sheet.values for cell in row]
    everything += "\n".join(told)
    for column in ("person_id", "service_id"):
        for code in set(comparison.round.applicants[column]) - {""}:
            assert code not in everything


def test_the_rows_are_in_no_order_that_tells_a_hidden_count(folder: Path) -> None:
    text = (folder / "causes.csv").read_text(encoding="utf-8-sig")
    rows = [row[:-1] for row in list(csv.reader(io.StringIO(text)))[1:]]
    assert rows == sorted(rows)


def test_how_alike_sites_rank_is_told_by_tau_alone(folder: Path) -> None:
    text = (folder / "agreement.csv").read_text(encoding="utf-8-sig")
    head = next(csv.reader(io.StringIO(text)))
    assert head == ["offering", "other-offering", *(f"{name}:tau" for name in SCENARIOS)]


def _hand_round(wishes: dict[str, int]) -> dict[str, Any]:
    """So many people want only that offering; every other has a further education."""
    people = [
        {"id": f"{offering}-{n}", "grade": "A", "further": n % 2, "wishes": [offering]}
        for offering, count in wishes.items()
        for n in range(count)
    ]
    return {"people": people, "base": BASE, "other": 'extends = "least-education-first"'}


BASE = 'extends = "coordinated-2019"'


def _public(case: dict[str, Any], folder: Path) -> dict[str, list[dict[str, str]]]:
    files = comparison_files(compared(folder, case), language="en", public=True)
    write_folder(files, folder / "out", overwrite=False, sign=SIGN)
    return {
        path.stem: list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        for path in (folder / "out").glob("by-*.csv")
    }


def test_who_reads_that_all_offers_are_taken_does_not_learn_that_four_are(tmp_path: Path) -> None:
    case = {**_hand_round({"uis-juss": 12, "vid-minoritet": 20}), "seats": {}}
    case["seats"] = {"uis-juss": 4, "vid-minoritet": 9}
    rows = {row["offering"]: row for row in _public(case, tmp_path)["by-offering"]}
    seats = {name: row["base:seats"] for name, row in rows.items()}
    values: dict[Hashable, int] = {n: int(text) for n, text in seats.items() if text != ":"}
    sums: list[tuple[Hashable, list[Hashable]]] = [("total", ["uis-juss", "vid-minoritet"])]
    for name, row in rows.items():
        values[f"{name} offers"] = int(row["base:offers"])
        sums.append((f"{name} offers", [name, f"{name} empty"]))
    named = {cell for total, parts in sums for cell in (total, *parts)}
    low, high = attacker.interval(values, sums, named - set(values), 0, "uis-juss")
    assert (low, high) == (0, 4)


def test_with_one_offering_its_qualified_do_not_tell_the_hidden_sum(tmp_path: Path) -> None:
    case = {**_hand_round({"vid-minoritet": 5}), "seats": {"vid-minoritet": 9}}
    tables = _public(case, tmp_path)
    split = [row for row in tables["by-further-education"] if row["group"] in ("none", "one")]
    assert [row["base:qualified"] for row in split] == [":", ":"]
    assert {rows[-1]["base:qualified"] for rows in tables.values()} == {":"}


def test_who_guesses_a_file_of_persons_cannot_check_the_guess(tmp_path: Path) -> None:
    case = {**_hand_round({"vid-minoritet": 5}), "seats": {"vid-minoritet": 9}}
    _public(case, tmp_path)
    printed = "".join(
        (tmp_path / "out" / name).read_text(encoding="utf-8")
        for name in ("comparison.json", "report.html")
    )
    for file in (tmp_path / "round").iterdir():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert (digest in printed) == (file.name == "services.csv"), file.name


def test_lotteries_that_differ_are_told_and_only_then() -> None:
    """Two scenarios with seeds of their own have other numbers, whatever their rules."""
    round_ = synthetic_round(2019, 3)
    one, other = resolved("coordinated-2019"), resolved("relasjon-as-sum")
    same = ComparisonReport(compare(round_, [one, other]), (), {}, {}, "en", False)
    apart = compare(round_, [one, other.with_settings(seed=7)])
    differing = ComparisonReport(apart, (), {}, {}, "en", False)
    assert "have the same lottery numbers" in same.question()
    assert "the lottery numbers are not the same" in differing.question()
