"""A parameter of a scenario by its name: of a rule, a limit, the seats, a setting or the policy.

``leader`` · ``seats.uis-juss`` · ``policy.answer_days`` · ``uis-juss.service-limit.maximum`` ·
``all.leader-share.percent`` (every offering that has such a rule or limit).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from admissions.model.errors import DataError
from admissions.model.messages import message
from admissions.rulebooks.changes import Change
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rules.base import Rule
from admissions.simulation.variations import Edit

SETTINGS = ("leader", "leader_points", "mechanism", "call_rounds", "ties", "lottery")
_TABLES = ("seats", "offers")
_ALL = "all"


def at_value(scenario: ResolvedScenario, name: str, value: Any) -> ResolvedScenario:
    """``scenario`` with the parameter ``name`` at ``value``; where it is so already, as it is.

    Raises DataError naming both where there is no such parameter, or it refuses the value.
    """
    try:
        for edit in _edits(scenario, name, value):
            scenario = edit.applied(scenario)
    except DataError as error:
        raise DataError(
            message("exploring.refused", name=name, value=value, said=error.message)
        ) from None
    return scenario


def _edits(scenario: ResolvedScenario, name: str, value: Any) -> Iterator[Edit]:
    first, _, rest = name.partition(".")
    settings = scenario.scenario
    if name in SETTINGS:
        yield Edit(setting=name, value=value)
    elif first == "policy" and rest:
        stated = settings.policy.model_dump(exclude_unset=True) if settings.policy else {}
        yield Edit(setting="policy", value={**stated, rest: value})
    elif first in _TABLES and rest:
        names = tuple(scenario.versions) if rest == _ALL else (rest,)
        if not set(names) <= set(scenario.versions):
            raise DataError(message("exploring.no-offering", known=list(scenario.versions)))
        stated = getattr(settings, first)
        yield Edit(setting=first, value={**stated, **dict.fromkeys(names, value)})
    else:
        yield from _of_rules(scenario, first, rest, value)


def _of_rules(scenario: ResolvedScenario, first: str, rest: str, value: Any) -> Iterator[Edit]:
    path, _, field = rest.rpartition(".")
    if not path or (first != _ALL and first not in scenario.versions):
        raise DataError(message("exploring.no-parameter", settings=SETTINGS))
    offerings = list(scenario.versions) if first == _ALL else [first]
    having = [name for name in offerings if path in _holders(scenario.versions[name])]
    if not having:
        known = sorted({one for name in offerings for one in _holders(scenario.versions[name])})
        raise DataError(message("exploring.no-rule", rule=path, known=known))
    for offering in having:
        holder = _holders(scenario.versions[offering])[path]
        fields = _fields(holder)
        if field not in fields:
            raise DataError(message("exploring.no-field", rule=path, known=sorted(fields)))
        if _plain(fields[field]) == _plain(value):
            continue
        if isinstance(holder, Rule):
            change = {"offerings": [offering], "rule": path, "set": {field: value}}
            yield Edit((Change.model_validate(change),))
        else:
            yield Edit(limit=(offering, path, field), value=value)


def _holders(version: Version) -> dict[str, Rule | Limit]:
    """What of a version has parameters, by its path: rules, parts of sums, and limits."""
    found: dict[str, Rule | Limit] = {}
    for rule in version.rules():
        found[rule.id] = rule
        found |= {f"{rule.id}.{part.id}": part for part in rule.summands()}
    for limit in version.limits:
        found.setdefault(limit.id, limit)
    return found


def _fields(holder: Rule | Limit) -> Mapping[str, Any]:
    """The parameters of a rule or limit with their values, as a file states them."""
    dumped = holder.model_dump()
    if isinstance(holder, Rule):
        return {name: dumped[name] for name in holder.parameters()}
    wording = {"id", "title", "why", "source", "sources", "note", "assumptions"}
    return {name: value for name, value in dumped.items() if name not in wording}


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
