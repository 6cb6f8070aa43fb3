"""What rules, assumptions and scenarios there are, as data for whoever shows them."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.toml_files import toml_table
from admissions.model.wording import Wording
from admissions.rulebooks.changes import Change, limits_removed
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import NotOffered, Rulebook, Version
from admissions.rulebooks.scenario import Scenario, resolve, with_changes
from admissions.rulebooks.scenario_files import load_scenario, scenario_ids, scenario_path
from admissions.rules.base import Assumption, Rule
from admissions.rules.registry import build_rule

_LIMIT: TypeAdapter[Limit] = TypeAdapter(Limit)
_DESCRIBING = ("id", "kind", "title", "source", "assumptions")


@dataclass(frozen=True)
class AssumptionEntry:
    """One value that no source states.

    ``where`` names the version or scenario, then the rule and its part: ``uis-juss-2019: grade``.
    ``parameter`` is ``rule`` where a reading in words is assumed; ``value`` is then None.
    """

    where: str
    parameter: str
    value: Any
    why: Wording
    range: tuple[Any, ...]


@dataclass(frozen=True)
class DatedEntry:
    """One entry of a rulebook and the last day it applies (None: until further notice)."""

    rulebook: Rulebook
    entry: Version | NotOffered
    valid_to: dt.date | None

    @property
    def id(self) -> str:
        """The version's id; where nothing is offered a name that says so."""
        if isinstance(self.entry, Version):
            return self.entry.id
        return f"{self.rulebook.offering}-not-offered"

    def applies_on(self, day: dt.date) -> bool:
        """Whether this is what applies on ``day``."""
        return self.entry.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class ShownRule:
    """One rule as people read it; ``meaning`` is its kind's documentation, parameters in units."""

    id: str
    kind: str
    place: str
    title: Wording
    meaning: str
    parameters: Mapping[str, Any]
    source: str | None
    assumptions: tuple[AssumptionEntry, ...]
    parts: tuple[ShownRule, ...] = ()


@dataclass(frozen=True)
class ShownVersion:
    """The rules of one offering from ``valid_from`` to ``valid_to`` (None: until further notice).

    ``rules`` are in column order: requirements, criteria, ties; then limits. An entry that is not
    ``offered`` has none.
    """

    id: str
    offering: str
    programme: Wording
    site: str
    valid_from: dt.date
    valid_to: dt.date | None
    offered: bool
    source: str
    note: Wording | None
    rules: tuple[ShownRule, ...]
    assumptions: tuple[AssumptionEntry, ...]


@dataclass(frozen=True)
class ShownScenario:
    """One scenario: ``scenario`` has its bases laid under it, ``changes`` are its own.

    ``limits_removed``: the limits that each of its changes takes away, by the change's number, as
    the version's id and theirs.
    """

    id: str
    extends: str | None
    scenario: Scenario
    changes: tuple[Change, ...]
    assumptions: tuple[AssumptionEntry, ...]
    limits_removed: Mapping[int, tuple[tuple[str, tuple[str, ...]], ...]]


def dated_entries(rulebook: Rulebook) -> tuple[DatedEntry, ...]:
    """Every entry of ``rulebook``, first day first."""
    entries = rulebook.entries()
    ends = [entry.valid_from - dt.timedelta(days=1) for entry in entries[1:]]
    return tuple(
        DatedEntry(rulebook, entry, end) for entry, end in zip(entries, [*ends, None], strict=True)
    )


def find_entries(
    rulebooks: Mapping[str, Rulebook], name: str, day: dt.date | None = None
) -> tuple[DatedEntry, ...]:
    """All entries of the offering ``name``, or the one version with that id.

    With ``day`` only what applies on it. Raises UsageError, naming what there is, when there is
    none.
    """
    every = [dated for rulebook in rulebooks.values() for dated in dated_entries(rulebook)]
    named = [dated for dated in every if name in (dated.id, dated.rulebook.offering)]
    if not named:
        versions = ", ".join(dated.id for dated in every)
        raise UsageError(
            message("rulebooks.no-rules", name=name, offerings=tuple(rulebooks), versions=versions)
        )
    found = tuple(dated for dated in named if day is None or dated.applies_on(day))
    if not found:
        days = [
            message("rulebooks.from-day", id=dated.id, day=dated.entry.valid_from)
            for dated in named
        ]
        raise UsageError(message("rulebooks.none-on-day", name=name, day=day, days=days))
    return found


def shown_versions(rulebook: Rulebook) -> tuple[ShownVersion, ...]:
    """Every dated entry of ``rulebook`` as people read it, first day first."""
    return tuple(shown_version(dated) for dated in dated_entries(rulebook))


def show_rules(rulebooks: Mapping[str, Rulebook], name: str) -> tuple[ShownVersion, ...]:
    """What ``find_entries`` finds under ``name``, as people read it."""
    return tuple(shown_version(dated) for dated in find_entries(rulebooks, name))


