"""The tables of a simulation's report: means, ranges and differences, by scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from admissions.comparison.groups import GROUPINGS
from admissions.model.output_table import TOTAL, OutputColumn, OutputTable, Value
from admissions.report.words import Words
from admissions.simulation.calibration import Calibrated
from admissions.simulation.measures import ALL, CLASSES, LEADERS, MEASURES, Key, decimals, measure
from admissions.simulation.result import ScenarioResult, SimulationResult
from admissions.simulation.statistics import Difference, Summary, decimal

MAIN = (
    Key("met"),
    Key("seats-empty"),
    Key("municipalities"),
    Key("services"),
    Key("further-education-share"),
    Key("experience-share", ALL, "experience/over-10"),
    Key("first-wish"),
    Key("leaders-first-wishes-share"),
    Key("agreement-if-all-applied"),
    Key("losers"),
    Key("winners"),
)
"""The measures that a report begins with, all people and offerings together.

Not who completes: that is drawn by offering alone, so that rules cannot change it.
"""

OFFERING_MEASURES = ("met", "completed", "seats-empty", "further-education-share")
REFERENCE_MEASURES = ("qualified", "offers", "admitted", "met", "completed")


def shown_decimals(key: Key, *, mean: bool) -> int:
    """How many decimals people read of a measure: a mean count has one, a count none."""
    unit = measure(key.measure).unit
    return {"percent": 1, "tau": 2, "NOK": 0}.get(unit, 1 if mean else 0)


def number(key: Key, value: Fraction | int | None, *, mean: bool = False) -> Decimal | None:
    """A stored value of ``key`` as people read it."""
    if value is None:
        return None
    return Decimal(decimal(value, decimals(key.measure), shown_decimals(key, mean=mean)))


def ranged(key: Key, of: Summary | Difference | None) -> tuple[Value, Value, Value]:
    """Mean, 5 % and 95 %; None where there is none."""
    if of is None:
        return None, None, None
    return number(key, of.mean, mean=True), number(key, of.p5), number(key, of.p95)


_RANGE = ("mean", "p5", "p95")
_MEAN = ("mean", "se", "p5", "p95")
_CHANGE = ("difference", "difference-se", "low", "high")
_STANDS = "stands"
_HELD = (
    OutputColumn("against", "code", section="scenario"),
    OutputColumn("effect", "code", section="effect"),
)
"""What a scenario is held against, and what sets the two apart."""


def _numbers(names: Sequence[str], **more: str) -> tuple[OutputColumn, ...]:
    return tuple(OutputColumn(name, "decimal", decimals=2, **more) for name in names)


def error(key: Key, of: Summary | None) -> Decimal | None:
    """A standard error with one decimal more than a mean of ``key`` is read with."""
    if of is None or of.se is None:
        return None
    shown = shown_decimals(key, mean=True) + 1
    return Decimal(decimal(of.se, decimals(key.measure), shown))


def held(found: ScenarioResult) -> tuple[Value, ...]:
    """The cells of what a scenario is held against."""
    return (found.against or None, found.effect.value if found.against else None)


def key_table(result: SimulationResult, key: Key) -> OutputTable:
    """One measure: a row a scenario, and how it differs from the reference."""
    columns = (
        OutputColumn("scenario", "code", section="scenario"),
        *_numbers(_mean_names(result)),
        *_HELD,
        *_numbers(_CHANGE),
    )
    rows = tuple(
        (found.id, *_means(result, found, key), *held(found), *_changes(found, key))
        for found in result.scenarios
    )
    return OutputTable(f"main-{key.measure}", columns, rows)


def _mean_names(result: SimulationResult) -> tuple[str, ...]:
    return (*_MEAN, _STANDS) if _stands(result) else _MEAN


def _stands(result: SimulationResult) -> bool:
    return any(found.stands for found in result.scenarios)


def _means(result: SimulationResult, found: ScenarioResult, key: Key) -> tuple[Value, ...]:
    stands = (number(key, found.stands.get(key)),) if _stands(result) else ()
    return *with_error(key, found.summaries.get(key)), *stands


def _changes(found: ScenarioResult, key: Key) -> tuple[Value, ...]:
    return with_error(key, found.differences.get(key))


def change_columns() -> tuple[OutputColumn, ...]:
    """The columns of a difference, as ``with_error`` gives its cells."""
    return _numbers(_CHANGE)


def with_error(key: Key, of: Summary | None) -> tuple[Value, ...]:
    """Mean, its standard error, 5 % and 95 %; None where there is none."""
    mean, low, high = ranged(key, of)
    return mean, error(key, of), low, high


def every_figure(result: SimulationResult, words: Words) -> OutputTable:
    """All measures, offerings and groups of all scenarios; where no draw has a value, no row."""
    columns = (
        OutputColumn("scenario", "code", section="scenario"),
        OutputColumn("measure", "code", section="measure"),
        OutputColumn("offering", "text"),
        OutputColumn("group", "text"),
        *_numbers(_mean_names(result)),
        *_HELD,
        *_numbers(_CHANGE),
    )
    rows = tuple(
        (
            found.id,
            key.measure,
            key.offering,
            group_text(key, words),
            *_means(result, found, key),
            *held(found),
            *_changes(found, key),
        )
        for found in result.scenarios
        for key, of in found.summaries.items()
        if of.mean is not None
    )
    return OutputTable("measures", columns, rows)


def key_name(key: Key, words: Words) -> str:
    """A measure in words, with its group where it is not that of all."""
    name = words.of("measure", key.measure).unescape()
    return name if key.group == ALL else f"{name}, {group_text(key, words)}"


def group_text(key: Key, words: Words) -> str:
    """A key's group in words, with its grouping."""
    grouping, _, group = key.group.rpartition("/")
    if not grouping:
        return words.of("group-simulated", key.group).unescape()
    other = words.of("group-simulated", group).unescape()
    name = words.of(f"group-{grouping}", group, other).unescape()
    return f"{words.of('group', grouping).unescape()}: {name}"


