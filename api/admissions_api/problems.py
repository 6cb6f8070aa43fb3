"""Errors as application/problem+json (RFC 9457), each with what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from admissions.model.errors import AdmissionsError, Finding, InputError
from admissions.model.messages import Message, message
from admissions.model.vocabulary import Language
from admissions_api.addresses import shown_path

MEDIA_TYPE = "application/problem+json"
MOST_FINDINGS = 1000
"""So many errors of one upload are told one by one."""


class FindingShown(BaseModel):
    """One thing wrong at one place of an upload or a request."""

    file: str = Field(description="The file, or the part of the request.")
    row: int | None = Field(None, description="As a spreadsheet numbers rows: the header is 1.")
    column: str = ""
    value: str = ""
    expected: str


class ProblemShown(BaseModel):
    """An error, by RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path of the request.")
    what_to_do: str
    errors: list[FindingShown] = Field(default_factory=list)


class ProblemError(Exception):
    """An answer that is an error; ``detail`` says what is wrong, ``what_to_do`` what helps.

    A message as ``detail`` says both, in each language; text is English.
    """

    def __init__(
        self,
        status: int,
        detail: str | Message,
        what_to_do: str = "",
        *,
        findings: Sequence[Finding] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail
        self.what_to_do = what_to_do
        self.findings = tuple(findings)
        self.headers = dict(headers or {})


def not_found(what: str, expected: str) -> ProblemError:
    """404 that names what was asked for, and what there is."""
    return ProblemError(404, f"there is no {what}", f"Maybe {expected}.")


def refused(error: AdmissionsError, language: Language = "en") -> ProblemError:
    """422 with every error of a refused round, or the message of another refusal."""
    if isinstance(error, InputError):
        said = message("problems.not-stored", count=error.count)
        return ProblemError(
            422, said.detail(language), said.advice(language), findings=error.problems,
            headers={"Content-Language": language},
        )  # fmt: skip
    said = error.message
    advice = said.advice(language) or message("problems.as-it-says").in_(language)
    spoken = {"Content-Language": language}
    return ProblemError(422, said.detail(language), advice, headers=spoken)


def language_asked(request: Request) -> Language:
    """The language of ``Accept-Language`` that comes first of those there are; English if none."""
    for choice in request.headers.get("accept-language", "").split(","):
        tag = choice.partition(";")[0].strip().casefold()
        language = _BY_TAG.get(tag.partition("-")[0])
        if language is not None:
            return language
    return "en"


Spoken = Annotated[Language, Depends(language_asked)]
"""The language in which a route's answer says what it says."""
_BY_TAG: Mapping[str, Language] = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en"}


def answer(problem: ProblemError, instance: str, language: Language = "en") -> JSONResponse:
    """``problem`` as a response, in ``language`` where it is known in it."""
    table = problem_table(problem, instance, language)
    own = language if isinstance(problem.detail, Message) else "en"
    headers = {"Content-Language": own, **problem.headers}
    return JSONResponse(table, problem.status, headers, MEDIA_TYPE)


def problem_table(
    problem: ProblemError, instance: str, language: Language = "en"
) -> dict[str, Any]:
    """``problem`` as plain values."""
    told, detail, advice = problem.detail, str(problem.detail), problem.what_to_do
    if isinstance(told, Message):
        detail, advice = told.detail(language), told.advice(language)
    shown = ProblemShown(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=detail,
        instance=shown_path(instance),
        what_to_do=advice,
        errors=[
            FindingShown.model_validate(finding.table(language))
            for finding in problem.findings[:MOST_FINDINGS]
        ],
    )
    return shown.model_dump()


def handle_problems(app: FastAPI) -> None:
    """Every error of ``app`` becomes a problem; what no handler knows, the edge answers."""

    @app.exception_handler(ProblemError)
    async def _problem(request: Request, error: ProblemError) -> JSONResponse:
        return answer(error, request.url.path, language_asked(request))

    @app.exception_handler(AdmissionsError)
    async def _refused(request: Request, error: AdmissionsError) -> JSONResponse:
        language = language_asked(request)
        return answer(refused(error, language), request.url.path, language)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return answer(_of_validation(error), request.url.path)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.BAD_REQUEST:
            return answer(_UNREADABLE, request.url.path)
        advice = _ADVICE.get(error.status_code, "Maybe look at /docs.")
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(sorted(_methods(app, request)))
        problem = ProblemError(error.status_code, str(error.detail), advice, headers=headers)
        return answer(problem, request.url.path)


CONFLICT: dict[int | str, dict[str, Any]] = {409: {"model": ProblemShown}}
"""For ``responses`` of a GET that can be answered with 409; every write has it anyway."""


def _methods(app: FastAPI, request: Request) -> set[str]:
    """Every method that the request's path takes, whichever route has it."""
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.matches(request.scope)[0] != Match.NONE:
            found |= route.methods or set()
    return found | ({"HEAD"} if "GET" in found else set())


def fault() -> ProblemError:
    """500: nothing of the fault itself is told, it might hold a person's data."""
    return ProblemError(
        500,
        "a fault of the program",
        "Maybe report it with the X-Request-ID of this answer.",
    )


def too_large() -> ProblemError:
    """413: the body is larger than the route takes."""
    return ProblemError(
        413, "the body is larger than this takes", "Maybe send less; docs/api.md has the limits."
    )


_UNREADABLE = ProblemError(
    422,
    "the body is no JSON that can be read",
    "Maybe send it as UTF-8, and less nested; /docs shows an example.",
)
"""In place of the framework's 400, which it answers to such a body alone."""
_ADVICE = {
    404: "Maybe the path is misspelt; /docs shows every path.",
    405: "Maybe another method; the header Allow names those that work.",
}


def _of_validation(error: RequestValidationError) -> ProblemError:
    findings = [_of_detail(detail) for detail in error.errors()]
    return ProblemError(
        422,
        "the request is not as the specification says",
        "Maybe mend each place named in errors; /docs shows an example.",
        findings=findings,
    )


def _of_detail(detail: Mapping[str, Any]) -> Finding:
    where, *place = (_sendable(str(step)) for step in detail["loc"])
    given = detail.get("input")
    value = _sendable(str(given)) if isinstance(given, str | int | float | bool) else ""
    said = str(detail["msg"]).removeprefix("Value error, ")
    return Finding(where, None, ".".join(place), value[:100], said)


def _sendable(text: str) -> str:
    """``text`` as UTF-8 can carry it: JSON may escape half a character, which is none."""
    return text.encode(errors="replace").decode()
