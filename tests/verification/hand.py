"""A small round worked out by hand, and the result folder that must follow from it.

Nine people, two offerings with two offers each. ``north`` ranks municipal employees first, then by
grade; ``south`` municipal first, then by years of experience; then the lottery, seed 3 (p1 is
drawn before p9).

- north: p3 5.00, p2 4.50, p1 4.00 before p9 4.00 by lot, p5 3.50, then p6 of the state 4.90;
- south: p4 9 years, p1 6, p3 4, p2 3, p5 1, then p6 10;
- p7 has 120 ECTS, p8 does not document them.

Everyone names the two in the order of ``WISHES``. Stable and best for all: p1 and p3 at north, p2
and p4 at south. Also stable, and worse for p1 and p2: they change places.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from admissions.model.round import Round, RoundSettings
from admissions.model.version import __version__
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.rulebook import Rulebook, Version
from admissions.rulebooks.scenario import ResolvedScenario, Scenario
from admissions.verification import Property, Published, property_table, read_published, verify
from tests.verification.hand_results import COORDINATED, NORTH, SOUTH

SEED = 3
INPUTS = {"applicants.csv": "a1" * 32, "applications.csv": "b2" * 32}

PEOPLE = {  # sector, service, ECTS, grade, years, region
    "p1": ("municipal", "s1", 18000, 400, 600, "oslo"),
    "p2": ("municipal", "s1", 18000, 450, 300, "oslo"),
    "p3": ("municipal", "s2", 18000, 500, 400, "oslo"),
    "p4": ("municipal", "s2", 18000, 300, 900, "bergen"),
    "p5": ("municipal", "s1", 18000, 350, 100, "tromso"),
    "p6": ("state", "", 18000, 490, 1000, "oslo"),
    "p7": ("municipal", "s2", 12000, 500, 0, "oslo"),
    "p8": ("municipal", "s3", -1, 400, 0, "oslo"),
    "p9": ("municipal", "s3", 18000, 400, 0, "oslo"),
}
WISHES = {
    "p1": ("north", "south"),
    "p2": ("south", "north"),
    "p3": ("north", "south"),
    "p4": ("south",),
    "p5": ("north", "south"),
    "p6": ("south", "north"),
    "p7": ("north",),
    "p8": ("south",),
    "p9": ("north",),
}


def lottery_cells() -> dict[str, int]:
    """Minus the place in the draw, by the numbers as whole numbers."""
    number = {
        person: int(hashlib.sha256(f"{SEED}:{person}".encode()).hexdigest()[:16], 16)
        for person in PEOPLE
    }
    return {person: -1 - place for place, person in enumerate(sorted(PEOPLE, key=number.get))}  # type: ignore[arg-type]


def weight(*held: tuple[str, str]) -> int:
    """The tie objective of (offering, person) pairs."""
    return sum(int(hashlib.sha256(f"{SEED}:{o}:{p}".encode()).hexdigest()[:8], 16) for o, p in held)


def _title(text: str) -> dict[str, str]:
    return {"nb": text, "nn": text, "en": text}


def _rule(name: str, kind: str, **parameters: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, "title": _title(name), "source": "by hand", **parameters}


def version(offering: str, *, limits: Sequence[dict[str, Any]] = ()) -> Version:
    """The rules of ``north`` or ``south``."""
    criterion = (
        _rule(
            "grade",
            "grade-points",
            factor=1,
            decimals=2,
            passed="3",
            not_documented="no-points",
        )
        if offering == "north"
        else _rule("years", "experience-years", sectors=["municipal", "state", "private"])
    )
    tiers = _rule("sector", "sector-tiers", tiers=[["municipal"], ["state", "private"]])
    return Version.model_validate(
        {
            "id": f"{offering}-1",
            "valid_from": dt.date(2018, 8, 1),
            "source": "by hand",
            "requirements": [_rule("bachelor", "bachelor-degree", minimum_ects="180")],
            "criteria": [tiers, criterion],
            "ties": [_rule("lottery", "lottery")],
            "limits": list(limits),
        }
    )


def resolved(
    *,
    seats: int = 2,
    limits: Sequence[dict[str, Any]] = (),
    south: Sequence[dict[str, Any]] = (),
    **settings: Any,
) -> ResolvedScenario:
    """The scenario; ``limits`` are north's, ``south`` the other's."""
    versions = {
        "north": version("north", limits=limits),
        "south": version("south", limits=south),
    }
    scenario = Scenario.model_validate(
        {
            "id": "by-hand",
            "mechanism": "coordinated",
            "seed": SEED,
            "seats": dict.fromkeys(versions, seats),
            **settings,
        }
    )
    rulebooks = {
        offering: Rulebook.model_validate(
            {
                "offering": offering,
                "programme": _title(offering),
                "site": "Nowhere",
                "versions": [one],
            }
        )
        for offering, one in versions.items()
    }
    return ResolvedScenario(scenario, dt.date(2019, 8, 1), rulebooks, versions)


def limit(kind: str, name: str, seats: Any) -> dict[str, Any]:
    """A limit at an offering."""
    return {"kind": kind, "id": name, "title": _title(name), "source": "by hand", "seats": seats}


def quota(name: str, seats: int) -> dict[str, Any]:
    """A common quota over both offerings."""
    return {"id": name, "title": _title(name), "offerings": ["north", "south"], "seats": seats}


TROMSO_AT_NORTH = limit("region-minimum", "regions", {"tromso": 1})


def round_by_hand(
    leader: Sequence[tuple[str, str]] = (),
    *,
    apart: str = "",
    max_students: Mapping[str, int] | None = None,
    groups: Sequence[tuple[str, str, int]] = (),
) -> Round:
    """The round; ``leader`` are (service, person) in the order that leaders state.

    For the offering ``apart``, or for any. ``groups`` are (service, offering, at least).
    """
    applicants = _applicants()
    applications = pd.DataFrame(
        [
            (person, offering, number, n)
            for n, person in enumerate(PEOPLE)
            for number, offering in enumerate(WISHES[person], start=1)
        ],
        columns=["person_id", "offering_id", "preference", "person"],
    )
    applications["employer_recommended"] = False
    applications["recommendation_date"] = -1
    services = pd.DataFrame(
        {
            "service_id": ["s1", "s2", "s3"],
            "name": "-",
            "municipality_no": ["0301", "4601", "5401"],
            "centrality": 1,
            "employees": 1000,
            "region": -1,
            "need": 0,
            "max_students": -1,
        }
    )
    for service, most in (max_students or {}).items():
        services.loc[services["service_id"] == service, "max_students"] = most
    stated = pd.DataFrame(
        [(service, apart, person, n) for n, (service, person) in enumerate(leader, start=1)],
        columns=["service_id", "offering_id", "person_id", "rank"],
    ).astype({"rank": "int64"})
    return Round(
        settings=RoundSettings(),
        offerings=("north", "south"),
        applicants=applicants,
        given=pd.DataFrame(True, index=applicants.index, columns=applicants.columns),
        applications=applications,
        services=services,
        municipalities=pd.DataFrame({"municipality_no": [], "centrality": []}).astype(
            {"municipality_no": "object", "centrality": "int64"}
        ),
        leader_preferences=stated,
        leader_groups=pd.DataFrame(groups, columns=["service_id", "offering_id", "at_least"]),
        sha256=INPUTS,
    )


def _applicants() -> pd.DataFrame:
    rows = PEOPLE.values()
    codes = {name: [VOCABULARIES[name].index(row[at]) for row in rows]
             for name, at in (("sector", 0), ("region", 5))}  # fmt: skip
    columns: dict[str, Any] = {
        "person_id": list(PEOPLE),
        "service_id": [row[1] for row in rows],
        "municipality_no": "",
        "bachelor_ects": [row[2] for row in rows],
        "bachelor_grade": [row[3] for row in rows],
        "experience_municipal": [row[4] for row in rows],
    }
    columns |= dict.fromkeys(
        ("experience_state", "experience_private", "education_ects", "relevant_education_ects",
         "further_education_count", "competence_courses"), 0,
    )  # fmt: skip
    columns |= {"post_percent": 10000, "birth_date": -1}
    frame = pd.DataFrame(columns)
    for name in ("experience_documented", "workplace_agreement"):
        frame[name] = True
    for name in ("personnel_responsibility", "leader_tasks", "supervisor_responsibility"):
        frame[name] = False
    frame["bachelor_passed"] = False
    for name, values in codes.items():
        frame[name] = pd.array(values, dtype="int8")
    for name, code in (("position", 0), ("master", 0), ("gender", -1)):
        frame[name] = pd.array([code] * len(frame), dtype="int8")
    return frame


def counts(**by_sector: int) -> dict[str, int]:
    found = {"municipal": 0, "state": 0, "private": 0, **by_sector}
    return {**found, "total": sum(found.values())}


def summary(
    *,
    mechanism: str = "coordinated",
    seats: int = 2,
    offered: Sequence[int] = (2, 2),
    waiting: Sequence[tuple[int, int]] = ((2, 1), (1, 1)),
    last: str = "4.00",
) -> dict[str, Any]:
    """``summary.json``: north then south; ``waiting`` are municipal and state."""
    points = {"municipal": last, "state": None, "private": None, "total": last}
    return {
        "scenario": "by-hand",
        "rules_on": "2019-08-01",
        "mechanism": mechanism,
        "offerings": {
            offering: {
                "seats": seats,
                "offers": seats,
                "qualified": counts(municipal=5, state=1),
                "offered": counts(municipal=offered[n]),
                "waiting": counts(municipal=waiting[n][0], state=waiting[n][1]),
                "last_admitted_points": points if offering == "north" else dict.fromkeys(points),
            }
            for n, offering in enumerate(("north", "south"))
        },
    }


def certificate(
    *held: tuple[str, str],
    preferences: int,
    mechanism: str = "coordinated",
    leader: str = "none",
    counted: Mapping[str, int] | None = None,
    alone: str | None = None,
) -> dict[str, Any]:
    """``certificate.json`` without findings; ``held`` are (offering, person).

    ``counted``: the objectives that only some rounds have; ``alone``: why CP-SAT proved the plan by
    itself.
    """
    drawn = sum(-lottery_cells()[person] for _, person in held)
    every = {
        "blocking-pairs": ("min", 0),
        "set-aside": ("min", None),
        "offers-used": ("max", len(held)),
        "municipal-first": ("max", None),
        "service-order": ("min", None),
        "preferences": ("min", preferences),
        "draw": ("min", drawn),
        "tie": ("max", weight(*held)),
    }
    some = counted or {}
    values = {
        name: (sense, some.get(name, value))
        for name, (sense, value) in every.items()
        if value is not None or name in some
    }
    objectives = [
        {"name": name, "sense": sense, "value": value} for name, (sense, value) in values.items()
    ]
    solvers: list[dict[str, Any]] = [
        {
            "solver": "cp-sat",
            "status": "OPTIMAL",
            "objectives": objectives,
            "unique": True,
            "agrees": True,
        },
        {
            "solver": "deferred-acceptance",
            "status": "EXACT",
            "objectives": [],
            "unique": None,
            "agrees": True,
        },
    ]
    if alone is not None:
        solvers = [{**solvers[0], "agrees": None, "alone": alone}]
    return {
        "program": {"name": "admissions", "version": __version__},
        "digest": hashlib.sha256(b"").hexdigest(),  # of no files: see ``published``
        "scenario": "by-hand",
        "mechanism": mechanism,
        "leader": leader,
        "ties": "lottery",
        "lottery": "single",
        "seed": SEED,
        "rules_on": "2019-08-01",
        "language": "en",
        "rulebooks": {"north": "north-1", "south": "south-1"},
        "taken_as_published": {},
        "inputs": dict(INPUTS),
        "files": {},
        "solvers": solvers if mechanism == "coordinated" else [],
        "properties": {},
    }


BEST = (("north", "p1"), ("south", "p2"), ("north", "p3"), ("south", "p4"))


def files(
    decisions: str = COORDINATED,
    *,
    stated: Mapping[str, Any] | None = None,
    counted: Mapping[str, Any] | None = None,
    rankings: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The texts of a result folder, by name."""
    cells = lottery_cells()
    tables = rankings or {"north": NORTH.format(**cells), "south": SOUTH.format(**cells)}
    return {
        "decisions.csv": decisions,
        "summary.json": json.dumps(counted or summary()),
        "certificate.json": json.dumps(stated or certificate(*BEST, preferences=4)),
        **{f"rankings/{name}.csv": text for name, text in tables.items()},
    }


def write(texts: Mapping[str, str], folder: Path) -> Path:
    """The result folder at ``folder``."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8-sig" if name.endswith(".csv") else "utf-8"))
    return folder


def published(folder: Path, texts: Mapping[str, str]) -> Published:
    """What is read from a folder with ``texts``, with no list of files to hold it against."""
    return replace(read_published(write(texts, folder)), files={})


def failing(found: Sequence[Property]) -> set[str]:
    """The promised properties that do not hold."""
    return {one.id for one in found if one.holds is False}


def with_findings(round_: Round, scenario: ResolvedScenario, result: Published) -> Published:
    """``result`` with the certificate's findings as the producing run writes them."""
    found = verify(round_, scenario, result, inputs_sha256=INPUTS, draft=True)
    stated = {one.id: property_table(one) for one in found}
    return replace(result, certificate={**result.certificate, "properties": stated})
