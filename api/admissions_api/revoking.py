"""Local tokens that are good no longer, before their time: known by a hash, for every server."""

from __future__ import annotations

import hashlib
from time import monotonic

from sqlalchemy import select

from admissions_api.clock import stamp
from admissions_api.store import Store
from admissions_api.store.audit import Actor, append
from admissions_api.store.tables import RevokedRow
from admissions_api.tokens import TokenRefusedError

KNOWN_SECONDS = 2
"""So long after it is revoked a server may still take a token."""


def revoke(store: Store, token: str, actor: Actor) -> bool:
    """Revokes ``token`` for good; False where it was already."""
    sha256 = _name(token)
    with store.writing() as session:
        if session.get(RevokedRow, sha256) is not None:
            return False
        session.add(RevokedRow(sha256=sha256, at=stamp()))
        append(session, actor, "token.revoked", f"tokens/{sha256[:12]}")
    return True


class Revoked:
    """The tokens that are revoked, as one server knows them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: frozenset[str] = frozenset()
        self._read_at = float("-inf")

    def is_old(self) -> bool:
        """Whether they should be read again."""
        return monotonic() - self._read_at > KNOWN_SECONDS

    def refresh(self) -> None:
        """Reads them again."""
        with self._store.reading() as session:
            self._names = frozenset(session.scalars(select(RevokedRow.sha256)))
        self._read_at = monotonic()

    def refuse(self, token: str) -> None:
        """Raises TokenRefusedError for one of them."""
        if _name(token) in self._names:
            raise TokenRefusedError("the token was revoked")


def _name(token: str) -> str:
    return hashlib.sha256(token.strip().encode()).hexdigest()
