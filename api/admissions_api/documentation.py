"""The page ``/docs`` and the specification: everything they load is served from here."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.staticfiles import StaticFiles

from admissions_api.access import roles_of
from admissions_api.edge import DOCUMENTATION
from admissions_api.problems import MEDIA_TYPE, ProblemShown
from admissions_api.uploads import MEDIA_TYPES

SPECIFICATION = "/v1/openapi.json"
_ASSETS = f"{DOCUMENTATION}/assets"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_EVERYWHERE = {"404", "405", "413", "422", "429", "503", "507"}
_WITH_ROLES = {"401", "403", "410"}
_WRITES = {"409", "412"}
_TITLES = {
    "401": "No token, or one that is not good.",
    "403": "The token's role, institution or service may not do this.",
    "404": "There is no such thing.",
    "405": "Another method is expected.",
    "409": "It does not go together with the state of things.",
    "410": "The persons' data that this was made of were erased.",
    "412": "Somebody has replaced it since it was read.",
    "413": "Too much at a time.",
    "415": "The upload is no zip and no .xlsx.",
    "422": "The request cannot be used as it is; errors names each place.",
    "429": "Too many requests; Retry-After says how long to wait.",
    "503": "Busy, or the database is away; Retry-After says how long to wait.",
    "507": "The disk is full.",
}


def serve_documentation(app: FastAPI) -> None:
    """Adds ``/docs``, its scripts, and a specification with roles and every answer to ``app``.

    The page names what it needs relative to itself: a proxy may serve it under a path.
    """
    assets = _asset_folder()
    app.mount(_ASSETS, StaticFiles(directory=assets), name="assets")
    beside = _ASSETS.removeprefix("/")
    page = get_swagger_ui_html(
        openapi_url=SPECIFICATION.removeprefix("/"),
        title="admissions",
        swagger_js_url=f"{beside}/swagger-ui-bundle.js",
        swagger_css_url=f"{beside}/swagger-ui.css",
        swagger_favicon_url=f"{beside}/favicon.png",
        swagger_ui_parameters={"tryItOutEnabled": True},
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())

    @app.get(DOCUMENTATION, include_in_schema=False)
    async def docs() -> HTMLResponse:
        return page

    def specification() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _specification(app)
        return app.openapi_schema

    app.openapi = specification  # type: ignore[method-assign]


def _asset_folder() -> Path:
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package fastapi-offline, which carries /docs' scripts, is missing")
    return Path(spec.origin).parent / "static"


def _policy(page: str) -> str:
    """Only what this server serves may run, and the page's own script, by its hash."""
    scripts = [hashlib.sha256(s.encode()).digest() for s in _SCRIPT.findall(page)]
    hashes = " ".join(f"'sha256-{base64.b64encode(s).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; connect-src 'self'; img-src 'self' data:; script-src 'self' {hashes};"
        " style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
    )


def _specification(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title="admissions",
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    schema["components"]["schemas"].setdefault(
        "ProblemShown", ProblemShown.model_json_schema(ref_template="#/components/schemas/{model}")
    )
    for name, table in schema["components"]["schemas"]["ProblemShown"].pop("$defs", {}).items():
        schema["components"]["schemas"].setdefault(name, table)
    for unused in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(unused, None)
    for route in api_routes(app):
        if route.include_in_schema:
            for method in route.methods or ():
                _complete(schema["paths"][route.path_format][method.lower()], method, route)
    return schema


def api_routes(app: FastAPI) -> list[APIRoute]:
    """The routes of ``app``, those of its routers included."""
    originals = [context.original_route for context in iter_route_contexts(app.routes)]
    return [route for route in originals if isinstance(route, APIRoute)]


def _complete(operation: dict[str, Any], method: str, route: APIRoute) -> None:
    roles = roles_of(route)
    operation["x-roles"] = list(roles)
    who = f"Roles: {', '.join(roles)}." if roles else "Public: no token needed."
    operation["description"] = f"{operation.get('description', '')}\n\n{who}".strip()
    codes = (
        _EVERYWHERE | (_WITH_ROLES if roles else set()) | (_WRITES if method != "GET" else set())
    )
    if set(MEDIA_TYPES) & set(operation.get("requestBody", {}).get("content", {})):
        codes.add("415")
    answers = operation["responses"]
    codes |= _WRITES & set(answers)
    for code in sorted(codes):
        answers[code] = {
            "description": _TITLES[code],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShown"}}},
        }
    if method == "GET" and "application/json" in answers.get("200", {}).get("content", {}):
        answers["304"] = {"description": "What If-None-Match names is still right."}