def offering_means(result: SimulationResult, measure_id: str) -> OutputTable:
    """One measure at each offering: its mean under each scenario."""
    columns = (
        OutputColumn("offering", "code", section="offering"),
        *(
            OutputColumn("mean", "decimal", group=found.id, decimals=1)
            for found in result.scenarios
        ),
    )
    rows = [
        (
            offering if offering != ALL else TOTAL,
            *(_mean(found, Key(measure_id, offering)) for found in result.scenarios),
        )
        for offering in (*result.offerings, ALL)
    ]
    return OutputTable(f"offerings-{measure_id}", columns, tuple(rows), sums=True)


def _mean(found: ScenarioResult, key: Key) -> Value:
    of = found.summaries.get(key)
    return None if of is None else number(key, of.mean, mean=True)


def reference_table(result: SimulationResult) -> OutputTable:
    """The reference by offering, as Table 3-3 has its rows: mean, 5 % and 95 %."""
    columns: list[OutputColumn] = [OutputColumn("offering", "code", section="offering")]
    for name in REFERENCE_MEASURES:
        columns += _numbers(_RANGE, group=name, group_section="measure")
    summaries = result.reference.summaries
    rows: list[tuple[Value, ...]] = []
    for offering in (*result.offerings, ALL):
        cells: list[Value] = [offering if offering != ALL else TOTAL]
        for name in REFERENCE_MEASURES:
            key = Key(name, offering)
            cells += ranged(key, summaries.get(key))
        rows.append(tuple(cells))
    return OutputTable("reference", tuple(columns), tuple(rows), sums=True)


def country_table(result: SimulationResult) -> OutputTable:
    """The share of each centrality class's municipalities that have one who completed."""
    columns: list[OutputColumn] = [OutputColumn("scenario", "code", section="scenario")]
    for group in CLASSES:
        columns += _numbers(_RANGE, group=group.split("/")[1], group_section="group-centrality")
    rows = []
    for found in result.scenarios:
        cells: list[Value] = [found.id]
        for group in CLASSES:
            key = Key("municipalities-share", ALL, group)
            cells += ranged(key, found.summaries.get(key))
        rows.append(tuple(cells))
    return OutputTable("country", tuple(columns), tuple(rows))


def leader_table(result: SimulationResult) -> OutputTable:
    """What leaders' word does: first choices, and who gets something else, own staff and others."""
    own, others = LEADERS
    keys = (
        Key("leaders-first-wishes-share"),
        Key("changed-by-leaders", ALL, own),
        Key("changed-by-leaders", ALL, others),
        Key("lost-by-leaders", ALL, own),
        Key("lost-by-leaders", ALL, others),
    )
    names = (
        "leaders-first-wishes-share", "changed-own", "changed-others", "lost-own", "lost-others",
    )  # fmt: skip
    last = ("lost-others-low", "lost-others-high")
    columns = (OutputColumn("scenario", "code", section="scenario"), *_numbers((*names, *last)))
    rows = []
    for found in result.scenarios:
        means = [_mean(found, key) for key in keys]
        _, low, high = ranged(keys[-1], found.summaries.get(keys[-1]))
        rows.append((found.id, *means, low, high))
    return OutputTable("leaders", columns, tuple(rows))


def winner_table(result: SimulationResult, grouping: str) -> OutputTable:
    """Who loses and who wins against the reference, in each group: means of each other scenario."""
    columns: list[OutputColumn] = [OutputColumn("scenario", "code", section="scenario")]
    groups = [group for group in GROUPINGS[grouping] if _anybody(result, grouping, group)]
    section = f"group-{grouping}"
    for group in groups:
        columns += _numbers(("losers", "winners"), group=group, group_section=section)
    rows = []
    for found in result.scenarios[1:]:
        keys = [
            Key(name, ALL, f"{grouping}/{group}")
            for group in groups
            for name in ("losers", "winners")
        ]
        rows.append((found.id, *(_mean(found, key) for key in keys)))
    return OutputTable(f"winners-{grouping}", tuple(columns), tuple(rows))


