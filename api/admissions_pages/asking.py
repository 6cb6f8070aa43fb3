"""Asks the API inside this process, as whoever is signed in: the same checks, the same answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import structlog
from starlette.types import Message, Scope

from admissions.model.vocabulary import Language
from admissions_api.installation import Installation
from admissions_api.tokens import Caller, issue

_TOKEN_MINUTES = 5
_GOOD = 300


@dataclass(frozen=True)
class PageAnswer:
    """What the API answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """Whether it did what it was asked."""
        return self.status < _GOOD

    def json(self) -> Any:
        """The body as plain values."""
        return json.loads(self.body)


class RefusedError(Exception):
    """The API refused; ``answer`` says why."""

    def __init__(self, answer: PageAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def path(*steps: str) -> str:
    """An address of the API: ``path("rounds", "2019", "close")``."""
    return "/v1/" + "/".join(quote(step, safe="") for step in steps)


class Api:
    """The API as one caller may use it, told in one language."""

    def __init__(
        self, app: Any, installation: Installation, caller: Caller, language: Language
    ) -> None:
        self._app = app
        token = issue(installation.key, caller, dt.timedelta(minutes=_TOKEN_MINUTES))
        self._headers = {"authorization": f"Bearer {token}", "accept-language": language}

    async def get(self, where: str, **query: object) -> Any:
        """The JSON at ``where``. Raises RefusedError."""
        return (await self.ask("GET", where, query=query)).json()

    async def found(self, where: str, **query: object) -> Any:
        """The JSON at ``where``, or None when there is none, or none yet."""
        answer = await self.ask("GET", where, query=query, refusing=False)
        if answer.status in (404, 409):
            return None
        if not answer.good:
            raise RefusedError(answer)
        return answer.json()

    async def all(self, where: str, **query: object) -> list[Any]:
        """Every item of a paged list. Raises RefusedError."""
        items: list[Any] = []
        while True:
            page = await self.get(where, **query, limit=500, offset=len(items))
            items += page["items"]
            if page["next"] is None:
                return items

    async def ask(
        self,
        method: str,
        where: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        refusing: bool = True,
    ) -> PageAnswer:
        """The answer to one request; ``refusing``: raises RefusedError unless it is a good one."""
        sent = dict(self._headers)
        if data is None:
            data = b"" if body is None else json.dumps(body).encode()
            sent["content-type"] = "application/json"
        sent |= headers or {}
        sent |= _same_request()
        scope = _scope(method, where, query or {}, sent)
        answer = await asyncio.create_task(_answered(self._app, scope, data))
        if refusing and not answer.good:
            raise RefusedError(answer)
        return answer


def _same_request() -> dict[str, str]:
    """The id under which the log knows the page's own request."""
    known = structlog.contextvars.get_contextvars().get("request_id")
    return {"x-request-id": known} if known else {}


def _scope(
    method: str, where: str, query: Mapping[str, object], headers: Mapping[str, str]
) -> Scope:
    stated = {name: value for name, value in query.items() if value is not None}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": urlencode(stated, doseq=True).encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "state": {},
    }


async def _answered(app: Any, scope: Scope, data: bytes) -> PageAnswer:
    given = False
    start: Message = {}
    parts: list[bytes] = []
    ended = asyncio.Event()

    async def receive() -> Message:
        nonlocal given
        if given:
            await ended.wait()
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": data, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    ended.set()
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return PageAnswer(start["status"], headers, b"".join(parts))
