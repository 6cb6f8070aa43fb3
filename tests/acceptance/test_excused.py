"""What holds beside exceptions that named limits excuse says so, wherever it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.command import run, write_round

# p 5.0, z 4.5, q 4.0; p's leader wants two or none: p outranks z (P5), p and q wait beside an
# unused seat (P6), and the wish excuses both.
ROUND = {
    "services.csv": "service_id,municipality_no,employees\nS1,1101,5\nS2,1102,5\n",
    "applicants.csv": "person_id,sector,service_id,bachelor_ects,bachelor_grade\n"
    "p,municipal,S1,180,5\nq,municipal,S1,180,4\nz,municipal,S2,180,4.5\n",
    "applications.csv": "person_id,offering_id,preference\n"
    "p,vid-minoritet,1\nq,vid-minoritet,1\nz,vid-minoritet,1\n",
    "leader_groups.csv": "service_id,offering_id,at_least\nS1,vid-minoritet,2\n",
}
SCENARIO = 'id = "two"\nextends = "coordinated-2019"\nseed = 7\n[seats]\nvid-minoritet = 2\n'


@pytest.mark.parametrize(
    ("language", "line", "fifth", "sixth"),
    [
        ("nb", "P5 (1 unntatt) P6 (2 unntatt)", "Holder, 1 unntatt", "Holder, 2 unntatt"),
        ("nn", "P5 (1 unnateke) P6 (2 unnateke)", "Held, 1 unnateke", "Held, 2 unnateke"),
        ("en", "P5 (1 excused) P6 (2 excused)", "Holds, 1 excused", "Holds, 2 excused"),
    ],
)
def test_excuses_stand_beside_what_holds(
    language: str, line: str, fifth: str, sixth: str, tmp_path: Path
) -> None:
    round_ = write_round(tmp_path / "round", ROUND)
    (tmp_path / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    out = tmp_path / "out"
    ran = run(
        "allocate", round_, "--scenario", tmp_path / "scenario.toml", "--out", out,
        "--language", language,
    )  # fmt: skip
    assert ran.code == 0
    assert line in " ".join(ran.out.split())
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"{fifth}</td>" in page
    assert f"{sixth}</td>" in page
