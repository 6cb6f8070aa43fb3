"""The simulated ``current-2019`` beside the report, and that no misfit goes without a word."""

from fractions import Fraction
from pathlib import Path

import pytest

from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario, scenario_ids
from admissions.simulation.calibration import calibrated
from admissions.simulation.measures import Key
from admissions.simulation.simulate import scenario_job, simulate
from admissions.simulation.sources import synthetic
from admissions.simulation.statistics import Summary
from admissions.simulation.store import DrawStore
from admissions.simulation.yields import shipped_yields
from docs.made.simulation_document import DRAWS, SEED, calibration_document, measure_table
from tests.acceptance.command import read_csv, run

DOCUMENT = Path(__file__).parents[2] / "docs" / "calibration-simulated.md"


def rows():
    lines = DOCUMENT.read_text(encoding="utf-8").split("## Assumptions")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return {line[0]: dict(zip(cells[0], line, strict=True)) for line in cells[2:]}


def test_the_committed_document_is_what_the_code_writes():
    """After a change: python -m docs.made.simulation_main . writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == calibration_document(workers=1)


@pytest.mark.parametrize(
    ("figure", "target"),
    [
        ("met at start, total", "271"),
        ("completed, total", "237"),
        ("municipalities", "121"),
        ("municipalities, class 1, of 6", "5"),
        ("municipalities, class 2, %", "84"),
        ("municipalities, class 3, %", "51"),
        ("municipalities, class 4, %", "45"),
        ("municipalities, class 5, %", "28"),
        ("municipalities, class 6, %", "13"),
        ("municipalities with four or more", "12"),
        ("met at start, uis-juss", "32"),
        ("met at start, vid-minoritet", "28"),
        ("completed, hvl-barnets-beste", "25"),
        ("completed, uit-veiledning", "43"),
        ("admitted, hvl-barnets-beste (read as offers)", "58"),
        ("further education taken before, without leadership, % (34 of 77: 33 to 55)", "44"),
        ("the same, programmes weighing as in the survey's answers, %", "44"),
        ("grants", "211"),
        ("grants, NOK", "18098668"),
    ],
)
def test_the_printed_figures_fit(figure, target):
    row = rows()[figure]
    assert row["target"] == target
    assert row["fits"] == "yes"


def test_every_row_of_met_and_completed_is_there_for_every_offering():
    for offering in population_of(2019).counts.by_offering():
        for words in ("met at start", "completed"):
            assert rows()[f"{words}, {offering}"]["fits"] == "yes"


def test_what_does_not_fit_is_explained():
    for figure, row in rows().items():
        assert row["fits"] == "yes" or row["note"], figure


def test_a_figure_fits_between_its_percentiles_ends_included():
    population, yields = population_of(2019), shipped_yields()
    keys = [f.key for f in calibrated(_Any(Summary(1, None, None, None)), population, yields)]
    assert Key("met") in keys
    (met,) = [
        f
        for f in calibrated(_Any(Summary(9, Fraction(0), 271, 280)), population, yields)
        if f.key == Key("met")
    ]
    assert met.fits is True
    (met,) = [
        f
        for f in calibrated(_Any(Summary(9, Fraction(0), 272, 280)), population, yields)
        if f.key == Key("met")
    ]
    assert met.fits is False


class _Any(dict):
    """The same summary whatever the key."""

    def __init__(self, summary):
        self.summary = summary

    def __getitem__(self, key):
        return self.summary


def test_the_command_writes_the_figures_beside_the_report(tmp_path):
    out = tmp_path / "out"
    ran = run(
        "simulate", "--scenario", "current-2019", "--draws", 3, "--seed", SEED, "--out", out
    )  # fmt: skip
    assert ran.code == 0, ran.said
    _, written = read_csv(out / "calibration.csv")
    assert [row["figure"] for row in written] == list(rows())
    assert DRAWS > 3


def test_every_shipped_scenario_can_be_simulated_beside_the_others(tmp_path):
    scenarios = [resolve(load_scenario(name)) for name in scenario_ids()]
    job = scenario_job(2, scenarios, synthetic(population_of(2019)), shipped_yields())
    store = DrawStore(tmp_path / "out", {}, 1)
    store.open(resume=False, overwrite=False)
    result = simulate(job, shipped_yields(), store)
    qualified = Key("qualified", "uis-juss")
    for found in result.scenarios:
        if found.id != "harmonised-2023":
            assert found.summaries[qualified].mean == 46, found.id
        accepted, met = (found.summaries[Key(name)].mean for name in ("accepted", "met"))
        assert accepted is not None, found.id
        assert met is not None, found.id
        assert 200 <= met <= accepted <= 400, found.id


def test_the_documentation_has_every_measure_as_the_code_states_it():
    text = (DOCUMENT.parent / "simulation.md").read_text(encoding="utf-8")
    assert measure_table() in text
