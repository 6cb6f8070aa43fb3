"""The result of a simulation as files: its tables, and what they follow from as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from admissions.model.files import Files, MadeFiles
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.version import __version__
from admissions.model.vocabulary import Language
from admissions.pool.assumed import Assumptions
from admissions.results.files import json_file, scenario_files
from admissions.simulation.calibration import Calibrated
from admissions.simulation.measures import Key, decimals, measure
from admissions.simulation.result import SimulationResult
from admissions.simulation.statistics import Summary, decimal

SIGN = "simulation.json"
"""The file that a simulation's result folder has and no other."""

_MEASURED = (
    OutputColumn("measure", "code"),
    OutputColumn("offering", "code"),
    OutputColumn("group", "code"),
    OutputColumn("unit", "code"),
    OutputColumn("draws", "count"),
    OutputColumn("mean", "decimal"),
    OutputColumn("se", "decimal"),
    OutputColumn("p5", "decimal"),
    OutputColumn("p95", "decimal"),
    OutputColumn("as_it_stands", "decimal"),
)
MEASURE_COLUMNS = (OutputColumn("scenario", "code"), *_MEASURED)
DIFFERENCE_COLUMNS = (
    OutputColumn("scenario", "code"),
    OutputColumn("against", "code"),
    OutputColumn("effect", "code"),
    *_MEASURED,
    OutputColumn("above_percent", "decimal"),
    OutputColumn("below_percent", "decimal"),
)
CALIBRATION_COLUMNS = (
    OutputColumn("figure", "text"),
    OutputColumn("source", "text"),
    OutputColumn("target", "decimal"),
    OutputColumn("mean", "decimal"),
    OutputColumn("p5", "decimal"),
    OutputColumn("p95", "decimal"),
    OutputColumn("fits", "code"),
    OutputColumn("note", "text"),
)
OFFER_COLUMNS = (
    OutputColumn("scenario", "code"),
    OutputColumn("offering", "code"),
    OutputColumn("seats", "count"),
    OutputColumn("offers_made", "count"),
    OutputColumn("risk_percent", "count"),
    OutputColumn("offers_by_model", "count"),
    OutputColumn("too_many_percent", "decimal"),
    OutputColumn("too_many_percent_of_one_more", "decimal"),
    OutputColumn("expected_met", "decimal"),
    OutputColumn("expected_empty", "decimal"),
    OutputColumn("offers_by_simulation", "count"),
)


def simulation_files(
    result: SimulationResult,
    *,
    language: Language,
    models: Sequence[Assumptions] = (),
    public: bool = False,
) -> Files:
    """The files of a simulation, each made when it is asked for.

    ``models`` are what people and answers are drawn from; ``public``: ``result`` is that of
    ``public.public_result``.
    """
    from admissions.report.simulation import SimulationReport

    report = SimulationReport(result, language, models, public and result.real)
    makers: dict[str, bytes | Callable[[], bytes]] = {
        "report.xlsx": report.workbook,
        "report.html": lambda: report.html().encode(),
        **{f"{table.id}.csv": table.csv_file for table in tables(result)},
        SIGN: lambda: json_file(simulation_table(result)),
    }
    for found in result.scenarios:
        own = scenario_files(found.scenario)
        makers |= {f"scenarios/{found.id}/{name}": content for name, content in own.items()}
    return MadeFiles(makers)


def simulation_table(result: SimulationResult) -> dict[str, Any]:
    """What ``simulation.json`` says: what the numbers follow from."""
    return {
        "program": {"name": "admissions", "version": __version__},
        "seed": result.seed,
        "draws": result.draws,
        "people": result.people,
        "real_people": result.real,
        "reference": result.reference.id,
        "scenarios": [found.id for found in result.scenarios if found.asked],
        "between": [found.id for found in result.scenarios if not found.asked],
        "against": {found.id: found.against for found in result.scenarios[1:]},
        "offerings": list(result.offerings),
        "sha256": dict(result.sha256),
    }