def _anybody(result: SimulationResult, grouping: str, group: str) -> bool:
    key = Key("accepted", ALL, f"{grouping}/{group}")
    return any(bool(of.mean) for found in result.scenarios if (of := found.summaries.get(key)))


AGREEMENTS = ("agreement-if-all-applied", "agreement-of-applicants")


def agreement_table(result: SimulationResult, measure_id: str) -> OutputTable:
    """Tau between each two offerings under each scenario, means, and of how many people it is."""
    columns: list[OutputColumn] = [
        OutputColumn("offering", "code", section="offering"),
        OutputColumn("other-offering", "code", section="offering"),
    ]
    for found in result.scenarios:
        columns.append(OutputColumn("tau", "decimal", group=found.id, decimals=2))
        columns.append(OutputColumn("common-people", "decimal", group=found.id, decimals=1))
    pooled = Key(measure_id)
    keys = [
        key for key in result.reference.summaries if key.measure == measure_id and key != pooled
    ]
    rows = [
        (key.offering, key.group, *_agreed(result, key))
        for key in keys
        if any(_mean(found, key) is not None for found in result.scenarios)
    ]
    total = (TOTAL, None, *_agreed(result, pooled))
    return OutputTable(measure_id, tuple(columns), (*rows, total), sums=True)


def _agreed(result: SimulationResult, key: Key) -> Iterator[Value]:
    for found in result.scenarios:
        yield _mean(found, key)
        yield _mean(found, key._replace(measure=f"{key.measure}-people"))


def fill_table(result: SimulationResult, scenarios: Sequence[ScenarioResult]) -> OutputTable:
    """How many offers to make at each offering, for each stated risk of too many."""
    several = len(scenarios) > 1
    columns = (
        *((OutputColumn("scenario", "code", section="scenario"),) if several else ()),
        OutputColumn("offering", "code", section="offering"),
        OutputColumn("seats", "count"),
        OutputColumn("risk", "count"),
        OutputColumn("by-simulation", "count"),
        OutputColumn("by-model", "count"),
        *_numbers(("too-many", "one-more", "expected-met", "expected-empty")),
        OutputColumn("offers-made", "count"),
    )
    rows = []
    for found in scenarios:
        for fill in found.fills:
            exact = (fill.chance_of_too_many, fill.one_more, fill.expected_met, fill.expected_empty)
            cells: tuple[Value, ...] = (
                fill.offering, fill.seats, fill.risk_percent, fill.by_simulation, fill.by_model,
                *(Decimal(decimal(value, 2, 1)) for value in exact), fill.offers_made,
            )  # fmt: skip
            rows.append((found.id, *cells) if several else cells)
    return OutputTable("fills", columns, tuple(rows))


def definition_table(words: Words) -> OutputTable:
    """Every measure with its unit and what it counts."""
    columns = (
        OutputColumn("measure", "code", section="measure"),
        OutputColumn("unit", "code", section="unit"),
        OutputColumn("meaning", "code", section="meaning"),
    )
    rows = tuple((found.id, found.unit, found.id) for found in MEASURES)
    return OutputTable("definitions", columns, rows)


def hash_table(sha256: Mapping[str, str]) -> OutputTable:
    """What the numbers follow from, with its SHA-256."""
    columns = (OutputColumn("name", "text"), OutputColumn("sha256", "text"))
    return OutputTable("hashes", columns, tuple(sha256.items()))


def differing(result: SimulationResult, key: Key) -> Iterator[tuple[ScenarioResult, Difference]]:
    """The other scenarios with their difference from the reference, where there is one."""
    for found in result.scenarios[1:]:
        of = found.differences.get(key)
        if of is not None and of.mean is not None:
            yield found, of


def calibration_table(result: SimulationResult) -> OutputTable:
    """The report's figures beside those of ``current-2019``, and whether they fit."""
    columns = (
        OutputColumn("figure", "text", language="en"),
        OutputColumn("source", "text"),
        *_numbers(("target", *_RANGE)),
        OutputColumn("within", "code", section="within"),
        OutputColumn("note", "text", language="en"),
    )
    rows = tuple(_calibrated(found) for found in result.calibration)
    return OutputTable("calibration", columns, rows)


def _calibrated(found: Calibrated) -> tuple[Value, ...]:
    fits = {True: "yes", False: "no", None: None}[found.fits]
    if found.key is None:
        return found.figure, found.source, None, None, None, None, fits, found.note or None
    target = number(found.key, found.target)
    got = ranged(found.key, found.got)
    return found.figure, found.source, target, *got, fits, found.note or None
