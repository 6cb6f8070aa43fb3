"""What every task begins with: a round that is read, and a scenario that is resolved for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from admissions.model.errors import UsageError
from admissions.model.files import Files
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.rulebooks.known import known_offerings
from admissions.rulebooks.scenario import ResolvedScenario, Scenario, resolve, with_own_seats
from admissions.rulebooks.scenario_files import inherited, load_scenario

ScenarioLike = str | Path | Mapping[str, Any] | Scenario | ResolvedScenario
"""A shipped scenario's id, the path of a TOML file, its table, or the scenario itself."""

SECONDS = 600.0
"""How long CP-SAT may take."""

RoundLike = str | Path | Files | Round
"""The path of a round's folder or workbook, its files, or the round itself."""


def read_round(place: RoundLike, offerings: Iterable[str] | None = None) -> Round:
    """The round at ``place``: a folder's or a workbook's path, or its files by name; checked.

    Forgiving in form, strict in substance: what was forgiven is in ``.notes``. Raises InputError
    with every error at once, and UsageError when there is no round. ``offerings``: those that can
    be applied to; the ones that have a rulebook where not given.

    Example::

        round_ = admissions.read_round("my-round")
    """
    from admissions.intake import read_round as read

    if isinstance(place, Round):
        return place
    if not isinstance(place, str | Path | Mapping):
        raise UsageError(message("front.no-round", found=type(place).__name__))
    known = known_offerings() if offerings is None else list(offerings)
    return read(place, offerings=known)


def scenario(source: ScenarioLike) -> Scenario:
    """The scenario ``source``: a shipped id, the path of a TOML file, or a table of its settings.

    Raises DataError naming what is wrong.

    Example::

        admissions.scenario("coordinated-2019").changed("uis-juss", "service-limit", maximum=3)
        admissions.scenario({"id": "mine", "extends": "current-2019", "seats": {"uis-juss": 4}})
    """
    if isinstance(source, ResolvedScenario):
        return source.scenario
    return source if isinstance(source, Scenario) else load_scenario(source)


def resolved(
    source: ScenarioLike, *, rules_on: dt.date | None = None, seed: int | None = None
) -> ResolvedScenario:
    """The scenario ``source`` with the rules it means.

    ``rules_on``: the day that the round states, for a scenario that states none; ``seed``: of the
    lottery, in place of the scenario's own.
    """
    if isinstance(source, ResolvedScenario) and seed is None:
        return source
    found = scenario(source)
    if seed is not None:
        found = found.with_settings(seed=seed)
    return resolve(found, round_rules_on=rules_on)


def resolved_for(round_: Round, source: ScenarioLike, seed: int | None = None) -> ResolvedScenario:
    """The scenario ``source`` with the rules it means for ``round_``: on its day, its own seats."""
    means = resolved(source, rules_on=round_.settings.rules_on, seed=seed)
    if isinstance(source, str | Path | Mapping):
        means = replace(means, inherited=inherited(source, means.scenario, round_, seed))
    return with_own_seats(means, round_)


def one_or_several(scenarios: ScenarioLike | Iterable[ScenarioLike]) -> list[ScenarioLike]:
    """``scenarios`` as a list; one alone stands for itself."""
    one = isinstance(scenarios, str | Path | Mapping | Scenario | ResolvedScenario)
    return [scenarios] if one else list(scenarios)  # type: ignore[arg-type, list-item]


def several(scenarios: Iterable[ScenarioLike]) -> list[ScenarioLike]:
    """``scenarios`` as a list. Raises UsageError for one alone: a name would be read by letters."""
    if isinstance(scenarios, str | Path | Mapping | Scenario | ResolvedScenario):
        raise UsageError(message("front.one-scenario"))
    return list(scenarios)


def known_language(language: Language) -> Language:
    """``language``. Raises UsageError when it is none of those that letters are written in."""
    if language not in LANGUAGES:
        raise UsageError(message("problems.no-language", language=language, known=LANGUAGES))
    return language
