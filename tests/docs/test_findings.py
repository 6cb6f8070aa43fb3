"""docs/findings.md says what its simulation gave, and its simulation is of what is shipped."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from admissions.model.errors import DataError
from admissions.model.output_table import csv_text
from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.simulate import hashes, scenario_job
from admissions.simulation.sources import synthetic
from admissions.simulation.yields import shipped_yields
from docs.made.findings_assumed import designs
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
    assert RUN["draws"] >= 1000


def test_the_command_shown_is_the_one_that_was_run() -> None:
    text = (DOCS / "findings.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^(admissions simulate .*)$", text, re.MULTILINE)
    assert re.findall(r"--scenario ([\w-]+)", command) == RUN["scenarios"]
    assert f"--draws {RUN['draws']} --seed {RUN['seed']} " in command


BASE = "coordinated-2019"
OTHERS, OWN = "other-services", "own-order"

CLAIMS: dict[str, Callable[[], bool]] = {
    "every rule is held against the same mechanism and seats": lambda: all(
        RUN["against"][name] == BASE
        for name in RUN["scenarios"]
        if name not in (RUN["reference"], BASE)
    ),
    "nothing stands between that was not asked for": lambda: RUN["between"] == [],
    "whether harmonised tiers bring sites together rests on an assumption": lambda: (
        difference("harmonised-2023", "agreement-if-all-applied").low
        < 0
        < difference("harmonised-2023", "agreement-if-all-applied").high
    ),
    "and so it does of those who applied to two sites": lambda: (
        difference("harmonised-2023", "agreement-of-applicants").low
        < 0
        < difference("harmonised-2023", "agreement-of-applicants").high
    ),
    "at one programme's two sites the tier brings them together": lambda: all(
        mean("harmonised-2023", "agreement-if-all-applied", *pair).mean
        > mean(BASE, "agreement-if-all-applied", *pair).mean
        for pair in (
            ("hvl-barnets-beste", "oslomet-barnets-beste"),
            ("oslomet-juss", "uis-juss"),
        )
    ),
    "a leader's order of own staff is felt at home": lambda: (
        mean("leader-within-service", "lost-by-leaders", "all", OTHERS).high
        < mean("leader-within-service", "lost-by-leaders", "all", OWN).mean / 2
    ),
    "the employer's first choice first takes seats from elsewhere": lambda: (
        mean("leader-employer-first", "lost-by-leaders", "all", OTHERS).low
        > mean("leader-within-service", "lost-by-leaders", "all", OTHERS).high
    ),
    "and gathers them": lambda: difference("leader-employer-first", "services").high < 0,
    "deciding between equals changes next to nothing": lambda: (
        mean("leader-tie-break", "changed-by-leaders", "all", OTHERS).high < 1
    ),
    "as many municipalities as possible reaches more, in proportion fewer": lambda: (
        difference("spread-breadth", "municipalities").low > 0
        and difference("spread-proportional", "municipalities").high < 0
    ),
    "in proportion reaches fewer in 4 to 6, round by round and whatever is assumed": lambda: all(
        max(change.p95, change.high) < 0
        for n in range(4, 7)
        for change in [
            difference("spread-proportional", "municipalities-share", "all", f"centrality/{n}")
        ]
    ),
    "UiT's own list lets in state and private applicants, the sector tier hardly": lambda: (
        mean("uit-own-list", "admitted", "uit-veiledning", "sector/state").p5 > 0
        and mean(BASE, "admitted", "uit-veiledning", "sector/state").mean < 1
    ),
    "most empty seats of 2020 are at VID's relational competence": lambda: (
        mean("seats-2020", "seats-empty", "vid-relasjon").mean
        > mean("seats-2020", "seats-empty").mean / 3
    ),
    "coordination as assumed keeps fewer offers out, and fewer meet": lambda: (
        difference(BASE, "offers").p95 < 0 and difference(BASE, "met").mean < 0
    ),
    "law at OsloMet and Stavanger agree more without the limit if all applied": lambda: (
        difference("no-service-limit", "agreement-if-all-applied", "oslomet-juss", "uis-juss").low
        > 0
    ),
    "among those who apply the limit hardly binds": lambda: (
        mean("no-service-limit", "losers").p95 < 5
    ),
    "one points formula makes the orders the same": lambda: (
        mean("harmonised-points", "agreement-if-all-applied").p5 >= Decimal("0.995")
    ),
    "least education first costs little spread and experience": lambda: (
        abs(difference("least-education-first", "municipalities").mean) < 2
        and abs(
            difference(
                "least-education-first", "experience-share", "all", "experience/over-10"
            ).mean
        )
        < 1
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_the_page_claims_is_what_its_figures_say(claim: str) -> None:
    assert CLAIMS[claim](), f"{claim}: no longer so. Maybe mend findings.md.jinja."


def test_a_figure_that_was_not_simulated_is_refused() -> None:
    with pytest.raises(DataError, match="the simulation has no measure nowhere met all all"):
        Figures([], 1000).mean("nowhere", "met")


@pytest.mark.parametrize(
    ("unit", "kind", "numbers", "told"),
    [
        ("people", "measure", ("84.456", "0.2", "75", "94", "60.04", "101"),
         "84.5 (75 to 94) [60.0 to 101.0]"),
        ("percent", "difference", ("-20.951", "0.1", "-24.75", "1.2", "-30", "0.25"),
         "−21.0 (−24.8 to +1.2) [−30.0 to +0.3]"),
        ("tau", "difference", ("0.0004", "0.0001", "-0.0040", "0.0061", "-0.3", "0.18"),
         "0.00 (0.00 to +0.01) [−0.30 to +0.18]"),
    ],
)  # fmt: skip
def test_figures_are_written_with_what_chance_and_what_assumptions_do(
    unit: str, kind: str, numbers: tuple[str, ...], told: str
) -> None:
    name = ("a", "met", "all", "all")
    row = dict(zip(COLUMNS, (kind, *name, "b", unit, *numbers), strict=True))
    found = Figures([row], 1000)
    figure = found.mean(*name) if kind == "measure" else found.difference(*name)
    assert str(figure) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        ("-0.8", "0.8", "[≈ −0.8 to +0.8]"),
        ("-2", "2", "[−2.0 to +2.0]"),
        ("0", "0", "[0.0 to 0.0]"),
    ],
)
def test_brackets_that_chance_alone_makes_as_wide_are_marked(
    low: str, high: str, told: str
) -> None:
    """From round to round by 5.06: the mean of a hundred rounds by 0.83 to each side."""
    numbers = (
        "difference",
        "a",
        "met",
        "all",
        "all",
        "b",
        "people",
        "0",
        "0.16",
        "-8",
        "8",
        low,
        high,
    )
    row = dict(zip(COLUMNS, numbers, strict=True))
    assert Figures([row], 1000).difference("a", "met").assumed == told


def test_a_count_is_told_to_three_digits() -> None:
    row = {**dict.fromkeys(COLUMNS, "0"), "kind": "measure", "scenario": "a", "measure": "met"}
    for mean_, told in (("14659.3", "14,700"), ("175.3", "175"), ("48.4", "48"), ("9.6", "10")):
        found = Figures([{**row, "offering": "all", "group": "all", "mean": mean_}], 1000)
        assert found.mean("a", "met").about == told


def test_a_design_draws_every_assumption_within_its_range() -> None:
    drawn_designs = list(islice(designs(3), 12))
    one, other = drawn_designs[:2]
    assert one != other
    for data, ranges in zip(one, (population_of(2019), shipped_yields()), strict=True):
        allowed = dict(ranges.assumptions())
        drawn = dict(data.assumptions())
        assert drawn.keys() == allowed.keys()
        for name, assumed in drawn.items():
            assert assumed.value in allowed[name].range, name
    values = [population.employers.alike_percent.value for population, _ in drawn_designs]
    assert set(values) == {0, 50, 100}
