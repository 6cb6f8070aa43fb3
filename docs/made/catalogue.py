"""The catalogue of rule kinds, from the classes that rank and the cases that test them."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import tomli_w
from annotated_types import Ge, Le
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from admissions.rulebooks.changes import Change
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import Rulebook, load_rulebooks
from admissions.rulebooks.scenario_files import load_scenario, scenario_ids
from admissions.rules.base import Rule
from admissions.rules.registry import BUILT_IN

INTRO = """\
# Rule kinds

Every kind of rule that a rulebook or a scenario can state, made from the classes that rank. A rule
is a column of the ranking table: a whole number for each application, more is better. Kinds from
other packages are not listed here; see [Contributing](../contributing.md).

"""
LIMITS = """\
## Limits

Bounds on who can hold seats together; see [Allocation](../allocation.md).
"""
GROUPS = {
    "requirement": "Requirements",
    "tier": "Tiers and orders",
    "points": "Points and amounts",
    "group": "Groups, spread and leaders",
    "tie": "Ties",
}


def page(root: Path) -> str:
    """The page, with the cases in ``root``/tests/cases."""
    rulebooks = load_rulebooks(root / "rules")
    used = _uses(rulebooks)
    lines = [INTRO]
    for role, heading in GROUPS.items():
        lines.append(f"## {heading}\n")
        for kind in BUILT_IN:
            if kind.role == role:
                lines += _kind(kind, used.get(kind.kind, []), root)
    lines.append(LIMITS)
    for limit in get_args(get_args(Limit)[0]):
        lines += _limit(limit, used)
    return "\n".join(lines)


def _kind(kind: type[Rule], uses: list[tuple[str, Rule]], root: Path) -> Iterator[str]:
    yield f"### {kind.kind_name_in('en')}: `{kind.kind}` {{ #{kind.kind} }}\n"
    yield _prose(kind)
    own = {n: f for n, f in kind.model_fields.items() if n not in Rule.model_fields}
    if own:
        yield from _parameters(own)
    if uses:
        where, rule = uses[0]
        yield f"Example, from {where}:\n\n```toml\n{_toml(rule)}```\n"
        if not rule.summands():
            yield f"In words: {rule.text_in('en')}\n"
    yield _used_by(uses)
    cases = tomllib.loads((root / "tests/cases" / f"{kind.kind}.toml").read_text(encoding="utf-8"))
    yield "What is tested:\n"
    yield "\n".join(f"- {case['says']}" for case in cases["cases"]) + "\n"


def _limit(limit: type[Any], used: Mapping[str, list[tuple[str, Any]]]) -> Iterator[str]:
    kind = limit.model_fields["kind"].default
    yield f"### {limit.kind_name_in('en')}: `{kind}` {{ #{kind} }}\n"
    yield _prose(limit)
    common = ("kind", "id", "title", "source", "assumptions")
    yield from _parameters({n: f for n, f in limit.model_fields.items() if n not in common})
    uses = used.get(kind, [])
    if uses:
        yield f"In words, in {uses[0][0]}: {uses[0][1].text_in('en')}\n"
    yield _used_by(uses)


def _prose(described: type[BaseModel]) -> str:
    return (inspect.getdoc(described) or "").replace("``", "`") + "\n"


def _used_by(uses: list[tuple[str, Any]]) -> str:
    named = ", ".join(dict.fromkeys(where for where, _ in uses))
    return f"Used by {named}.\n" if named else "Used by no shipped rulebook or scenario.\n"


def _parameters(fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    rows = []
    for name, field in fields.items():
        default = "" if field.is_required() else f"`{field.default}`"
        rows.append(f"| `{name}` | {_described(field)} | {default} |")
    yield "| parameter | what it may be | default |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _described(field: FieldInfo) -> str:
    in_hundredths = any(isinstance(m, BeforeValidator) for m in field.metadata)
    words = "a number, at most two decimals" if in_hundredths else _type(field.annotation)
    scale = 100 if in_hundredths else 1
    for bound in field.metadata:
        if isinstance(bound, Ge):
            words += f", at least {bound.ge / scale:g}"  # type: ignore[operator]
        if isinstance(bound, Le):
            words += f", at most {bound.le / scale:g}"  # type: ignore[operator]
    return words


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        values = [f"`{value}`" for value in arguments]
        return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
    if origin is tuple:
        return f"a list; each {_type(arguments[0])}"
    if origin is dict:
        return f"by {_type(arguments[0]).removeprefix('one of ')}, {_type(arguments[1])}"
    if annotation is bool:
        return "`true` or `false`"
    if isinstance(annotation, type) and issubclass(annotation, Rule):
        return "a rule of unit points, with its own `kind`"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner = (f"`{n}` ({_described(f)})" for n, f in annotation.model_fields.items())
        return f"a table of {'; '.join(inner)}"
    if arguments and annotation is not int:
        return _type(arguments[0])
    return "a whole number"


def _toml(rule: Rule) -> str:
    table = {n: v for n, v in rule.table().items() if n not in ("assumptions", "source", "title")}
    return tomli_w.dumps(table)


def _uses(rulebooks: Mapping[str, Rulebook]) -> dict[str, list[tuple[str, Any]]]:
    """Where each kind is used, with the rule: versions first, then scenarios' changes."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for rulebook in rulebooks.values():
        for version in rulebook.versions:
            for rule in (*version.rules(), *version.limits):
                for one in (rule, *rule.summands()):
                    found.setdefault(one.kind, []).append((f"`{version.id}`", one))
    for name in scenario_ids():
        for change in load_scenario(name).changes:
            for rule in _added(change):
                found.setdefault(rule.kind, []).append((f"the scenario `{name}`", rule))
    return found


def _added(change: Change) -> Iterator[Rule]:
    from admissions.rules.registry import build_rule

    for table in (change.add, change.replace, *(change.replace_criteria or ())):
        if table is not None:
            rule = build_rule(table)
            yield from rule.with_summands()
