"""``docs/calibration-simulated.md``: the report's figures beside the simulated ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from admissions.front.simulation import simulate
from admissions.results.simulation import calibration_table
from admissions.simulation.calibration import SCENARIO
from admissions.simulation.measures import MEASURES
from admissions.simulation.yields import YieldModel, shipped_yields

DRAWS = 200
SEED = 1


def calibration_document(workers: int = 1) -> str:
    """The document's text, from ``DRAWS`` draws; the same whatever the number of ``workers``."""
    yields = shipped_yields()
    result = simulate([SCENARIO], draws=DRAWS, seed=SEED, workers=workers).result
    found = calibration_table(result.calibration)
    columns = [column.name for column in found.columns]
    fits = [found.fits for found in result.calibration]
    head = _HEAD.format(
        scenario=SCENARIO,
        draws=DRAWS,
        seed=SEED,
        fitting=fits.count(True),
        of=len(fits) - fits.count(None),
        none=fits.count(None),
    )
    table = _markdown([columns, ["---"] * len(columns), *found.texts()])
    return f"{head}\n{table}{_ASSUMED}\n{_assumptions(yields)}"


def measure_table() -> str:
    """Every measure with its unit, what it is told for, and its meaning, as a Markdown table."""
    lines: list[Sequence[str]] = [("measure", "unit", "told for", "meaning"), ("---",) * 4]
    for found in MEASURES:
        told = ["all"] if found.total else []
        told += ["groups"] if found.groups else []
        told += ["each offering"] if found.by_offering else []
        told += ["groups at each offering"] if found.at_each else []
        told += ["each pair of offerings"] if found.pairs else []
        lines.append((f"`{found.id}`", found.unit, ", ".join(told), found.meaning))
    return _markdown(lines)


def _assumptions(yields: YieldModel) -> str:
    lines = [("assumption", "value", "range", "why"), ("---",) * 4]
    for name, assumed in yields.assumptions():
        values = "; ".join(_short(value) for value in assumed.range)
        lines.append((f"`{name}`", _short(assumed.value), values, assumed.why))
    for name, table in (("declines", yields.declines), ("no_shows", yields.no_shows)):
        lines.append((f"`{name}.per_1000`", _short(table.per_1000), table.varied_by, table.why))
    return _markdown(lines)


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return str(value)


def _markdown(lines: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_HEAD = """\
# Calibration of the simulation

Written by `python -m docs.made.simulation_main .`; a test compares it with what the code produces.

`{scenario}` was simulated with {draws} draws of synthetic people, seed {seed}: calls, answers, the
start of term and completion included ([simulation.md](simulation.md)). A figure *fits* where the
report's lies within the middle nine tenths of the draws. {fitting} of {of} figures fit; for the
others, and for the {none} that nothing simulated corresponds to, a note says why.

What is drawn by chance is in *p5* and *p95*; what is assumed is not: see
`admissions sensitivity`. The yield model's own parameters were fitted to the rows of admitted and
met, so that these agree shows only that the fit was possible; completion is the report's own.
Municipalities, experience and education were tuned for in the population
([calibration.md](calibration.md), where the round's people are held against the same figures).
"""
_ASSUMED = """
## Assumptions of the yield model

"""
