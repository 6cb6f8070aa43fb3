"""A small round of two offerings, decided once for all tests that only read its result."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.command import run, write_round

SMALL = {
    "round.toml": 'year = 2019\ninstitution = "Testhøgskolen"\nanswer_deadline = 2019-06-01\n',
    "applicants.csv": """
person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal,position
p01,municipal,T1,180,4.1,5,staff
p02,municipal,T1,180,3.9,6,staff
p03,municipal,T1,180,3.7,7,leader
p04,municipal,T2,180,4.9,1,staff
p05,municipal,T2,180,B,2,staff
p06,state,,180,4.7,3,staff
p07,private,T3,180,,9,staff
p08,municipal,T3,180,passed,3,staff
p09,municipal,T3,120,4.4,3,staff
p10,municipal,T4,180,3.7,7,staff
p11,none,,180,4.4,3,staff
""",
    "applications.csv": """
person_id,offering_id,preference
p01,uis-juss,1
p01,vid-minoritet,2
p02,uis-juss,1
p02,vid-minoritet,2
p03,vid-minoritet,1
p03,uis-juss,2
p04,uis-juss,2
p04,vid-minoritet,1
p05,uis-juss,1
p06,vid-minoritet,1
p07,uis-juss,1
p08,vid-minoritet,3
p08,uis-juss,5
p09,uis-juss,1
p10,uis-juss,1
p11,vid-minoritet,1
""",
    "services.csv": """
service_id,name,municipality_no,centrality,employees
T1,Tjeneste 1,0301,1,40
T2,Tjeneste 2,1103,2,12.5
T3,Tjeneste 3,1108,3,8
T4,Tjeneste 4,4601,1,30
""",
}
SCENARIO = """id = "small"
extends = "current-2019"
mechanism = "coordinated"
seed = 7

[seats]
uis-juss = 2
vid-minoritet = 2
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``round/``, ``small.toml`` and the result in ``out/``, to be read only."""
    folder = tmp_path_factory.mktemp("small")
    write_round(folder / "round", SMALL)
    (folder / "small.toml").write_text(SCENARIO, encoding="utf-8")
    ran = run(
        "allocate", folder / "round", "--scenario", folder / "small.toml",
        "--out", folder / "out", "--language", "en",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    return folder
