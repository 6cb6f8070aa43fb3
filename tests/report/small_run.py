"""A run of eight people and three offerings, decided by hand; the counts below are by hand too.

uis-juss: 2 seats · uit-veiledning: 1 seat, 2 offers, counts no points · vid-minoritet: 3 seats.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from admissions.allocation.problem import Objective, Plan, Problem, SolverReport, offering_limits
from admissions.allocation.run import Run
from admissions.model.facts import Facts
from admissions.model.resources import shipped
from admissions.model.round import Round, RoundSettings
from admissions.model.vocabulary import VOCABULARIES, Language
from admissions.ranking.tables import RankingTable
from admissions.report import report_html
from admissions.report.summary import summarise
from admissions.rulebooks.scenario import ResolvedScenario, Scenario, resolve

OFFERINGS = ("uis-juss", "uit-veiledning", "vid-minoritet")
SECTOR = {
    "K7001": "municipal", "K7002": "municipal", "K7003": "private", "K7004": "state",
    "K7005": "none", "K7006": "municipal", "K7007": "municipal", "K7008": "municipal",
}  # fmt: skip
SEED_WHY = {
    "nb": "Et tall fastsatt på forhånd.",
    "nn": "Eit tal fastsett på førehand.",
    "en": "Any number fixed beforehand.",
}
DECISIONS = [
    ("K7001", "uis-juss", 1, True, "4.10", 1, "offered", 0, "seat-offered"),
    ("K7001", "vid-minoritet", 2, True, "4.10", 1, "lapsed", 0, "higher-wish-met"),
    ("K7002", "uis-juss", 1, True, "3.90", 2, "offered", 0, "seat-offered"),
    ("K7003", "uis-juss", 1, True, "4.80", 5, "waiting", 3, "seats-filled"),
    ("K7003", "vid-minoritet", 2, True, "4.80", 3, "offered", 0, "seat-offered"),
    ("K7004", "vid-minoritet", 1, True, "2.00", 4, "offered", 0, "seat-offered"),
    ("K7004", "uit-veiledning", 2, True, "", 2, "lapsed", 0, "higher-wish-met"),
    ("K7005", "uit-veiledning", 1, False, "", 0, "not-qualified", 0, "requirement-not-met"),
    ("K7006", "uis-juss", 1, True, "3.90", 3, "waiting", 1, "tie-lost"),
    ("K7006", "vid-minoritet", 5, True, "3.50", 2, "offered", 0, "seat-offered"),
    ("K7007", "uit-veiledning", 1, True, "", 1, "offered", 0, "seat-offered"),
    ("K7008", "uis-juss", 1, True, "3.10", 4, "waiting", 2, "seats-filled"),
]
COLUMNS = [
    "person_id", "offering_id", "preference", "qualified", "points", "rank", "outcome",
    "waiting_number", "reason",
]  # fmt: skip
SUMMARY = {
    "scenario": "small",
    "rules_on": "2019-08-01",
    "mechanism": "coordinated",
    "offerings": {
        "uis-juss": {
            "seats": 2,
            "offers": 2,
            "qualified": {"municipal": 4, "state": 0, "private": 1, "none": 0, "total": 5},
            "offered": {"municipal": 2, "state": 0, "private": 0, "none": 0, "total": 2},
            "waiting": {"municipal": 2, "state": 0, "private": 1, "none": 0, "total": 3},
            "last_admitted_points": {
                "municipal": "3.90", "state": None, "private": None, "none": None, "total": "3.90",
            },
        },
        "uit-veiledning": {
            "seats": 1,
            "offers": 2,
            "qualified": {"municipal": 1, "state": 1, "private": 0, "none": 0, "total": 2},
            "offered": {"municipal": 1, "state": 0, "private": 0, "none": 0, "total": 1},
            "waiting": {"municipal": 0, "state": 0, "private": 0, "none": 0, "total": 0},
            "last_admitted_points": {
                "municipal": None, "state": None, "private": None, "none": None, "total": None,
            },
        },
        "vid-minoritet": {
            "seats": 3,
            "offers": 3,
            "qualified": {"municipal": 2, "state": 1, "private": 1, "none": 0, "total": 4},
            "offered": {"municipal": 1, "state": 1, "private": 1, "none": 0, "total": 3},
            "waiting": {"municipal": 0, "state": 0, "private": 0, "none": 0, "total": 0},
            "last_admitted_points": {
                "municipal": "3.50", "state": "2.00", "private": "4.80", "none": None,
                "total": "2.00",
            },
        },
    },
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A property as the verifier hands it over; its exceptions name persons."""

    id: str
    holds: bool | None
    statement: str = "a statement in English"
    counted: dict[str, int] = field(default_factory=lambda: {"broken": 0})
    exceptions: tuple[str, ...] = ("K7003 is ahead of K7004",)


