"""A scenario's own order of objectives, from the file to the certificate and its verification."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.command import run, write_round

ROUND = {
    "round.toml": "year = 2019\n",
    "applicants.csv": """
person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal
a,municipal,T1,180,4.9,5
b,municipal,T1,180,4.8,5
c,municipal,T2,180,4.7,5
d,municipal,T3,180,3.1,5
e,municipal,T2,180,4.6,5
""",
    "applications.csv": """
person_id,offering_id,preference
a,vid-minoritet,1
b,vid-minoritet,1
c,vid-minoritet,1
d,vid-minoritet,1
e,vid-minoritet,1
""",
    "services.csv": """
service_id,name,municipality_no,centrality,employees,need
T1,Tjeneste 1,0301,1,30,0.5
T2,Tjeneste 2,1103,2,9,1.5
T3,Tjeneste 3,1108,3,5,1
""",
    "leader_preferences.csv": """
service_id,offering_id,person_id,rank
T1,,b,1
T1,,a,2
T2,vid-minoritet,e,1
""",
}
"""One offering, two seats, ranked a b c e d by grade.

Quotients by employees: T1 30, 10; T2 9, 3; T3 5. In order 3, 5, 9, 10, 30: worth 1, 2, 3, 4, 5.
"""

EXPECTED: dict[tuple[str, ...], tuple[str, list[int]]] = {
    # order: (who gets the seats, the values by hand)
    ("blocking-pairs", "offers-used", "spread-breadth", "tie"): ("a b", [0, 2, 1]),
    # two municipalities: c, and a or b by lot; the other one is passed over
    ("offers-used", "spread-breadth", "blocking-pairs", "tie"): ("a c, b c", [2, 2, 1]),
    # 30 and 10 are the greatest quotients
    ("offers-used", "spread-proportional", "blocking-pairs", "tie"): ("a b", [2, 9, 0]),
    # both from the service with need 1.5: 300 hundredths; a and b are passed over
    ("offers-used", "spread-need", "blocking-pairs", "tie"): ("c e", [2, 300, 2]),
    # the first choices of both leaders: a and c are passed over
    ("offers-used", "leaders-wishes", "blocking-pairs", "tie"): ("b e", [2, 2, 2]),
}


@pytest.mark.parametrize("order", EXPECTED, ids=" ".join)
def test_the_plan_and_its_values_are_those_worked_out_by_hand(
    order: tuple[str, ...], tmp_path: Path
) -> None:
    write_round(tmp_path / "round", ROUND)
    listed = ", ".join(f'"{name}"' for name in order)
    (tmp_path / "own.toml").write_text(
        f'id = "own"\nextends = "coordinated-2019"\nobjectives = [{listed}]\n'
        "[seats]\nvid-minoritet = 2\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    ran = run("allocate", tmp_path / "round", "--scenario", tmp_path / "own.toml", "--out", out)
    assert ran.code == 0, ran.said
    lines = (out / "decisions.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    offered = " ".join(line.split(",")[0] for line in lines if ",offered," in line)
    certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    objectives = certificate["solvers"][0]["objectives"]
    who, values = EXPECTED[order]
    assert offered in who.split(", ")
    assert [one["name"] for one in objectives] == [*order]
    assert [one["value"] for one in objectives[:-1]] == values
    promised = True if order[0] == "blocking-pairs" else None
    assert certificate["properties"]["P5"]["holds"] is promised
    assert certificate["properties"]["P9"]["holds"] is True
    passed_over = [line for line in lines if ",objective-first," in line]
    assert len(passed_over) == (0 if promised else values[order.index("blocking-pairs")])

    objectives[1]["value"] += 1
    (out / "certificate.json").write_text(json.dumps(certificate), encoding="utf-8")
    checked = run("verify", out, "--round", tmp_path / "round")
    assert checked.code == 1
    assert "P9" in checked.said
