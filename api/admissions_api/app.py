"""The HTTP application: thin over the engine. For now what is public: rules and scenarios."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter

from admissions import __version__
from admissions.catalogue import (
    ShownScenario,
    ShownVersion,
    show_rules,
    show_scenario,
    shown_scenarios,
    shown_versions,
)
from admissions.errors import AdmissionsError
from admissions.resources import shipped
from admissions.rulebook import load_rulebooks
from admissions.scenario import scenario_ids

_VERSIONS = TypeAdapter(tuple[ShownVersion, ...])
_SCENARIO = TypeAdapter(ShownScenario)


def create_app() -> FastAPI:
    """An application that serves the shipped rulebooks and scenarios; it holds no person's data.

    Raises DataError when a shipped rulebook cannot be used: better no service than wrong rules.
    """
    rulebooks = load_rulebooks(shipped("rules"))
    known = frozenset(scenario_ids())
    app = FastAPI(title="admissions", version=__version__, openapi_url="/v1/openapi.json")

    @app.exception_handler(AdmissionsError)
    def problem(request: Request, error: AdmissionsError) -> JSONResponse:
        return _problem(404, "Not found", str(error), request.url.path)

    @app.get("/health")
    def health() -> dict[str, str]:
        """Whether the service answers."""
        return {"status": "ok", "version": __version__}

    @app.get("/v1/offerings")
    def offerings(day: dt.date | None = None) -> list[dict[str, Any]]:
        """The offerings, each with the ids of its dated rules, or of those that apply on a day."""
        return [
            {
                "id": offering,
                "programme": rulebook.programme.model_dump(),
                "site": rulebook.site,
                "rules": [
                    shown.id
                    for shown in shown_versions(rulebook)
                    if day is None or shown.valid_from <= day <= (shown.valid_to or dt.date.max)
                ],
            }
            for offering, rulebook in rulebooks.items()
        ]

    @app.get("/v1/rulebooks/{name}")
    def rules(name: str) -> Any:
        """All dated rules of an offering, or one version, with sources and assumptions."""
        return _VERSIONS.dump_python(show_rules(rulebooks, name), mode="json")

    @app.get("/v1/scenarios")
    def scenarios() -> list[dict[str, Any]]:
        """The shipped scenarios."""
        return [
            {
                "id": shown.id,
                "extends": shown.extends,
                "title": shown.scenario.title and shown.scenario.title.model_dump(),
            }
            for shown in shown_scenarios()
        ]

    @app.get("/v1/scenarios/{name}")
    def scenario(name: str, request: Request) -> Any:
        """A shipped scenario: settings, its own changes, assumptions."""
        if name not in known:
            expected = ", ".join(sorted(known))
            return _problem(
                404, "Not found", f"no scenario {name!r}; expected one of: {expected}",
                request.url.path,
            )  # fmt: skip
        return _SCENARIO.dump_python(show_scenario(name), mode="json")

    return app


def _problem(status: int, title: str, detail: str, instance: str) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(
        {**body, "instance": instance}, status, media_type="application/problem+json"
    )
