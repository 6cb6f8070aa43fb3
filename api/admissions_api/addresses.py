"""A request as it is meant: HEAD as GET without the body, composed characters, slashes in ids.

Ids are read and kept in NFC, so a request's path, query and JSON are too. An id with a slash comes
as ``%2F``: before the path is unquoted it becomes a sign that stands in no id, and ``with_slashes``
makes it a slash again once the path has found its route.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any
from urllib.parse import quote, unquote

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admissions_api.settings import MEBIBYTE

SLASH = "\x1e"
_SLASH = re.compile(rb"%2f", re.IGNORECASE)
_ESCAPED = b"\\u"


def with_slashes(value: object) -> object:
    """A part of the path with its slashes."""
    return value.replace(SLASH, "/") if isinstance(value, str) else value


def shown_path(path: str) -> str:
    """The path as it was asked for."""
    return path.replace(SLASH, "%2F")


class Addresses:
    """ASGI middleware; the edge stands around it, and logs the method that was asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["path"] = _path(scope)
        scope["query_string"] = _query(scope["query_string"])
        if scope["method"] == "HEAD":
            await self._head(scope, send)
            return
        if _is_json(scope):
            receive = _Composed(receive)
        await self._app(scope, receive, send)

    async def _head(self, scope: Scope, send: Send) -> None:
        """Answers with the head alone; what would go on for long, as events do, ends with it."""
        answered = anyio.Event()
        asked = False

        async def nothing() -> Message:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await answered.wait()
            return {"type": "http.disconnect"}

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                answered.set()

        scope["method"] = "GET"
        try:
            await self._app(scope, nothing, without_body)
        finally:
            scope["method"] = "HEAD"


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or b""
    if _SLASH.search(raw):
        asked = raw.partition(b"?")[0]
        path = unquote(_SLASH.sub(quote(SLASH).encode(), asked).decode("latin-1"))
    return unicodedata.normalize("NFC", path)


def _query(query: bytes) -> bytes:
    return query if unquote(query.decode("latin-1")).isascii() else _requoted(query)


def _requoted(query: bytes) -> bytes:
    """Each name and value of ``query`` in NFC."""
    pairs = []
    for pair in query.decode("latin-1").split("&"):
        name, equals, value = pair.partition("=")
        composed = (
            quote(unicodedata.normalize("NFC", unquote(part.replace("+", " "))), safe="")
            for part in (name, value)
        )
        pairs.append(equals.join(composed) if equals else next(composed))
    return "&".join(pairs).encode()


def _is_json(scope: Scope) -> bool:
    return Headers(scope=scope).get("content-type", "").partition(";")[0].endswith("json")


class _Composed:
    """A JSON body with every text in NFC; one that is too large, or no JSON, goes on as it is."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._held: list[Message] | None = None

    async def __call__(self) -> Message:
        if self._held is None:
            self._held = await self._collected()
        return self._held.pop(0) if self._held else await self._receive()

    async def _collected(self) -> list[Message]:
        messages: list[Message] = []
        size, more = 0, True
        while more and size <= MEBIBYTE:
            message = await self._receive()
            messages.append(message)
            size += len(message.get("body", b""))
            more = message["type"] == "http.request" and message.get("more_body", False)
        body = b"".join(message.get("body", b"") for message in messages)
        if more or messages[-1]["type"] != "http.request":
            return messages
        if body.isascii() and _ESCAPED not in body:
            return messages
        return [{"type": "http.request", "body": _composed(body), "more_body": False}]


def _composed(body: bytes) -> bytes:
    try:
        held = _nfc(json.loads(body))
        try:
            return json.dumps(held, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return json.dumps(held).encode()
    except (ValueError, RecursionError):
        return body


def _nfc(held: Any) -> Any:
    if isinstance(held, str):
        return unicodedata.normalize("NFC", held)
    if isinstance(held, list):
        return [_nfc(one) for one in held]
    if isinstance(held, dict):
        return {_nfc(name): _nfc(one) for name, one in held.items()}
    return held
