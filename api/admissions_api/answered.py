"""Idempotency keys: a POST that is sent twice is carried out once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from admissions_api.access import Installed
from admissions_api.clock import stamp
from admissions_api.problems import ProblemError
from admissions_api.store.engine import ChangedError
from admissions_api.store.tables import AnsweredRow
from admissions_api.tokens import Caller

LONGEST_KEY = 200
MOST_TRIES = 20
"""So often a write is prepared anew where others change what it was prepared from."""
Prepared = TypeVar("Prepared")


@dataclass(frozen=True)
class Answered:
    """What a write answers."""

    status: int
    body: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)


class Writes:
    """Carries out one request's write: all of it in one transaction, its answer included.

    With an ``Idempotency-Key`` the same caller's repeat gets the first answer again, also when the
    server was killed between the two; another request with the same key is refused.
    """

    def __init__(
        self,
        request: Request,
        installation: Installed,
        key: Annotated[
            str | None,
            Header(
                alias="Idempotency-Key",
                min_length=1,
                max_length=LONGEST_KEY,
                pattern=r"^[\x21-\x7e]+$",
                description="Any text of your own; sending the same again changes nothing twice.",
            ),
        ] = None,
    ) -> None:
        self._where = f"{request.method} {request.url.path}"
        self._store = installation.store
        self._key = key

    def earlier(self, caller: Caller, said: object) -> Response | None:
        """The first answer, if this is a repeat; for what a route refuses before it writes.

        A repeat gets it also when the same would be refused by now: a deadline may have passed.
        """
        with self._store.reading() as session:
            return self._earlier(session, caller, said)

    def do(self, caller: Caller, said: object, work: Callable[[Session], Answered]) -> Response:
        """Runs ``work`` in a transaction; ``said`` is the request's body, to know it again."""
        with self._store.writing() as session:
            if self._key is None:
                return _response(work(session))
            earlier = self._earlier(session, caller, said)
            if earlier is not None:
                return earlier
            answer = work(session)
            session.add(
                AnsweredRow(
                    caller=caller.key,
                    key=self._key,
                    request_sha256=self._fingerprint(said),
                    status=answer.status,
                    headers=dict(answer.headers),
                    body=answer.body.model_dump_json(),
                    at=stamp(),
                )
            )
            return _response(answer)

    def prepared(
        self,
        caller: Caller,
        said: object,
        prepare: Callable[[Session], Prepared],
        work: Callable[[Session, Prepared], Answered],
    ) -> Response:
        """As ``do``, after what takes long is worked out in ``prepare``, where nobody waits for it.

        ``work`` raises ChangedError where that no longer holds; then it is prepared anew.
        """
        for _ in range(MOST_TRIES):
            with self._store.reading() as session:
                earlier = self._earlier(session, caller, said)
                if earlier is not None:
                    return earlier
                made = prepare(session)
            with suppress(ChangedError):
                return self.do(caller, said, partial(_on, work, made))
        raise ProblemError(
            503, "others change the same all the time", "Maybe ask again.",
            headers={"Retry-After": "5"},
        )  # fmt: skip

    def _earlier(self, session: Session, caller: Caller, said: object) -> Response | None:
        if self._key is None:
            return None
        row = session.get(AnsweredRow, (caller.key, self._key))
        return None if row is None else _repeated(row, self._fingerprint(said))

    def _fingerprint(self, said: object) -> str:
        return hashlib.sha256(f"{self._where}\n{_text(said)}".encode()).hexdigest()


def _on(
    work: Callable[[Session, Prepared], Answered], made: Prepared, session: Session
) -> Answered:
    return work(session, made)


def _text(said: object) -> str:
    return said.model_dump_json() if isinstance(said, BaseModel) else str(said)


def _repeated(earlier: AnsweredRow, fingerprint: str) -> Response:
    if earlier.request_sha256 != fingerprint:
        raise ProblemError(
            422,
            "this Idempotency-Key was used for another request",
            "Maybe choose a new key for each new request.",
        )
    headers = {**earlier.headers, "Idempotency-Replayed": "true"}
    return Response(earlier.body, earlier.status, headers, "application/json")


def _response(answer: Answered) -> Response:
    return Response(
        answer.body.model_dump_json(), answer.status, dict(answer.headers), "application/json"
    )


Writing = Annotated[Writes, Depends()]
