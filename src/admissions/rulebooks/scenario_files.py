"""Scenarios as files: read with their bases under them, and written as they were resolved."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from admissions.model.errors import DataError, first_error
from admissions.model.messages import message
from admissions.model.resources import shipped
from admissions.model.round import Round
from admissions.model.toml_files import TomlError, toml_table
from admissions.rulebooks.inherited import Inherited
from admissions.rulebooks.scenario import ResolvedScenario, Scenario, exact_table, resolve


def load_scenario(source: str | Path | Mapping[str, Any]) -> Scenario:
    """The scenario ``source``: a shipped id, the path of a TOML file, or its table.

    Its bases are laid under it: the scenario's own values win, seats and offers go by offering,
    changes and assumptions are added. Raises DataError naming file, key and what was expected, and
    for a file that bears a shipped scenario's id with other content.
    """
    if isinstance(source, Mapping):
        found = _validated(_over_bases(exact_table(source), _TABLE, Path(), ()), _TABLE)
        return _own_or_shipped(found, None, _TABLE)
    path = scenario_path(str(source))
    return _own_or_shipped(read_scenario_file(path), path, path.name)


def inherited(
    source: str | Path | Mapping[str, Any], scenario: Scenario, round_: Round, seed: int | None
) -> Inherited | None:
    """What ``scenario``, read from ``source``, has from its base; None where that is nothing.

    ``seed``: the one that is asked for besides.
    """
    path = Path() if isinstance(source, Mapping) else scenario_path(str(source))
    stated = source if isinstance(source, Mapping) else _toml(path.read_bytes(), path.name)
    base = stated.get("extends")
    if base is None:
        return None
    own = {*stated.get("seats", {}), *(o for o, said in round_.own.items() if said.seats)}
    seats = tuple(
        (offering, scenario.seats[offering])
        for offering in round_.offerings
        if offering in scenario.seats and offering not in own
    )
    dated = "rules_on" in stated or round_.settings.rules_on is not None
    found = Inherited(
        str(base),
        seats,
        None if "seed" in stated or seed is not None else scenario.seed,
        None if dated else scenario.rules_on,
    )
    return found or None


_TABLE = "scenario"
"""How messages call a scenario that is in no file."""


def _own_or_shipped(found: Scenario, path: Path | None, name: str) -> Scenario:
    """``found``. Raises DataError where it bears a shipped scenario's id and is another."""
    own = shipped("scenarios") / f"{found.id}.toml"
    if path != own and found.id in scenario_ids() and found != read_scenario_file(own):
        raise DataError(message("rulebooks.shipped-id", file=name, scenario=found.id))
    return found


def read_scenario_file(path: Path) -> Scenario:
    """The scenario in the TOML file ``path``, whatever it is called; as ``load_scenario``."""
    return _validated(_with_bases(path, ()), path.name)


def scenario_of_toml(content: bytes, name: str) -> Scenario:
    """The scenario in the TOML file called ``name``, which need not be on disk; as it is called."""
    return _validated(_over_bases(_toml(content, name), name, Path(), ()), name)


def _validated(table: Mapping[str, Any], name: str) -> Scenario:
    try:
        return Scenario.model_validate(table)
    except ValidationError as error:
        raise DataError(message("problems.at", place=name, said=first_error(error))) from None


def scenario_ids() -> list[str]:
    """The ids of the shipped scenarios, sorted."""
    return sorted(path.stem for path in shipped("scenarios").glob("*.toml"))


def scenario_path(name: str) -> Path:
    """The file of the shipped scenario ``name``, or the path ``name`` to a TOML file."""
    path = Path(name)
    if name.endswith(".toml"):
        if path.is_file():
            return path
        raise DataError(message("rulebooks.no-scenario-file", name=name))
    shipped_path = shipped("scenarios") / f"{name}.toml"
    if name in scenario_ids():
        return shipped_path
    close = difflib.get_close_matches(name.lower(), scenario_ids(), n=1)
    raise DataError(
        message(
            "rulebooks.no-scenario",
            name=name,
            known=scenario_ids(),
            close=close[0] if close else None,
        )
    )


def _with_bases(path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
    table = _toml(path.read_bytes(), path.name)
    return _over_bases(table, path.name, path.parent, (*above, path.resolve()))


def _toml(content: bytes, name: str) -> dict[str, Any]:
    try:
        return toml_table(content)
    except TomlError as error:
        raise DataError(message("problems.no-toml", file=name, fault=error.fault)) from None


def _over_bases(
    table: dict[str, Any], name: str, folder: Path, chain: tuple[Path, ...]
) -> dict[str, Any]:
    """``table``, from the file ``name`` in ``folder``, with what it extends laid under it.

    ``chain`` are the files that extend it, itself included.
    """
    base_name = table.pop("extends", None)
    if base_name is None:
        return table
    if not isinstance(base_name, str):
        raise DataError(message("rulebooks.extends-no-id", file=name, base=repr(base_name)))
    beside = folder / base_name
    base_path = (
        beside if base_name.endswith(".toml") and beside.is_file() else scenario_path(base_name)
    )
    if base_path.resolve() in chain:
        raise DataError(message("rulebooks.extends-circle", file=name, base=base_name))
    base = _with_bases(base_path, chain)
    _refuse_other_shapes(name, table)
    merged = {**base, **table}
    for key in ("seats", "offers", "assumptions"):
        merged[key] = {**base.get(key, {}), **table.get(key, {})}
    if "policy" in merged:
        merged["policy"] = {**base.get("policy", {}), **table.get("policy", {})}
    merged["changes"] = [*base.get("changes", []), *table.get("changes", [])]
    for key in ("title", "why", "sources"):
        if key not in table:
            merged.pop(key, None)
    return merged


def _refuse_other_shapes(file: str, table: Mapping[str, Any]) -> None:
    """Raises DataError where a key that is laid over a base's holds no table, or no list."""
    for name in ("seats", "offers", "assumptions", "policy"):
        if not isinstance(table.get(name, {}), dict):
            raise DataError(
                message("rulebooks.no-table", file=file, name=name, value=repr(table[name]))
            )
    if not isinstance(table.get("changes", []), list):
        raise DataError(message("rulebooks.changes-no-list", file=file))


def as_shipped(resolved: ResolvedScenario) -> bool:
    """Whether a scenario with a shipped id means what that one does; true for any other id.

    Its rules and settings; date, seats, offers and seed may be the round's own.
    """
    own = resolved.scenario
    if own.id not in scenario_ids():
        return True
    stated = load_scenario(own.id)
    of_the_round = {"seats": own.seats, "offers": own.offers, "seed": own.seed}
    same_day = resolve(stated.with_settings(rules_on=resolved.rules_on, **of_the_round))
    return all(text_of(resolved) == text_of(same_day) for text_of in (scenario_toml, rules_tomls))


def scenario_toml(resolved: ResolvedScenario) -> str:
    """The resolved scenario as TOML: no base and no changes left, they are in the rules.

    Seats and offers stand for the offerings that exist on its date.
    """
    table = resolved.scenario.model_dump(exclude_none=True, exclude={"changes"})
    table["rules_on"] = resolved.rules_on
    if resolved.scenario.policy is not None:
        table["policy"] = resolved.scenario.policy.model_dump(exclude_unset=True)
    for name in ("seats", "offers"):
        table[name] = {o: n for o, n in table[name].items() if o in resolved.versions}
    return tomli_w.dumps(table)


def rules_tomls(resolved: ResolvedScenario) -> dict[str, str]:
    """The rules of the run, one TOML text by offering, each with the one version that applied."""
    return dict(resolved.rules_written)
