"""What the scenarios of a report state, and every assumption behind it, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.report.cells import offering_names, rule_names, scenario_name
from admissions.report.rows import AssumptionRow, assumption_rows
from admissions.report.words import Words
from admissions.rulebooks.scenario import ResolvedScenario


def names_of(scenarios: Sequence[ResolvedScenario], words: Words) -> dict[str, dict[str, str]]:
    """The words that ``scenarios`` bring for offerings, rules and themselves, by section."""
    rules: dict[str, str] = {"slot": str(words("slot"))}
    offerings: dict[str, str] = {}
    for scenario in scenarios:
        rules = {**rule_names(scenario, words), **rules}
        offerings = {**offering_names(scenario, words), **offerings}
    titles = {found.scenario.id: scenario_name(found, words) for found in scenarios}
    return {"rule": rules, "offering": offerings, "scenario": titles}


def scenario_table(scenarios: Sequence[ResolvedScenario], offerings: Sequence[str]) -> OutputTable:
    """A row a scenario: its date of rules, mechanism, leaders' influence, seats and seed."""
    columns = (
        OutputColumn("scenario", "text"),
        OutputColumn("title", "code", section="scenario"),
        OutputColumn("rules-on", "text"),
        OutputColumn("mechanism", "code", section="mechanism"),
        OutputColumn("leader", "code", section="leader"),
        OutputColumn("total-seats", "count"),
        OutputColumn("total-offers", "count"),
        OutputColumn("seed", "text"),
    )
    rows: list[tuple[Value, ...]] = []
    for resolved in scenarios:
        scenario = resolved.scenario
        seats = sum(scenario.seats.get(offering, 0) for offering in offerings)
        offers = sum(resolved.offers_to_make(offering) for offering in offerings)
        rows.append(
            (scenario.id, scenario.id, resolved.rules_on.isoformat(), scenario.mechanism,
             scenario.leader, seats, offers, str(scenario.seed))
        )  # fmt: skip
    return OutputTable("scenarios", columns, tuple(rows))


def assumption_table(
    scenarios: Sequence[ResolvedScenario], offerings: Sequence[str], words: Words
) -> OutputTable:
    """Every assumption of the scenarios and their rulebooks, equal ones in one row."""
    found: dict[AssumptionRow, list[str]] = {}
    for resolved in scenarios:
        versions = {name: resolved.versions[name] for name in offerings}
        for row in assumption_rows(versions, resolved.scenario, words):
            found.setdefault(row, []).append(resolved.scenario.id)
    columns = tuple(
        OutputColumn(name, "text") for name in ("about", "parameter", "value", "range", "why")
    )
    columns = (*columns, OutputColumn("applies-to", "text"), OutputColumn("scenario", "text"))
    everywhere = [resolved.scenario.id for resolved in scenarios]
    rows = tuple(
        (row.about, row.parameter, row.value, row.range, row.why,
         ", ".join(row.offerings) or None,
         None if ids == everywhere else ", ".join(ids))
        for row, ids in found.items()
    )  # fmt: skip
    return OutputTable("assumptions", columns, rows)