PROPERTIES = (Checked("P1", True), Checked("P2", True), Checked("P10", None))


def decisions() -> pd.DataFrame:
    return pd.DataFrame(DECISIONS, columns=COLUMNS)


def scenario(**changes: Any) -> Scenario:
    plain = {
        "id": "small",
        "title": {"nb": "Lite opptak", "nn": "Lite opptak", "en": "Small admission"},
        "rules_on": dt.date(2019, 8, 1),
        "mechanism": "coordinated",
        "seed": 7,
        "seats": {"uis-juss": 2, "uit-veiledning": 1, "vid-minoritet": 3},
        "offers": {"uit-veiledning": 2},
        "assumptions": {"seed": {"why": SEED_WHY, "range": [7, 8]}},
    }
    return Scenario.model_validate({**plain, **changes})


def small_round(**settings: Any) -> Round:
    sectors = [VOCABULARIES["sector"].index(name) for name in SECTOR.values()]
    applicants = pd.DataFrame(
        {"person_id": list(SECTOR), "sector": np.array(sectors, dtype=np.int8)}
    )
    applications = decisions()[["person_id", "offering_id", "preference"]]
    persons = list(SECTOR)
    applications["person"] = [persons.index(p) for p in applications["person_id"]]
    empty = pd.DataFrame()
    return Round(
        RoundSettings.model_validate(settings),
        OFFERINGS,
        applicants,
        empty,
        applications,
        empty,
        empty,
        empty,
        empty,
        sha256={"applicants.csv": "ab" * 32, "applications.csv": "cd" * 32},
    )


def _table(offering: str, resolved: ResolvedScenario) -> RankingTable:
    version = resolved.versions[offering]
    none = np.zeros(0, dtype=np.int64)
    columns = tuple(rule.id for rule in version.rules())
    cells = np.zeros((0, len(columns)), dtype=np.int64)
    nobody = np.zeros(0, dtype=np.bool_)
    return RankingTable(
        offering, version, application=none, person=none, qualified=nobody, rank=none, tier=none,
        facts=Facts(0, 2019, {}), columns=columns, cells=cells,
    )  # fmt: skip


def small_run(settings: dict[str, Any] | None = None, **changes: Any) -> Run:
    resolved = resolve(scenario(**changes), rules=shipped("rules"))
    none, nobody = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    problem = Problem(
        8, OFFERINGS, none, none, none, none, none, none, none, none, np.array([2, 2, 3]),
        offering_limits([[]] * 3),
    )  # fmt: skip
    solvers = (
        SolverReport("cp-sat", "OPTIMAL", (Objective("offers-used", "max", 6),), True, True),
        SolverReport("deferred-acceptance", "EXACT", agrees=True),
    )
    rankings = {offering: _table(offering, resolved) for offering in OFFERINGS}
    found = small_round(**(settings or {}))
    return Run(found, resolved, rankings, problem, Plan(nobody, nobody), solvers)


def renamed(run: Run, site: str) -> Run:
    """The same run with another name for the site of ``uis-juss``."""
    rulebook = run.scenario.rulebooks["uis-juss"].model_copy(update={"site": site})
    books = {**run.scenario.rulebooks, "uis-juss": rulebook}
    return replace(run, scenario=replace(run.scenario, rulebooks=books))


def report(
    language: Language = "nb", run: Run | None = None, properties: tuple[Checked, ...] = PROPERTIES
) -> str:
    run = run or small_run()
    return report_html(run, decisions(), summarise(run, decisions()), properties, language)


if __name__ == "__main__":
    import hashlib

    print(hashlib.sha256(report("nn").encode()).hexdigest())
