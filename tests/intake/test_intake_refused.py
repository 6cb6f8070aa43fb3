"""Every bad input is refused with its place, its value and what was expected; nothing else is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from admissions.intake import read_round
from admissions.model.errors import InputError

OFFERINGS = ("uis-juss", "vid-relasjon", "uit-veiledning")
SOUND = {
    "applicants.csv": "person_id,sector,service_id\n"
    "p1,municipal,s1\np2,municipal,s1\np3,municipal,s2\np4,none,\n",
    "applications.csv": "person_id,offering_id,preference\n"
    "p1,uis-juss,1\np2,uis-juss,1\np3,uis-juss,1\np4,uis-juss,1\n",
    "services.csv": "service_id,max_students\ns1,3\ns2,\n",
}
CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "refused.toml").read_text(encoding="utf-8")
)["case"]


def write(folder: Path, files: dict[str, str | bool]) -> Path:
    for name, text in {**SOUND, **files}.items():
        if isinstance(text, str):
            (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def test_the_round_that_the_cases_change_is_sound(tmp_path: Path) -> None:
    assert len(read_round(write(tmp_path, {}), offerings=OFFERINGS).applicants) == 4


def test_many_rows_are_no_columns_whatever_ends_a_line(tmp_path: Path) -> None:
    rows = "".join(f"q{number},none,\r" for number in range(2000))
    files: dict[str, str | bool] = {
        "applicants.csv": SOUND["applicants.csv"].replace("\n", "\r") + rows
    }
    assert len(read_round(write(tmp_path, files), offerings=OFFERINGS).applicants) == 4


def test_a_header_without_end_and_settings_without_bottom_are_refused(tmp_path: Path) -> None:
    wide = "person_id,sector," + ",".join(f"c{number}" for number in range(999)) + "\np1,none\n"
    files: dict[str, str | bool] = {"applicants.csv": wide, "round.toml": "case = " + "[" * 50_000}
    with pytest.raises(InputError) as caught:
        read_round(write(tmp_path, files), offerings=OFFERINGS)
    told = {(p.file, p.row): p.expected for p in caught.value.problems}
    assert "at most 1000 columns, found 1001" in told.pop(("applicants.csv", 1))
    assert "lists in lists" in told.pop(("round.toml", None))
    assert not told, "one error each, and none that follows from it"


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_refused(case: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_round(write(tmp_path, case["files"]), offerings=OFFERINGS)
    problems = caught.value.problems
    wanted = sorted(case["problems"])
    assert [[p.file, p.row or 0, p.column, p.value] for p in problems] == [w[:4] for w in wanted]
    for problem, (*_, words) in zip(problems, wanted, strict=True):
        assert words in problem.expected
        assert str(problem).startswith(problem.file)
