"""Changes: how a scenario alters the rules of an offering, one change after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from admissions.model.errors import DataError, first_error
from admissions.model.frozen import Frozen
from admissions.model.messages import Message, message
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import Version
from admissions.rules.base import Rule
from admissions.rules.registry import build_rule


class Change(BaseModel):
    """One change of the rules at some offerings; it must name what exists and change it.

    Exactly one of:

    - ``set``: new values for parameters of ``rule`` (``points.grade`` is the part ``grade`` of the
      sum ``points``);
    - ``remove``: the id of a rule that goes;
    - ``add``: a new rule, last in its list (before the lottery among ties), or ``before`` the rule
      with that id, or, with ``place = "before-points"``, after the tiers and before the points;
    - ``replace``: a new rule in the place of ``rule``;
    - ``replace_criteria``: all criteria anew;
    - ``limits``: all limits anew (an empty list: none); those that are not stated again go;
    - ``add_limit``: a new limit beside those there are;
    - ``remove_limit``: the id of a limit that goes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    offerings: Annotated[tuple[str, ...], Field(min_length=1)] | Literal["all"]
    rule: str | None = None
    set: Annotated[dict[str, Any], Frozen] | None = None
    remove: str | None = None
    add: Annotated[dict[str, Any], Frozen] | None = None
    before: str | None = None
    place: Literal["before-points"] | None = None
    replace: Annotated[dict[str, Any], Frozen] | None = None
    replace_criteria: tuple[Annotated[dict[str, Any], Frozen], ...] | None = None
    limits: tuple[Annotated[dict[str, Any], Frozen], ...] | None = None
    add_limit: Annotated[dict[str, Any], Frozen] | None = None
    remove_limit: str | None = None


_COMPANIONS = {
    "set": {"rule"},
    "remove": set(),
    "add": {"before", "place"},
    "replace": {"rule"},
    "replace_criteria": set(),
    "limits": set(),
    "add_limit": set(),
    "remove_limit": set(),
}
"""What each way of changing may be stated together with."""


def changed(version: Version, change: Change, where: Message) -> Version:
    """``version`` with ``change`` made to it; ``version`` is not altered.

    Raises DataError, beginning with ``where``, for a change that names nothing or changes nothing.
    """
    stated = change.model_fields_set - {"offerings"}
    given = [name for name in _COMPANIONS if name in stated]
    if len(given) != 1:
        raise DataError(
            message(
                "rulebooks.one-change",
                where=where,
                ways=tuple(_COMPANIONS),
                given=given or message("rulebooks.none"),
            )
        )
    extra = sorted(stated - {given[0]} - _COMPANIONS[given[0]])
    if extra:
        raise DataError(
            message("rulebooks.not-together", where=where, one=given[0], other=extra[0])
        )
    try:
        after = _applied(version, change, where)
    except DataError as error:
        raise DataError(message("problems.at", place=where, said=error.message)) from None
    except ValidationError as error:
        raise DataError(message("problems.at", place=where, said=first_error(error))) from None
    if after == version:
        raise DataError(message("rulebooks.changes-nothing", where=where, version=version.id))
    return after


def _applied(version: Version, change: Change, where: Message) -> Version:
    if change.remove is not None:
        return _rebuilt(version, {version.rule(change.remove).id: None})
    if change.add is not None:
        return _with_rule(version, build_rule(change.add), change)
    if change.replace_criteria is not None:
        return version.with_lists(criteria=list(change.replace_criteria))
    if change.limits is not None:
        return version.with_lists(limits=list(change.limits))
    if change.add_limit is not None:
        return version.with_lists(limits=[*_stated(version.limits), change.add_limit])
    if change.remove_limit is not None:
        gone = version.limit(change.remove_limit)
        return version.with_lists(limits=_stated(one for one in version.limits if one != gone))
    if change.rule is None:
        raise DataError(message("rulebooks.set-needs-rule"))
    if change.replace is not None:
        return _rebuilt(version, {version.rule(change.rule).id: build_rule(change.replace)})
    return _with_parameters(version, change.rule, change.set or {}, where)


def _stated(limits: Iterable[Limit]) -> list[dict[str, Any]]:
    """``limits`` as a rulebook states them."""
    return [{"kind": limit.kind, **limit.model_dump(exclude_none=True)} for limit in limits]


def limits_removed(version: Version, change: Change) -> tuple[str, ...]:
    """The ids of the limits of ``version`` that ``change`` takes away."""
    if change.remove_limit is not None:
        return (change.remove_limit,)
    if change.limits is None:
        return ()
    kept = [limit.get("id") for limit in change.limits]
    return tuple(limit.id for limit in version.limits if limit.id not in kept)


def _with_parameters(
    version: Version, rule_id: str, parameters: Mapping[str, Any], where: Message
) -> Version:
    name, _, part_name = rule_id.partition(".")
    rule = version.rule(name)
    if not part_name:
        return _rebuilt(version, {name: _with_values(rule, parameters, where)})
    parts = {part.id: part for part in rule.summands()}
    if part_name not in parts:
        known = tuple(parts) or message("rulebooks.no-sum")
        raise DataError(message("rulebooks.no-part", rule=name, part=part_name, known=known))
    parts[part_name] = _with_values(parts[part_name], parameters, where)
    tables = [part.table() for part in parts.values()]
    return _rebuilt(version, {name: build_rule({**rule.table(), "parts": tables})})


def _with_values(rule: Rule, parameters: Mapping[str, Any], where: Message) -> Rule:
    unknown = [name for name in parameters if name not in rule.parameters()]
    if unknown:
        known = tuple(rule.parameters()) or message("rulebooks.no-parameters")
        raise DataError(
            message("rulebooks.no-parameter", rule=rule.id, name=unknown[0], known=known)
        )
    kept = {n: a for n, a in rule.table().get("assumptions", {}).items() if n not in parameters}
    origin = {"source": rule.source or f"{where} (statement of the scenario)"}
    changed = build_rule({**rule.table(), **parameters, **origin, "assumptions": kept})
    same = all(getattr(changed, name) == getattr(rule, name) for name in parameters)
    return rule if same else changed


def _with_rule(version: Version, rule: Rule, change: Change) -> Version:
    name = rule.place
    rules = list(getattr(version, name))
    ids = [other.id for other in rules]
    if change.before is not None and change.place is not None:
        raise DataError(message("rulebooks.before-and-place"))
    if change.before is not None:
        if change.before not in ids:
            raise DataError(
                message(
                    "rulebooks.no-rule-among",
                    version=version.id,
                    rule=change.before,
                    among=name,
                    known=ids,
                )
            )
        at = ids.index(change.before)
    elif change.place is not None:
        if name != "criteria":
            raise DataError(message("rulebooks.no-criterion", rule=rule.id, place=change.place))
        roles = [other.role for other in rules]
        at = roles.index("points") if "points" in roles else len(rules)
    else:
        at = len(rules) - 1 if name == "ties" else len(rules)
    rules.insert(at, rule)
    return version.with_lists(**{name: rules})


def _rebuilt(version: Version, replaced: Mapping[str, Rule | None]) -> Version:
    lists = {
        name: [
            new
            for rule in getattr(version, name)
            if (new := replaced.get(rule.id, rule)) is not None
        ]
        for name in ("requirements", "criteria", "ties")
    }
    return version.with_lists(**lists)