def show_scenario(name: str) -> ShownScenario:
    """The scenario with the shipped id ``name``, or in the file at that path.

    Raises DataError as ``load_scenario`` does.
    """
    scenario = load_scenario(name)
    own = toml_table(scenario_path(name).read_bytes())
    changes = tuple(Change.model_validate(table) for table in own.get("changes", ()))
    stated = {key: scenario.assumptions[key] for key in own.get("assumptions", {})}
    entries = list(_entries(scenario.id, scenario, stated))
    for table in (table for change in changes for table in _rules_in(change)):
        entries += _rule_assumptions(f"{scenario.id}: ", build_rule(table))
    return ShownScenario(
        scenario.id, own.get("extends"), scenario, changes, tuple(entries),
        _limits_removed(scenario, changes),
    )  # fmt: skip


def _limits_removed(
    scenario: Scenario, own: tuple[Change, ...]
) -> Mapping[int, tuple[tuple[str, tuple[str, ...]], ...]]:
    """For each of a scenario's ``own`` changes, by number, the limits it takes away, by version.

    Nothing of a scenario that states no date: it has no versions of its own.
    """
    if scenario.rules_on is None:
        return {}
    before = resolve(scenario.with_settings(changes=scenario.changes[: -len(own) or None]))
    found: dict[int, tuple[tuple[str, tuple[str, ...]], ...]] = {}
    for number, change in enumerate(own, start=1):
        offerings = tuple(before.versions) if change.offerings == "all" else change.offerings
        gone = (
            (before.versions[o].id, limits_removed(before.versions[o], change)) for o in offerings
        )
        found[number] = tuple((version, ids) for version, ids in gone if ids)
        before = with_changes(before, (change,))
    return {number: gone for number, gone in found.items() if gone}


def changed_rules(change: Change) -> tuple[ShownRule, ...]:
    """The rules and limits that ``change`` states anew, as people read them."""
    rules = [_shown_rule("", "", build_rule(table)) for table in _rules_in(change)]
    stated = (*(change.limits or ()), *(() if change.add_limit is None else (change.add_limit,)))
    limits = [_LIMIT.validate_python(table) for table in stated]
    return (*rules, *(_shown("", "limits", limit.kind, limit) for limit in limits))


def shown_scenarios() -> tuple[ShownScenario, ...]:
    """Every shipped scenario, by id."""
    return tuple(show_scenario(name) for name in scenario_ids())


def all_assumptions(rulebooks: Mapping[str, Rulebook]) -> tuple[AssumptionEntry, ...]:
    """Every assumption of every version of the rules, then of every shipped scenario."""
    found: list[AssumptionEntry] = []
    for rulebook in rulebooks.values():
        for version in shown_versions(rulebook):
            found += version.assumptions
            for rule in version.rules:
                found += rule.assumptions
                for part in rule.parts:
                    found += part.assumptions
    for scenario in shown_scenarios():
        found += scenario.assumptions
    return tuple(found)


def shown_version(dated: DatedEntry) -> ShownVersion:
    """One dated entry as people read it."""
    rulebook, entry = dated.rulebook, dated.entry
    rules: list[ShownRule] = []
    note = None
    if isinstance(entry, Version):
        note = entry.note
        for place in ("requirements", "criteria", "ties"):
            rules += [_shown_rule(f"{entry.id}: ", place, rule) for rule in getattr(entry, place)]
        for limit in entry.limits:
            rules.append(_shown(f"{entry.id}: ", "limits", limit.kind, limit))
    return ShownVersion(
        id=dated.id,
        offering=rulebook.offering,
        programme=rulebook.programme,
        site=rulebook.site,
        valid_from=entry.valid_from,
        valid_to=dated.valid_to,
        offered=isinstance(entry, Version),
        source=entry.source,
        note=note,
        rules=tuple(rules),
        assumptions=tuple(_entries(dated.id, entry, entry.assumptions)),
    )


def _shown_rule(above: str, place: str, rule: Rule) -> ShownRule:
    above_parts = f"{above}{rule.id}."
    parts = tuple(_shown_rule(above_parts, "parts", part) for part in rule.summands())
    return _shown(above, place, rule.kind, rule, parts)


def _shown(
    above: str, place: str, kind: str, rule: Any, parts: tuple[ShownRule, ...] = ()
) -> ShownRule:
    plain = rule.model_dump(exclude={"parts"})
    return ShownRule(
        id=rule.id,
        kind=kind,
        place=place,
        title=rule.title,
        meaning=inspect.getdoc(type(rule)) or "",
        parameters={name: value for name, value in plain.items() if name not in _DESCRIBING},
        source=rule.source,
        assumptions=tuple(_entries(f"{above}{rule.id}", rule, rule.assumptions)),
        parts=parts,
    )


def _rules_in(change: Change) -> list[dict[str, Any]]:
    stated = (change.add, change.replace, *(change.replace_criteria or ()))
    return [table for table in stated if table is not None]


def _rule_assumptions(above: str, rule: Rule) -> list[AssumptionEntry]:
    shown = _shown_rule(above, "", rule)
    return [*shown.assumptions, *(entry for part in shown.parts for entry in part.assumptions)]


def _entries(
    where: str, owner: BaseModel, assumptions: Mapping[str, Assumption]
) -> Iterator[AssumptionEntry]:
    values = owner.model_dump(include=set(assumptions))
    for parameter, assumption in assumptions.items():
        value = values.get(parameter)
        yield AssumptionEntry(where, parameter, value, assumption.why, assumption.range)
