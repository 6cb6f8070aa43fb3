"""The shipped synthetic round and its calibration, as the texts of the files in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from admissions.allocation.run import allocate
from admissions.intake.writing import round_texts
from admissions.pool.population import Population
from admissions.pool.synthetic import Pool, shipped_pool
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import load_scenario
from docs.made.calibration import PrintedFigure, calibration_table, misfit, tenths

YEAR = 2019
SCENARIO = "coordinated-2019"
OTHER_ROUNDS = 50
"""How many rounds, of the seeds 0, 1 …, stand beside the shipped one."""


def shipped_round() -> dict[str, str]:
    """The text of each file of the shipped round, by name."""
    drawn = shipped_pool(YEAR)
    return round_texts(drawn.round(drawn.population.shipped_seed))


def calibration_document() -> str:
    """``docs/calibration.md``: target and got, other rounds beside it, and every assumption."""
    drawn = shipped_pool(YEAR)
    population = drawn.population
    scenario = resolve(load_scenario(SCENARIO))
    figures = _figures(drawn, scenario, population.shipped_seed)
    others = [_figures(drawn, scenario, seed) for seed in range(OTHER_ROUNDS)]
    mean_misfit = sum((misfit(other) for other in others), Fraction(0)) / OTHER_ROUNDS
    head = _HEAD.format(
        year=YEAR,
        seed=population.shipped_seed,
        scenario=SCENARIO,
        last=OTHER_ROUNDS - 1,
        misfit=tenths(misfit(figures)),
        mean=tenths(mean_misfit),
    )
    rows = [
        (f.figure, f.source, f.target, f.got, _spread([other[n] for other in others]), f.note)
        for n, f in enumerate(figures)
    ]
    table = _table(("figure", "source", "target", "got", "other rounds", "note"), rows)
    return f"{head}\n{table}\n{_ASSUMED}\n{_assumptions(population)}"


def _figures(drawn: Pool, scenario: ResolvedScenario, seed: int) -> tuple[PrintedFigure, ...]:
    run = allocate(drawn.round(seed), scenario, "deferred-acceptance")
    return calibration_table(run, drawn.population)


def _spread(same: Sequence[PrintedFigure]) -> str:
    """The mean of one figure, and the range of its middle nine tenths."""
    values = sorted(figure.value for figure in same if figure.value is not None)
    if not values:
        return ""
    beyond = len(values) // 20
    low, high = values[beyond], values[-1 - beyond]
    mean = sum(values, Fraction(0)) / len(values)
    return f"{tenths(mean)}{same[0].unit} ({tenths(low)} - {tenths(high)})"


def _assumptions(population: Population) -> str:
    rows = [
        (f"`{name}`", _short(assumed.value), "; ".join(map(_short, assumed.range)), assumed.why)
        for name, assumed in population.assumptions()
    ]
    return _table(("assumption", "value", "range", "why"), rows)


def _short(value: object) -> str:
    return str(value).replace("(", "").replace(")", "")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_HEAD = """\
# Calibration of the synthetic round of {year}

Written by `python -m docs.made.pool_main .`; a test compares it with what the code produces.

No person in the round exists. Its people are drawn from `scenarios/population/{year}.toml`, which
holds every parameter with its source, or as an assumption with the range to vary it in. Counts of
applicants and of the country are exact with every seed. What describes students is tuned for: the
report describes people *after* selection, so the applicants' distributions are assumptions, chosen
so that those who get a seat resemble its students.

*Got* is the shipped round (seed {seed}) under `{scenario}`. Figures about students are expected
values: of each offering's offered, the number that Table 3-3 says completed are drawn by chance,
and the expectation is computed exactly. Municipalities and centrality describe those who completed;
experience and education those of them who answered a survey, taken for all. *Other rounds* are the
seeds 0 to {last}: their mean, and in brackets the middle nine tenths. By chance alone one round
differs so much from the next.

On average the figures tuned for lie {misfit} % of the target away in the shipped round, and
{mean} % in the others: several figures count a handful of people.

Declines, no-shows and completion are drawn in the simulation; what it gives stands beside the same
figures in [calibration-simulated.md](calibration-simulated.md).

Oslo's seven in one programme is not reached on average: nothing here ties a municipality to one
programme but being near its site, and four offerings have theirs in or near Oslo.
"""
_ASSUMED = """
## Assumptions

Three tables of the population file are too long for this one (combinations of wishes, years by
programme, grade bands); each names the assumption that varies it.
"""
