"""ETags: every JSON answer to a GET carries one, and 304 is sent to who has it already."""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admissions.model.messages import message
from admissions_api.problems import ProblemError

_TAGGED = ("application/json",)


class ETags:
    """ASGI middleware that tags complete answers; streams pass by untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if not _is_tagged(message):
                    await send(message)
                    return
                start = message
                return
            if start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                for part in _answers(start, bytes(body), Headers(scope=scope)):
                    await send(part)

        await self._app(scope, receive, tagged)


def _is_tagged(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return bool(start["status"] == 200 and kind.startswith(_TAGGED))


def _answers(start: Message, body: bytes, request: Headers) -> tuple[Message, Message]:
    headers = MutableHeaders(scope=start)
    tag = headers.get("etag") or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers["ETag"] = tag
    if tag in _listed(request.get("if-none-match")):
        start["status"], body = 304, b""
        del headers["content-length"]
        del headers["content-type"]
    return start, {"type": "http.response.body", "body": body}


def _listed(header: str | None) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]


def version_tag(version: int) -> str:
    """The ETag of the ``version``-th state of a thing that is replaced as a whole; 0: none yet."""
    return f'"{version}"'


def refuse_outdated(if_match: str | None, version: int) -> None:
    """Raises ProblemError (412) where the caller means to replace another state than is there."""
    if if_match is None or if_match.strip() == "*":
        return
    if version_tag(version) not in _listed(if_match):
        raise ProblemError(412, message("problems.replaced-meanwhile"))
