"""What can happen where a column reads who else applies, as the documents say, tried in rounds.

In each round one person has the seat that they want more, and holds it either way. Whether they
also apply where the column is decides which of two others has the seat there.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import admissions
from admissions.verification.plain.shared import BY_LEADER, COUNTED

DOCUMENT = Path(__file__).parents[2] / "docs" / "allocation.md"
ELSEWHERE = "vid-relasjon"
SERVICES = "service_id,municipality_no,employees,centrality\nS1,1101,9,5\nS2,1102,4,1\n"
ABOUT = (
    "person_id,sector,bachelor_ects,experience_municipal,supervisor_responsibility,service_id,"
    "bachelor_grade,gender"
)
LEADER = "service_id,offering_id,person_id,rank\nS1,,anna,1\nS1,,berit,2\n"
SHARE = {
    "offerings": ["vid-minoritet"],
    "place": "before-points",
    "add": {
        "id": "share", "kind": "minimum-share", "title": dict.fromkeys(("nb", "nn", "en"), "x"),
        "source": "by hand", "centralities": [5], "percent": 50, "not_documented": "not-member",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """``people``: id, service, grade, gender; the first wants ``ELSEWHERE`` more."""

    people: tuple[str, ...]
    applying: str
    withdrawn: str
    at: str = "vid-minoritet"
    seats: int = 1
    extends: str = "coordinated-2019"
    seed: int = 7
    changes: tuple[object, ...] = ()
    leader: str = ""
    rules_on: str = "2019-08-01"

    def held(self, *, withdraws: bool) -> set[str]:
        """Who has the seats, where the first applies there too or ``withdraws``."""
        ids = [line.split(",")[0] for line in self.people]
        wishes = [f"{ids[0]},{ELSEWHERE},1", *(f"{name},{self.at},2" for name in ids)]
        if withdraws:
            wishes.remove(f"{ids[0]},{self.at},2")
        people = [self._row(line) for line in self.people]
        files = {
            "services.csv": SERVICES,
            "applicants.csv": "\n".join([ABOUT, *people]) + "\n",
            "applications.csv": "\n".join(["person_id,offering_id,preference", *wishes]) + "\n",
        }
        if self.leader:
            files["leader_preferences.csv"] = self.leader
        scenario = {
            "id": "example",
            "extends": self.extends,
            "seed": self.seed,
            "rules_on": dt.date.fromisoformat(self.rules_on),
            "mechanism": "coordinated",
            "seats": {self.at: self.seats, ELSEWHERE: 1},
            "changes": list(self.changes),
        }
        plan = admissions.allocate({n: t.encode() for n, t in files.items()}, scenario)
        found = plan.held
        assert ids[0] in set(found.loc[found["offering_id"] == ELSEWHERE, "person_id"])
        return set(found.loc[found["offering_id"] == self.at, "person_id"])

    def _row(self, line: str) -> str:
        name, *rest = line.split(",")
        return ",".join([name, "municipal", "180", "10", "yes", *rest])


EXAMPLES = {
    # anna 5.0, kari 4.5, carl 4.0 of S1; with anna carl is its third, and zara 3.5 comes before
    "service-limit": Example(
        ("anna,S1,5,", "kari,S1,4.5,", "carl,S1,4,", "zara,S2,3.5,"),
        "kari zara", "kari carl", at="uis-juss", seats=2,
    ),
    # eva and bo are the first of their municipalities, dina and carl the second
    "spread-breadth": Example(
        ("bo,S1,4.5,", "eva,S2,5,", "dina,S2,4,", "carl,S1,3,"),
        "eva dina", "eva carl", seats=2, extends="spread-breadth",
    ),
    # half from class 5: anna is called first, then carl; without her berit is called before carl
    "minimum-share": Example(
        ("anna,S1,4.5,", "berit,S1,3,", "carl,S2,5,"), "carl", "berit", changes=(SHARE,)
    ),
    # quotients of S1: 9 and 9/3; of S2: 4
    "leader-proportional": Example(
        ("anna,S1,5,", "berit,S1,4,", "carl,S2,4.5,"),
        "carl", "berit", extends="leader-employer-first",
    ),
    # berit 2.4 + 2 as the second named is less than carl’s 4.5, + 3 as the first is more
    "leader-points": Example(
        ("anna,S1,5,", "berit,S1,2.4,", "carl,S2,4.5,"),
        "carl", "berit", extends="leader-points", leader=LEADER,
    ),
    # one woman and two men: she comes first; one of each: the draw, and SHA-256 of 1:m begins
    # with less than that of 1:w
    "under-represented-gender": Example(
        ("n,S1,4,male", "w,S1,4,female", "m,S1,4,male"),
        "w", "m", at="uit-veiledning", seed=1, rules_on="2025-08-01",
        changes=({"offerings": ["uit-veiledning"], "limits": []},),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_withdrawal_decides_between_two_others(kind: str) -> None:
    example = EXAMPLES[kind]
    assert example.held(withdraws=False) == set(example.applying.split())
    assert example.held(withdraws=True) == set(example.withdrawn.split())


def test_every_kind_that_reads_who_else_applies_is_in_the_table_of_what_can_happen() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text.split("| rule | what can happen | what to tell |")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    told = set(re.findall("[a-z]+(?:-[a-z]+)+", " ".join(rows)))
    leaders = {"leader-points", "leader-order", "leader-first-choice"}
    assert {*COUNTED, *BY_LEADER, *leaders, *EXAMPLES} <= told
