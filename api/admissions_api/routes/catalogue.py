"""What is public: offerings, dated rules with sources and prose, scenarios."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, TypeAdapter

from admissions.explanation.rulebook_words import rulebook_text
from admissions.model.errors import UsageError
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.rulebooks.catalogue import (
    ShownScenario,
    ShownVersion,
    find_entries,
    show_rules,
    show_scenario,
    shown_scenarios,
    shown_versions,
)
from admissions.rulebooks.rulebook import Rulebook
from admissions.rulebooks.scenario_files import scenario_ids
from admissions_api.examples import answered, one
from admissions_api.institutions import institution_of
from admissions_api.problems import ProblemError, not_found
from admissions_api.texts import PLAIN, WITH_SLASHES

_VERSIONS = TypeAdapter(tuple[ShownVersion, ...])
_SCENARIO = TypeAdapter(ShownScenario)
Name = Annotated[
    str, WITH_SLASHES, Path(max_length=100, pattern=PLAIN, openapi_examples=one("uis-juss"))
]
ScenarioName = Annotated[
    str, WITH_SLASHES, Path(max_length=100, pattern=PLAIN, openapi_examples=one("coordinated-2019"))
]


class OfferingShown(BaseModel):
    """A programme at one study site, with the ids of its dated rules."""

    id: str
    institution: str
    programme: Wording
    site: str
    rules: list[str]


class ListedScenario(BaseModel):
    """A scenario's id, what it extends and its title."""

    id: str
    extends: str | None
    title: Wording | None


class Prose(BaseModel):
    """One dated version of an offering's rules in words."""

    id: str
    language: Language
    text: str


def catalogue_router(rulebooks: Mapping[str, Rulebook]) -> APIRouter:
    """Offerings, rulebooks and scenarios."""
    router = APIRouter(prefix="/v1", tags=["catalogue"])
    _rulebook_routes(router, rulebooks)
    _scenario_routes(router)
    return router


def _rulebook_routes(router: APIRouter, rulebooks: Mapping[str, Rulebook]) -> None:
    @router.get("/offerings")
    def offerings(
        day: Annotated[dt.date | None, Query(openapi_examples=one("2019-08-01"))] = None,
    ) -> list[OfferingShown]:
        """The offerings, each with the ids of its dated rules, or of those that apply on a day."""
        return [_shown(offering, rulebook, day) for offering, rulebook in rulebooks.items()]

    @router.get("/rulebooks/{name}", responses=answered([{"id": "uis-juss-2019", "rules": []}]))
    def rules(name: Name) -> list[dict[str, Any]]:
        """All dated rules of an offering, or one version, with sources and assumptions."""
        with _found_or_404(name):
            shown = show_rules(rulebooks, name)
        dumped: list[dict[str, Any]] = _VERSIONS.dump_python(shown, mode="json")
        return dumped

    @router.get("/rulebooks/{name}/prose")
    def prose(name: Name, language: Language = "nb") -> list[Prose]:
        """The same rules as a text to publish, for applicants to read."""
        with _found_or_404(name):
            found = find_entries(rulebooks, name)
        return [
            Prose(
                id=dated.id,
                language=language,
                text=rulebook_text(dated.rulebook, dated.entry, dated.valid_to, language),
            )
            for dated in found
        ]


def _shown(offering: str, rulebook: Rulebook, day: dt.date | None) -> OfferingShown:
    """The offering with its dated rules, or the one of them that applies on ``day``."""
    return OfferingShown(
        id=offering,
        institution=institution_of(offering),
        programme=rulebook.programme,
        site=rulebook.site,
        rules=[
            shown.id
            for shown in shown_versions(rulebook)
            if day is None or shown.valid_from <= day <= (shown.valid_to or dt.date.max)
        ],
    )


@contextmanager
def _found_or_404(name: str) -> Iterator[None]:
    """What is asked of the rulebook ``name``; 404 where there is none."""
    try:
        yield
    except UsageError as error:
        advice = error.message.advice("en")
        raise ProblemError(404, f"there is no rulebook {name!r}", advice) from None


@cache
def _listed_scenarios() -> tuple[ListedScenario, ...]:
    """The shipped scenarios, which stay the same as long as the program runs."""
    return tuple(
        ListedScenario(id=shown.id, extends=shown.extends, title=shown.scenario.title)
        for shown in shown_scenarios()
    )


def _scenario_routes(router: APIRouter) -> None:
    known = frozenset(scenario_ids())

    @router.get("/scenarios")
    def scenarios() -> list[ListedScenario]:
        """The shipped scenarios."""
        return list(_listed_scenarios())

    @router.get("/scenarios/{name}", responses=answered({"id": "coordinated-2019"}))
    def scenario(name: ScenarioName) -> dict[str, Any]:
        """A shipped scenario: settings, its own changes, assumptions."""
        if name not in known:
            raise not_found(f"scenario {name!r}", f"one of: {', '.join(sorted(known))}")
        dumped: dict[str, Any] = _SCENARIO.dump_python(show_scenario(name), mode="json")
        return dumped
