"""What leaves the office: an attacker reads the printed tables, and pins nobody down."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import shutil
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from admissions.comparison.runs import Comparison, compare
from admissions.comparison.tables import aggregate_tables
from admissions.front.comparison import ScenarioComparison
from admissions.model.errors import UsageError
from admissions.pool import synthetic_round
from admissions.report.comparison import ComparisonReport
from admissions.results.comparison import SIGN, comparison_files
from admissions.results.files import write_folder
from tests.comparison.adversary import Adversary, Folder
from tests.comparison.hand import compared, resolved, write_scenario
from tests.suppression import attacker

SCENARIOS = ("current-2019", "coordinated-2019", "harmonised-2023", "leader-within-service")
GROUPS = ("sector", "centrality", "experience", "further-education", "service-size")

BASE = 'extends = "coordinated-2019"'
DRAWN = (12, 16)
"""Of a drawn round of the first seed who did not think of the rules hid too little."""
LEDGER = 4


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
    for by, row, _ in list(found):
        if by == "offering":
            for scenario in SCENARIOS[1:]:
                for name, parts in (("in", ("moved-in", "won")), ("out", ("moved-out", "lost"))):
                    found[by, row, f"{scenario}:{name}"] = sum(
                        found[by, row, f"{scenario}:{part}"] for part in parts
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


OFFERINGS = ("uis-juss", "vid-minoritet", "hvl-barnets-beste", "oslomet-juss")
LEAST_EDUCATION = 'extends = "least-education-first"'
REQUIRES_LESS = """extends = "coordinated-2019"
[[changes]]
offerings = ["vid-minoritet"]
remove = "documented-experience"
"""


def _drawn_round(seed: int) -> dict[str, Any]:
    """Some dozens of people, drawn: each wants one or two of four offerings."""
    draw = random.Random(seed)
    people = [
        {
            "id": f"p{n:02}",
            "wishes": draw.sample(OFFERINGS, draw.randint(1, 2)),
            "grade": draw.choice("ABCDE"),
            "further": draw.choice([0, 0, 1, 2]),
            "documented": draw.choice(["yes"] * 5 + ["no"]),
            "service": f"s{draw.randint(0, 12)}",
        }
        for n in range(draw.randint(40, 70))
    ]
    return {"people": people, "base": BASE, "seats": {o: draw.randint(7, 16) for o in OFFERINGS}}


@pytest.mark.parametrize("seed", DRAWN)
@pytest.mark.parametrize("other", [LEAST_EDUCATION, REQUIRES_LESS], ids=["all", "one offering"])
def test_small_rounds_keep_their_hidden_counts_too(seed: int, other: str, tmp_path: Path) -> None:
    _public({**_drawn_round(seed), "other": other}, tmp_path)
    adversary = Adversary(tmp_path / "out")
    assert adversary.hidden
    assert adversary.narrow() == {}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ScenarioComparison]:
    """A folder that was published, and another comparison of the same round with the same base."""
    place = tmp_path_factory.mktemp("published")
    case = {**_drawn_round(LEDGER), "other": LEAST_EDUCATION}
    one = compared(place, case)
    files = comparison_files(one, language="en", public=True)
    write_folder(files, place / "one", overwrite=False, sign=SIGN)
    second = write_scenario(place, "second", REQUIRES_LESS, case["seats"])
    other = compare(one.round, [one.base.run.scenario, resolved(second)])
    return place / "one", ScenarioComparison(other)


def test_who_holds_a_report_against_an_earlier_one_finds_hidden_counts(
    published: tuple[Path, ScenarioComparison], tmp_path: Path
) -> None:
    earlier, other = published
    write_folder(other.files("en", public=True), tmp_path / "x", overwrite=False, sign=SIGN)
    assert Adversary(earlier).narrow() == {}
    assert Adversary(tmp_path / "x").narrow() == {}
    found = Adversary(earlier, tmp_path / "x").narrow()
    assert any(low == high for low, high in found.values()), "told exactly"
    page = (tmp_path / "x" / "report.html").read_text(encoding="utf-8")
    assert "Other reports of the same round are not counted" in page


def test_a_report_made_knowing_of_an_earlier_one_tells_nothing_with_it(
    published: tuple[Path, ScenarioComparison], tmp_path: Path
) -> None:
    earlier, other = published
    files = other.files("en", public=True, published=[earlier])
    write_folder(files, tmp_path / "x", overwrite=False, sign=SIGN)
    assert Adversary(earlier, tmp_path / "x").narrow() == {}
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(earlier).as_posix()}"
        for path in earlier.rglob("*")
        if path.is_file()
    ]
    lines.sort(key=lambda line: line[66:])
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    assert json.loads(files[SIGN])["published"] == {"one": digest}
    assert digest in files["report.html"].decode()


def test_a_folder_that_does_not_bear_on_the_round_is_refused(
    published: tuple[Path, ScenarioComparison], tmp_path: Path
) -> None:
    earlier, other = published
    office = tmp_path / "office"
    write_folder(other.files("en"), office, overwrite=False, sign=SIGN)
    changed = tmp_path / "changed"
    shutil.copytree(earlier, changed)
    text = (changed / "by-offering.csv").read_text(encoding="utf-8")
    (changed / "by-offering.csv").write_text(text.replace("total,", "total,9"), encoding="utf-8")
    with pytest.raises(UsageError, match="expected a folder that compare --public wrote"):
        other.files("en", public=True, published=[office])
    with pytest.raises(UsageError, match=r"by-offering\.csv, row 6, .* says '9"):
        other.files("en", public=True, published=[changed])
    with pytest.raises(UsageError, match="named already"):
        other.files("en", public=True, published=[earlier, earlier])


def test_what_a_published_folder_reckoned_with_must_be_named_too(
    published: tuple[Path, ScenarioComparison], tmp_path: Path
) -> None:
    earlier, other = published
    files = other.files("en", public=True, published=[earlier])
    write_folder(files, tmp_path / "second", overwrite=False, sign=SIGN)
    with pytest.raises(UsageError, match="second was made knowing of a folder"):
        other.files("en", public=True, published=[tmp_path / "second"])


def _hand_round(wishes: dict[str, int]) -> dict[str, Any]:
    """So many people want only that offering; every other has a further education."""
    people = [
        {"id": f"{offering}-{n}", "grade": "A", "further": n % 2, "wishes": [offering]}
        for offering, count in wishes.items()
        for n in range(count)
    ]
    return {"people": people, "base": BASE, "other": 'extends = "least-education-first"'}


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
