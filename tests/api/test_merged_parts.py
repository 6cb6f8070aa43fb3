"""Offices' parts as one round: what each states for its own offerings stays its own."""

from __future__ import annotations

from admissions.intake import read_round
from admissions.model.round import RoundSettings
from admissions_api.parts import merged_tables, packed_part, texts_of

OFFERINGS = ("uis-juss", "vid-minoritet")
PEOPLE = b"person_id,sector,bachelor_grade\nA,private,3\n"


def test_a_fact_that_one_office_assessed_is_its_own_in_the_merged_round() -> None:
    uis = read_round(
        {
            "applicants.csv": PEOPLE,
            "applications.csv": b"person_id,offering_id,preference,karakter\nA,uis-juss,1,4.449\n",
        },
        offerings=OFFERINGS,
    )
    vid = read_round(
        {
            "applicants.csv": PEOPLE,
            "applications.csv": b"person_id,offering_id,preference\nA,vid-minoritet,2\n",
            "offerings.csv": b"offering_id,seats\nvid-minoritet,4\n",
        },
        offerings=OFFERINGS,
    )
    tables = merged_tables({"uis": packed_part(uis), "vid": packed_part(vid)})
    texts = texts_of(tables, RoundSettings())
    whole = read_round({name: text.encode() for name, text in texts.items()}, offerings=OFFERINGS)
    assert whole.applications["bachelor_grade"].tolist() == [444, 300]
    assert whole.applications["bachelor_grade_rest"].tolist() == [9 * 10**12, 0]
    assert whole.own["vid-minoritet"].seats == 4
