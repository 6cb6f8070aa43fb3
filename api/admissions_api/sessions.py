"""Who is signed in with a browser: one-time links, sessions on the server, and their end.

A link and a session's cookie are random texts of which the store keeps only the SHA-256. A link is
good once. A session ends when it is left idle, when it is old, and when it is signed out of.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from admissions_api.clock import from_stamp, now, stamp
from admissions_api.jobs.queue import actor_of
from admissions_api.store import Store
from admissions_api.store.audit import SYSTEM, append
from admissions_api.store.tables import InvitationRow, SessionRow
from admissions_api.tokens import Caller

IDLE_MINUTES = 30
"""So long nothing is asked for until a session ends."""
LONGEST_HOURS = 12
"""So long after it began a session ends in any case."""
_SEEN_SECONDS = 60
"""A session is noted as used no more often than this."""
_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """A session: in which of the roles that somebody has they work now, None while not chosen."""

    callers: tuple[Caller, ...]
    chosen: int | None
    form_token: str

    @property
    def caller(self) -> Caller | None:
        """Who asks, in the role that is chosen."""
        return None if self.chosen is None else self.callers[self.chosen]


def invite(store: Store, callers: Sequence[Caller], lifetime: dt.timedelta) -> str:
    """The secret of a new link, good once, for one person in one role or several."""
    secret = secrets.token_urlsafe(_BYTES)
    with store.writing() as session:
        session.add(
            InvitationRow(
                sha256=_hidden(secret),
                callers=[_table(caller) for caller in callers],
                ends_at=stamp(now() + lifetime),
            )
        )
        for caller in callers:
            append(session, SYSTEM, "invitation.made", _target(caller))
    return secret


def invited(store: Store, secret: str) -> tuple[Caller, ...]:
    """Whom a link is for; nobody when it is used, too old, or none."""
    with store.reading() as session:
        return _invited(session, secret)


def redeem(store: Store, secret: str) -> str | None:
    """A new session's cookie for a link, which is then used; None when it is good no more."""
    with store.writing() as session:
        callers = _invited(session, secret)
        if not callers:
            return None
        session.get_one(InvitationRow, _hidden(secret)).used_at = stamp()
        return _begun(session, callers)


def begin(store: Store, callers: Sequence[Caller], id_token: str | None = None) -> str:
    """A new session's cookie for somebody who is known otherwise, by an issuer's ``id_token``."""
    with store.writing() as session:
        return _begun(session, callers, id_token)


def find_session(store: Store, cookie: str) -> SignedIn | None:
    """The session of ``cookie`` while it lasts; it is then noted as used."""
    at = now()
    with store.reading() as session:
        row = session.get(SessionRow, _hidden(cookie))
        if row is None or _is_over(row, at):
            return None
        found = SignedIn(
            tuple(Caller(**caller) for caller in row.callers), row.chosen, _form_token(cookie)
        )
        stale = at - from_stamp(row.seen_at) > dt.timedelta(seconds=_SEEN_SECONDS)
    if stale:
        with store.beating() as session:
            used = session.get(SessionRow, _hidden(cookie))
            if used is not None:
                used.seen_at = stamp(at)
    return found


def choose_role(store: Store, cookie: str, number: int) -> None:
    """From now on the session is used in the ``number``-th of its roles, if it has so many."""
    with store.beating() as session:
        row = session.get(SessionRow, _hidden(cookie))
        if row is not None and 0 <= number < len(row.callers):
            row.chosen = number


def end_session(store: Store, cookie: str) -> str | None:
    """Ends a session at once; its cookie is good for nothing then.

    The id token that it began with, for the issuer to end its own.
    """
    with store.writing() as session:
        row = session.get(SessionRow, _hidden(cookie))
        id_token = None if row is None else row.id_token
        if row is not None:
            caller = Caller(**row.callers[row.chosen or 0])
            session.delete(row)
            append(session, actor_of(caller), "session.ended", _target(caller))
        return id_token


def _begun(session: Session, callers: Sequence[Caller], id_token: str | None = None) -> str:
    cookie = secrets.token_urlsafe(_BYTES)
    _forget_old(session)
    session.add(
        SessionRow(
            sha256=_hidden(cookie),
            callers=[_table(caller) for caller in callers],
            chosen=0 if len(callers) == 1 else None,
            began_at=stamp(),
            seen_at=stamp(),
            id_token=id_token,
        )
    )
    append(session, actor_of(callers[0]), "session.began", _target(callers[0]))
    return cookie


def _forget_old(session: Session) -> None:
    """Removes what nobody can use any more."""
    idle, old = stamp(_idle_since(now())), stamp(_old_since(now()))
    session.execute(
        delete(SessionRow).where(or_(SessionRow.seen_at < idle, SessionRow.began_at < old))
    )
    session.execute(delete(InvitationRow).where(InvitationRow.ends_at < stamp()))


def _is_over(row: SessionRow, at: dt.datetime) -> bool:
    return row.seen_at < stamp(_idle_since(at)) or row.began_at < stamp(_old_since(at))


def _idle_since(at: dt.datetime) -> dt.datetime:
    return at - dt.timedelta(minutes=IDLE_MINUTES)


def _old_since(at: dt.datetime) -> dt.datetime:
    return at - dt.timedelta(hours=LONGEST_HOURS)


def _invited(session: Session, secret: str) -> tuple[Caller, ...]:
    row = session.get(InvitationRow, _hidden(secret))
    if row is None or row.used_at is not None or row.ends_at < stamp():
        return ()
    return tuple(Caller(**caller) for caller in row.callers)


def _table(caller: Caller) -> dict[str, Any]:
    return {"subject": caller.subject, "role": caller.role, "scope": caller.scope}


def _target(caller: Caller) -> str:
    """A role as the chain names it; of an applicant it holds no id."""
    return "/".join(filter(None, ("roles", caller.role, actor_of(caller).scope)))


def _hidden(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _form_token(cookie: str) -> str:
    """What a form of this session carries; whoever does not have the cookie cannot know it."""
    return hashlib.sha256(f"form:{cookie}".encode()).hexdigest()
