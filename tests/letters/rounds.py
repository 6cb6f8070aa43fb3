"""A small round of two institutions, decided under both mechanisms, and its letters as files.

Minoritet and UiS have a seat each. a is best at both and wants UiS more; b wants UiS, then
Minoritet; c has no bachelor's degree; d wants Minoritet alone. Coordinated: a at UiS, b at
Minoritet. Independent: a is offered both, keeps UiS, and b is called to what a releases.
"""

from __future__ import annotations

from pathlib import Path

import admissions
from admissions.allocation.run import Solver
from tests.acceptance.command import write_round

PEOPLE = ("a", "b", "c", "d")
ROUND = {
    "round.toml": 'decided_on = 2019-06-03\nsignatory = "Åse Ødegård"\nrules_on = 2019-08-01\n',
    "offerings.csv": (
        "offering_id,institution,case,answer_deadline,appeal_body,contact,rules_url\n"
        "uis-juss,Universitetet i Stavanger,2019/100,2019-06-12,Klagenemnda ved UiS,"
        "opptak@uis.example,https://uis.example/regler\n"
        "vid-minoritet,VID vitenskapelige høgskole,V-77,2019-06-14,Klagenemnda ved VID,,\n"
    ),
    "services.csv": "service_id,name,municipality_no\ns,Sola,1124\nt,Time,1121\n",
    "applicants.csv": (
        "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal\n"
        "a,municipal,s,180,4.8,5\nb,municipal,t,180,4.0,5\n"
        "c,municipal,s,,,5\nd,municipal,t,180,3.0,5\n"
    ),
    "applications.csv": (
        "person_id,offering_id,preference\na,uis-juss,1\na,vid-minoritet,2\n"
        "b,uis-juss,1\nb,vid-minoritet,2\nc,uis-juss,1\nd,vid-minoritet,1\n"
    ),
}
CONTACTS = (
    "person_id;navn;adresse;postnr;poststed;målform\n"
    "a;Anne Aas;Aveien 1;4036;Stavanger;nb\nb;Bjørg Berge;Bvegen 2;5003;Bergen;nn\n"
    "c;Carl Coe;3 C Street;0155;Oslo;en\n"
)
SEATS = {"uis-juss": 1, "vid-minoritet": 1}


def result(folder: Path, mechanism: str = "coordinated", **changed: str) -> Path:
    """The round decided under ``mechanism``; ``changed``: other texts of its files, by stem."""
    tables = {name: changed.get(name.partition(".")[0], text) for name, text in ROUND.items()}
    scenario = {
        "id": "two", "extends": "current-2019", "mechanism": mechanism, "seed": 7, "seats": SEATS,
        "leader": "none",
    }  # fmt: skip
    place = write_round(folder / "round", tables)
    solver: Solver | None = "deferred-acceptance" if mechanism == "coordinated" else None
    admissions.allocate(place, scenario, solver=solver).write(folder / "result")
    return folder / "result"


def contacts(folder: Path) -> Path:
    path = folder / "contacts.csv"
    path.write_text(CONTACTS, encoding="utf-8")
    return path
