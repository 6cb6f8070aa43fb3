"""Results are files: as a value, or in a folder that is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.allocation.run import Run, allocate_fast
from admissions.comparison.runs import compare
from admissions.intake import read_round
from admissions.model.files import FolderFiles, MadeFiles, below
from admissions.model.resources import offering_ids
from admissions.results.allocation import check_result, seal, write_result
from admissions.results.comparison import SIGN, comparison_files
from admissions.results.files import packed, unpacked, write_folder
from admissions.results.folder import read_inputs, read_scenario
from admissions.results.letters import letters
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from tests.acceptance.command import files_of
from tests.results.seal import ROUND


@pytest.fixture(scope="module")
def run() -> Run:
    round_ = read_round(ROUND, offerings=offering_ids())
    return allocate_fast(round_, resolve(load_scenario("coordinated-2019")))


@pytest.fixture(scope="module")
def files(run: Run) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    seal(run, made, language="nn")
    return made


def test_a_result_in_memory_has_the_bytes_of_one_on_disk(
    run: Run, files: dict[str, bytes], tmp_path: Path
) -> None:
    write_result(run, tmp_path / "out", language="nn")
    assert files_of(tmp_path / "out") == files
    assert dict(FolderFiles(tmp_path / "out")) == files


def test_a_result_in_memory_verifies_and_explains_like_its_folder(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    write_folder(files, tmp_path / "out", overwrite=False, sign="certificate.json")
    found = []
    for place in (files, tmp_path / "out", str(tmp_path / "out")):
        found.append(check_result(read_inputs(place), read_scenario(place), place).properties)
        assert all(one.holds is not False for one in found[-1])
    assert found[0] == found[1] == found[2]
    person = files["decisions.csv"].decode("utf-8-sig").splitlines()[1].split(",")[0]
    in_memory = letters(files, person, None, "nb")
    assert [one.text for one in in_memory] == [
        one.text for one in letters(tmp_path / "out", person, None, "nb")
    ]


def test_a_changed_file_in_memory_is_found(files: dict[str, bytes]) -> None:
    changed = {**files, "decisions.csv": files["decisions.csv"].replace(b",offered,", b",lapsed,")}
    found = check_result(read_inputs(changed), read_scenario(changed), changed).properties
    assert "P12" in {one.id for one in found if one.holds is False}


def test_a_round_from_files_is_that_of_the_folder() -> None:
    read = read_round(FolderFiles(ROUND), offerings=offering_ids())
    folder = read_round(ROUND, offerings=offering_ids())
    assert read.sha256 == folder.sha256
    assert read.notes == folder.notes
    assert read.applicants.equals(folder.applicants)
    assert read.applications.equals(folder.applications)


def test_a_packed_result_is_the_same_bytes_each_time_and_unpacks_to_itself(
    files: dict[str, bytes],
) -> None:
    backwards = {name: files[name] for name in reversed(files)}
    assert packed(files) == packed(backwards)
    assert unpacked(packed(files)) == files


def test_a_folder_that_cannot_be_finished_is_not_there(tmp_path: Path) -> None:
    def cannot() -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_folder(
            MadeFiles({"a.csv": b"a", "b.csv": cannot}), tmp_path / "out", overwrite=False,
            sign="a.csv",
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_one_by_one_none_made_before_the_last_is_on_disk(tmp_path: Path) -> None:
    def second() -> bytes:
        assert [path.read_bytes() for path in tmp_path.rglob("first.csv")] == [b"1"]
        return b"2"

    made = MadeFiles({"rankings/first.csv": b"1", "rankings/second.csv": second})
    write_folder(made, tmp_path / "out", overwrite=False, sign="rankings")
    assert files_of(tmp_path / "out") == {"rankings/first.csv": b"1", "rankings/second.csv": b"2"}


def test_of_a_comparison_only_what_is_asked_for_is_made(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise AssertionError("nobody asked for the workbook")

    monkeypatch.setattr("admissions.report.comparison.ComparisonReport.workbook", refuse)
    scenarios = [resolve(load_scenario(name)) for name in ("current-2019", "coordinated-2019")]
    files = comparison_files(compare(run.round, scenarios), language="en", public=True)
    assert b"coordinated-2019" in files[SIGN]
    assert "report.xlsx" in files


def test_files_below_a_folder_are_named_from_there() -> None:
    files = {"round/applicants.csv": b"a", "rounds.txt": b"b"}
    assert dict(below(files, "round")) == {"applicants.csv": b"a"}


def test_a_folder_has_no_file_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    files = FolderFiles(tmp_path)
    assert "inner" not in files
    with pytest.raises(KeyError):
        files["inner"]
    with pytest.raises(KeyError):
        files["nothing.csv"]
