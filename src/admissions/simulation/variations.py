"""Every assumption at every other value of its range: what a sensitivity analysis varies."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from admissions.model.errors import DataError, first_error
from admissions.model.messages import message
from admissions.model.resources import shipped
from admissions.pool.assumed import FrozenData
from admissions.pool.population import Population
from admissions.rulebooks.changes import Change
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario, with_changes
from admissions.rulebooks.scenario_files import load_scenario, scenario_ids
from admissions.rules.base import Rule
from admissions.simulation.yields import YieldModel


@dataclass(frozen=True)
class Edit:
    """How one assumption's value is put into a scenario: by changes, in a limit, or as a setting.

    ``changes`` are made to the rules; ``limit``: offering, limit and field that get ``value``;
    ``setting``: the scenario's own that gets it.
    """

    changes: tuple[Change, ...] = ()
    limit: tuple[str, str, str] | None = None
    setting: str = ""
    value: Any = None

    def applied(self, scenario: ResolvedScenario) -> ResolvedScenario:
        """``scenario`` with it. Raises DataError where it names nothing or changes nothing."""
        if self.setting:
            return scenario.with_settings(**{self.setting: self.value})
        if self.limit is None:
            return with_changes(scenario, self.changes)
        offering, ident, name = self.limit
        tables = [
            {"kind": limit.kind, **limit.model_dump(exclude_none=True)}
            | ({name: self.value} if limit.id == ident else {})
            for limit in scenario.versions[offering].limits
        ]
        change = Change.model_validate({"offerings": [offering], "limits": tables})
        return with_changes(scenario, (change,))


@dataclass(frozen=True)
class Varied:
    """One assumption at one other value of its range.

    ``kind``: rules, scenario, population or yields; ``where`` and ``parameter`` as in
    ``admissions rules assumptions``; ``base`` and ``value`` as texts. One of ``scenario``,
    ``population`` and ``yields`` is what it changes; where all are None it is not varied, and
    ``why_not`` says why: a code of the reports' ``why-not``. ``edit``: how ``scenario`` was made.
    """

    kind: str
    where: str
    parameter: str
    base: str
    value: str
    scenario: ResolvedScenario | None = None
    population: Population | None = None
    yields: YieldModel | None = None
    why_not: str = ""
    edit: Edit | None = None


class Reading(FrozenData):
    """What one reading in words means: changes, or those of a scenario."""

    rule: str
    reading: str
    changes: tuple[dict[str, Any], ...] = ()
    scenario: str | None = None

    def changes_at(self, offering: str) -> tuple[Change, ...]:
        """Its changes at ``offering``."""
        if self.scenario is not None:
            return load_scenario(self.scenario).changes
        return tuple(
            Change.model_validate({"offerings": [offering], **change}) for change in self.changes
        )


@cache
def readings() -> Mapping[tuple[str, str], Reading]:
    """The shipped readings, by rule and reading."""
    path = shipped("scenarios") / "readings" / "2019.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    try:
        found = [Reading.model_validate(entry) for entry in table["readings"]]
    except ValidationError as error:
        raise DataError(message("problems.at", place=path.name, said=first_error(error))) from None
    return {(reading.rule, reading.reading): reading for reading in found}


def variations(
    scenario: ResolvedScenario, population: Population | None, yields: YieldModel
) -> Iterator[Varied]:
    """Every assumption that bears on ``scenario``, at every other value of its range."""
    for offering, version in scenario.versions.items():
        yield from _of_version(scenario, offering, version)
    yield from _of_scenario(scenario)
    if population is not None:
        for varied, people in _of_data("population", population):
            yield dataclasses.replace(varied, population=people)
    for varied, model in _of_data("yields", yields):
        yield dataclasses.replace(varied, yields=model)


def _of_version(scenario: ResolvedScenario, offering: str, version: Version) -> Iterator[Varied]:
    for name in version.assumptions:
        yield Varied("rules", version.id, name, str(getattr(version, name, "")), "", why_not=_DATES)
    for rule in version.rules():
        yield from _of_rule(scenario, offering, f"{version.id}: ", rule.id, rule)
        for part in rule.summands():
            yield from _of_rule(scenario, offering, f"{version.id}: ", f"{rule.id}.{part.id}", part)
    for limit in version.limits:
        yield from _of_limit(scenario, offering, version, limit)


_DATES = "dates"
_WORDS = "in-words"
_OTHER = "other-scenario"
_NO_OTHER = "no-other-value"
_PAIRED = "own-lottery"


def _of_rule(
    scenario: ResolvedScenario, offering: str, before: str, path: str, rule: Rule
) -> Iterator[Varied]:
    for name, assumption in rule.assumptions.items():
        where = before + path
        if name == "rule":
            base = str(assumption.range[0])
            for value in assumption.range[1:]:
                varied = Varied("rules", where, name, base, str(value))
                reading = readings().get((rule.id, str(value)))
                if reading is None:
                    shipped_one = str(value) in scenario_ids()
                    yield dataclasses.replace(varied, why_not=_OTHER if shipped_one else _WORDS)
                    continue
                yield _edited(varied, scenario, Edit(reading.changes_at(offering)))
            if len(assumption.range) == 1:
                yield Varied("rules", where, name, base, "", why_not=_NO_OTHER)
            continue
        yield from _of_parameter(scenario, offering, where, path, rule, name)


def _of_parameter(
    scenario: ResolvedScenario, offering: str, where: str, path: str, rule: Rule, name: str
) -> Iterator[Varied]:
    base = rule.table().get(name, getattr(rule, name, None))
    others = [v for v in map(_plain, rule.assumptions[name].range) if _text(v) != _text(base)]
    for value in others:
        change = Change.model_validate(
            {"offerings": [offering], "rule": path, "set": {name: value}}
        )
        varied = Varied("rules", where, name, _text(base), _text(value))
        yield _edited(varied, scenario, Edit((change,)))
    if not others:
        yield Varied("rules", where, name, _text(base), "", why_not=_NO_OTHER)


def _of_limit(
    scenario: ResolvedScenario, offering: str, version: Version, limit: Limit
) -> Iterator[Varied]:
    for name, assumption in limit.assumptions.items():
        base = getattr(limit, name)
        for value in assumption.range:
            if value == base:
                continue
            where = f"{version.id}: {limit.id}"
            varied = Varied("rules", where, name, _text(base), _text(value))
            edit = Edit(limit=(offering, limit.id, name), value=value)
            yield _edited(varied, scenario, edit)


def _edited(varied: Varied, scenario: ResolvedScenario, edit: Edit) -> Varied:
    return dataclasses.replace(varied, scenario=edit.applied(scenario), edit=edit)


def _of_scenario(scenario: ResolvedScenario) -> Iterator[Varied]:
    settings = scenario.scenario
    for name, assumption in settings.assumptions.items():
        base = getattr(settings, name)
        if name == "seed":
            yield Varied("scenario", settings.id, name, str(base), "", why_not=_PAIRED)
            continue
        if name == "leader_points" and settings.leader != "points":
            yield Varied("scenario", settings.id, name, _text(base), "", why_not=_NOT_USED)
            continue
        for value in assumption.range:
            of = Varied("scenario", settings.id, name, _text(base), _text(value))
            try:
                found = _edited(of, scenario, Edit(setting=name, value=_plain(value)))
            except DataError:
                yield dataclasses.replace(of, why_not=_WORDS)
                continue
            if found.scenario is not None and getattr(found.scenario.scenario, name) != base:
                yield found


_NOT_USED = "no-leader-points"


Data = TypeVar("Data", Population, YieldModel)


def _of_data(kind: str, data: Data) -> Iterator[tuple[Varied, Data | None]]:
    for name, assumed in data.assumptions():
        others = [value for value in assumed.range if value != assumed.value]
        of = Varied(kind, f"{kind} {data.year}", name, _text(assumed.value), "")
        for value in others:
            yield dataclasses.replace(of, value=_text(value)), data.varied(name, value)
        if not others:
            yield dataclasses.replace(of, why_not=_NO_OTHER), None


def _plain(value: Any) -> Any:
    """A value of a range as TOML would state it."""
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(v)}" for name, v in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(f"({_text(v)})" if isinstance(v, tuple | list) else str(v) for v in value)
    return str(value)