def tables(result: SimulationResult) -> tuple[OutputTable, ...]:
    """Every table of the result: measures, differences, offers, and the calibration if any."""
    found = (
        OutputTable("measures", MEASURE_COLUMNS, tuple(_measure_rows(result))),
        OutputTable("differences", DIFFERENCE_COLUMNS, tuple(_difference_rows(result))),
        OutputTable("offers", OFFER_COLUMNS, tuple(_offer_rows(result))),
    )
    return (*found, calibration_table(result.calibration)) if result.calibration else found


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def as_numbers(key: Key, of: Summary) -> tuple[Value, ...]:
    """``numbers`` as cells of a table; None where no draw has a value."""
    return tuple(map(_number, numbers(key, of)))


def numbers(key: Key, of: Summary) -> tuple[str, str, str]:
    """Mean, p5 and p95 as text; empty where no draw has a value. Means have two decimals or more.

    ``of`` can be a difference too.
    """
    stored = decimals(key.measure)
    if of.mean is None or of.p5 is None or of.p95 is None:
        return "", "", ""
    mean = decimal(of.mean, stored, max(2, stored))
    return mean, decimal(of.p5, stored, stored), decimal(of.p95, stored, stored)


def named(key: Key) -> tuple[str, str, str, str]:
    """The columns that say which measure of whom a row has, and its unit."""
    return key.measure, key.offering, key.group, measure(key.measure).unit


def _measure_rows(result: SimulationResult) -> Iterator[tuple[Value, ...]]:
    for found in result.scenarios:
        for key, of in found.summaries.items():
            yield (
                found.id, *named(key), of.draws, *with_error(key, of),
                stored(key, found.stands.get(key)),
            )  # fmt: skip


def with_error(key: Key, of: Summary) -> tuple[Value, ...]:
    """Mean, standard error, p5 and p95 as cells of a table."""
    mean, low, high = as_numbers(key, of)
    return mean, standard_error(key, of), low, high


def standard_error(key: Key, of: Summary) -> Decimal | None:
    """A mean's standard error with two decimals, or one more than the measure is stored with."""
    stored = decimals(key.measure)
    return None if of.se is None else Decimal(decimal(of.se, stored, max(2, stored + 1)))


def stored(key: Key, value: int | None) -> Decimal | None:
    """A stored value of ``key`` as a cell of a table."""
    shown = decimals(key.measure)
    return None if value is None else Decimal(decimal(value, shown, shown))


def _difference_rows(result: SimulationResult) -> Iterator[tuple[Value, ...]]:
    for found in result.scenarios:
        other = result.by_id.get(found.against)
        for key, of in found.differences.items():
            shares = [
                Decimal(decimal(Fraction(100 * n, of.draws), 0, 2)) if of.draws else None
                for n in (of.above, of.below)
            ]
            yield (
                found.id, found.against, found.effect.value, *named(key), of.draws,
                *with_error(key, of), stored(key, found.stands_apart(other, key)), *shares,
            )  # fmt: skip


def calibration_table(calibration: Iterable[Calibrated]) -> OutputTable:
    """Each printed figure beside the simulated one; ``fits`` is empty where nothing corresponds."""
    words = {True: "yes", False: "no", None: None}
    rows: list[tuple[Value, ...]] = []
    for row in calibration:
        target: Value = None
        got: tuple[Value, ...] = (None, None, None)
        if row.key is not None and row.got is not None and row.target is not None:
            target = Decimal(decimal(row.target, decimals(row.key.measure), 0))
            got = as_numbers(row.key, row.got)
        rows.append((row.figure, row.source, target, *got, words[row.fits], row.note))
    return OutputTable("calibration", CALIBRATION_COLUMNS, tuple(rows))


def _offer_rows(result: SimulationResult) -> Iterator[tuple[Value, ...]]:
    for found in result.scenarios:
        for fill in found.fills:
            yield (
                found.id, fill.offering, fill.seats, fill.offers_made, fill.risk_percent,
                fill.by_model,
                *(
                    Decimal(decimal(n, 2, 2))
                    for n in (
                        fill.chance_of_too_many, fill.one_more,
                        fill.expected_met, fill.expected_empty,
                    )
                ),
                fill.by_simulation,
            )  # fmt: skip
