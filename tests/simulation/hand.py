"""A round small enough to decide by hand.

Five municipal employees by grade, A (5.0) to E (3.0), at two offerings where the grade decides.

- A wants relasjon, then minoritet; B and D minoritet; C minoritet, then relasjon; E relasjon;
- minoritet has two seats, relasjon one; both call twice, and send as many offers as seats;
- B declines whatever is offered, C accepts and stays away, D completes, A and E drop out.
"""

from __future__ import annotations

import numpy as np

from admissions.intake import read_round
from admissions.model.resources import offering_ids
from admissions.ranking.rounds import one_round
from admissions.ranking.tables import rank_rounds
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.people import people_of
from admissions.simulation.process import case_of, outcome_of
from admissions.simulation.yields import Willing, shipped_yields
from tests.acceptance.command import write_round

YES, NO = 0, 2**30 - 1
TABLES = {
    "applicants.csv": """
person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal,further_education_count
A,municipal,s1,180,5.0,3,1
B,municipal,s1,180,4.5,7,0
C,municipal,s2,180,4.0,12,0
D,municipal,s2,180,3.5,5.9,2
E,municipal,s3,180,3.0,1,0
""",
    "applications.csv": """
person_id,offering_id,preference
A,vid-relasjon,1
A,vid-minoritet,2
B,vid-minoritet,1
C,vid-minoritet,1
C,vid-relasjon,2
D,vid-minoritet,1
E,vid-relasjon,1
""",
    "services.csv": """
service_id,name,municipality_no,centrality,employees
s1,One,0001,2,12
s2,Two,0002,6,4
s3,Three,0003,6,4
""",
    "leader_preferences.csv": """
service_id,offering_id,person_id,rank
s1,,B,1
s1,,A,2
s2,vid-minoritet,D,1
""",
}
SCENARIO = """
id = "hand"
extends = "current-2019"
{more}
[seats]
vid-minoritet = 2
vid-relasjon = 1
[offers]
vid-minoritet = 2
vid-relasjon = 1
"""


def will(**answers):
    """Who declines, does not meet, completes and is granted, by letter; the others do not."""
    return Willing(
        **{
            question: np.array([YES if p in answers.get(question, "") else NO for p in "ABCDE"])
            for question in ("declines", "no_show", "completes", "granted")
        }
    )


WILL = will(declines="B", no_show="C", completes="D", granted="AD")


class Hand:
    """The round decided under current-2019; ``more`` lines before its seats, others ``after``."""

    def __init__(self, folder, more="", willing=WILL, tables=None, after=""):
        folder.mkdir(exist_ok=True)
        path = folder / "hand.toml"
        path.write_text(SCENARIO.format(more=more) + after, encoding="utf-8")
        self.scenario = resolve(load_scenario(str(path)))
        self.round = read_round(
            write_round(folder / "round", {**TABLES, **(tables or {})}), offerings=offering_ids()
        )
        self.rounds = one_round(self.round).drawn_by([self.scenario.scenario.seed])
        self.people = people_of(self.rounds)
        self.case = case_of("hand", self.scenario, shipped_yields(), self.round.offerings)
        rankings = rank_rounds(self.rounds, self.scenario)
        self.outcome = outcome_of(self.case, self.rounds, rankings, willing)

    def who(self, flags, offering=None):
        """The letters of those whose applications (at ``offering``) have the flag."""
        problem = self.outcome.problem
        chosen = flags.copy()
        if offering is not None:
            chosen &= problem.offering == problem.offerings.index(offering)
        return "".join("ABCDE"[n] for n in sorted(problem.person[chosen]))
