"""docs/findings.md says what its simulation gave, and its simulation is of what is shipped."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from admissions.model.errors import DataError
from admissions.model.output_table import csv_text
from admissions.pool.population import population_of
from admissions.rulebooks.scenario import load_scenario, resolve
from admissions.simulation.simulate import hashes, scenario_job
from admissions.simulation.sources import synthetic
from admissions.simulation.yields import shipped_yields
from docs.made.findings_document import findings_document
from docs.made.findings_figures import COLUMNS, Figures, read_used

DOCS = Path(__file__).resolve().parents[2] / "docs"
AGAIN = "Maybe run the two commands that docs/findings.md shows."

FIGURES, RUN = read_used(DOCS / "findings")
mean, difference = FIGURES.mean, FIGURES.difference


def test_the_page_is_what_its_figures_make_and_each_figure_is_used() -> None:
    figures, run = read_used(DOCS / "findings")
    assert findings_document(figures, run) == (DOCS / "findings.md").read_text(encoding="utf-8")
    kept = (DOCS / "findings" / "figures.csv").read_text(encoding="utf-8")
    assert csv_text(COLUMNS, figures.used()) == kept


def test_the_figures_are_of_the_rules_people_and_answers_that_are_shipped() -> None:
    yields = shipped_yields()
    scenarios = [resolve(load_scenario(name)) for name in RUN["scenarios"]]
    job = scenario_job(RUN["seed"], scenarios, synthetic(population_of(2019)), yields)
    assert hashes(job, yields) == RUN["sha256"], AGAIN
    assert RUN["draws"] >= 500


def test_the_command_shown_is_the_one_that_was_run() -> None:
    text = (DOCS / "findings.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^(admissions simulate .*)$", text, re.MULTILINE)
    assert re.findall(r"--scenario ([\w-]+)", command) == RUN["scenarios"]
    assert f"--draws {RUN['draws']} --seed {RUN['seed']} " in command


LEADERS = ("leader-points", "leader-employer-first")
OTHERS, OWN = "other-services", "own-order"

CLAIMS: dict[str, Callable[[], bool]] = {
    "harmonised tiers move as many people as any rule tried": lambda: all(
        mean(name, "losers").mean <= mean("harmonised-2023", "losers").mean + 5
        for name in RUN["scenarios"]
        if name != RUN["reference"]
    ),
    "with them the sites rank more alike": lambda: (
        difference("harmonised-2023", "agreement").p5 > 0
    ),
    "a leader's order of own staff is felt mostly within the services": lambda: (
        mean("leader-within-service", "lost-by-leaders", "all", OTHERS).mean
        < mean("leader-within-service", "lost-by-leaders", "all", OWN).mean / 5
        and difference("leader-within-service", "leaders-first-wishes-share").p5 > 0
    ),
    "most who lose by leaders' points or first choices work elsewhere": lambda: all(
        mean(name, "lost-by-leaders", "all", OTHERS).mean
        > mean(name, "lost-by-leaders", "all", OWN).mean
        for name in LEADERS
    ),
    "points and first choices meet more than an order within the service": lambda: all(
        mean(name, "leaders-first-wishes-share").mean
        > mean("leader-within-service", "leaders-first-wishes-share").mean
        for name in LEADERS
    ),
    "the employer's first choice first gathers the seats": lambda: (
        difference("leader-employer-first", "services").mean < -5
    ),
    "deciding between equals changes next to nothing": lambda: (
        mean("leader-tie-break", "changed-by-leaders", "all", OTHERS).mean < 1
    ),
    "only as many municipalities as possible reaches more of them": lambda: (
        difference("spread-breadth", "municipalities").p5 > 0
        and difference("spread-proportional", "municipalities").mean < 0
        and difference("spread-need", "municipalities").mean < 0
    ),
    "and has fewer with four or more": lambda: (
        mean("spread-breadth", "municipalities-four-or-more").mean
        < mean(RUN["reference"], "municipalities-four-or-more").mean - 2
    ),
    "more seats: more complete, more municipalities": lambda: (
        difference("seats-2020", "completed").p5 > 0
        and difference("seats-2020", "municipalities").p5 > 0
    ),
    "more seats stay empty": lambda: (
        mean("seats-2020", "seats-empty").mean > mean(RUN["reference"], "seats-empty").mean
    ),
    "more at VID's relational competence than anywhere": lambda: (
        mean("seats-2020", "seats-empty", "vid-relasjon").mean
        > mean("seats-2020", "seats-empty").mean / 3
    ),
    "at UiS coordination leaves more empty, and the seats elsewhere no more than that": lambda: (
        mean("coordinated-2019", "seats-empty", "uis-juss").mean
        > mean(RUN["reference"], "seats-empty", "uis-juss").mean + 1
        and mean("seats-2020", "seats-empty", "uis-juss").mean
        < mean("coordinated-2019", "seats-empty", "uis-juss").mean + Decimal("0.2")
    ),
    "no change of rules tried makes more complete": lambda: all(
        difference(name, "completed").mean <= 0
        for name in RUN["scenarios"]
        if name not in (RUN["reference"], "seats-2020")
    ),
    "law at OsloMet and Stavanger agree more without the limit": lambda: (
        mean("no-service-limit", "agreement", "oslomet-juss", "uis-juss").mean
        > mean(RUN["reference"], "agreement", "oslomet-juss", "uis-juss").p95
    ),
    "one points formula makes the orders the same": lambda: (
        mean("harmonised-points", "agreement").p5 >= 0.995
    ),
    "at less cost in who is moved": lambda: (
        mean("harmonised-points", "losers").p95 < mean("harmonised-2023", "losers").p5
    ),
    "the limit of two hardly binds": lambda: (
        abs(mean("no-service-limit", "losers").mean - mean("coordinated-2019", "losers").mean) < 1
    ),
    "least education first costs no spread and no experience": lambda: (
        abs(difference("least-education-first", "municipalities").mean) < 2
        and abs(
            difference(
                "least-education-first", "experience-share", "all", "experience/over-10"
            ).mean
        )
        < 1
    ),
    "coordination sends fewer offers, and a few fewer meet": lambda: (
        difference("coordinated-2019", "offers").p95 < 0
        and difference("coordinated-2019", "met").mean < 0
    ),
    "harmonised tiers lower the share with further education": lambda: (
        difference("harmonised-2023", "further-education-share").p95 < 0
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_the_page_claims_is_what_its_figures_say(claim: str) -> None:
    assert CLAIMS[claim](), f"{claim}: no longer so. Maybe mend findings.md.jinja."


def test_a_figure_that_was_not_simulated_is_refused() -> None:
    with pytest.raises(DataError, match="the simulation has no measure nowhere met all all"):
        Figures([]).mean("nowhere", "met")


@pytest.mark.parametrize(
    ("unit", "kind", "numbers", "told"),
    [
        ("people", "measure", ("84.456", "75", "94"), "84.5 (75 to 94)"),
        ("percent", "difference", ("-20.951", "-24.75", "1.2"), "−21.0 (−24.8 to +1.2)"),
        ("municipalities", "difference", ("32.5", "24", "41"), "+32.5 (+24 to +41)"),
        ("tau", "difference", ("0.0004", "-0.0040", "0.0061"), "0.00 (0.00 to +0.01)"),
        ("NOK", "measure", ("18098668.5", "17000000", "19000000"),
         "18,098,668.5 (17,000,000 to 19,000,000)"),
    ],
)  # fmt: skip
def test_figures_are_written_with_sign_and_range(
    unit: str, kind: str, numbers: tuple[str, str, str], told: str
) -> None:
    name = ("a", "met", "all", "all")
    row = dict(zip(COLUMNS, (kind, *name, unit, *numbers), strict=True))
    found = Figures([row])
    figure = found.mean(*name) if kind == "measure" else found.difference(*name)
    assert str(figure) == told
