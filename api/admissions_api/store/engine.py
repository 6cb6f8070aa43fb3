"""Opens the store: SQLite in one file (WAL) or PostgreSQL, brought to the newest schema."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from admissions.model.errors import UsageError
from admissions_api.store.tables import AuditHead, Blob

SALT_BYTES = 16
BUSY_SECONDS = 60
"""So long a writer waits for its turn."""
MOST_WRITERS = 20
"""So many writers of one process wait where none has got its turn for ``LONG_SECONDS``; more would
take every thread that answers."""
LONG_SECONDS = 5
MIGRATIONS = "admissions_api:store/migrations"
_MIGRATING = 7104
"""The number of the advisory lock that lets one server at a time migrate."""


class ErasedError(Exception):
    """What was stored is erased: all of it were persons' data."""


class BusyError(Exception):
    """More writers wait than may."""


class ChangedError(Exception):
    """What a write was prepared from stands otherwise by now."""


class Store:
    """The store at one URL.

    Reads see what was committed; writers come one by one, on either database, so that the audit
    chain has one order and a rule checked in a write stays true.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise UsageError(
                "ADMISSIONS_DATABASE is no database URL. "
                "Maybe postgresql+psycopg://user@host/name, or leave it unset for SQLite."
            ) from None
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if not self.sqlite and parsed.get_backend_name() != "postgresql":
            raise UsageError(
                f"ADMISSIONS_DATABASE names {parsed.get_backend_name()!r}; "
                "expected sqlite or postgresql."
            )
        options: dict[str, Any] = {"pool_size": 20, "max_overflow": 20}
        if self.sqlite:
            options["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                Path(parsed.database).touch(mode=0o600)
        else:
            options["pool_pre_ping"] = True
        self.engine = create_engine(parsed, **options)
        if self.sqlite:
            _speak_plainly_to_sqlite(self.engine)
        self._waiting: dict[object, float] = {}
        self._writing = self.engine.execution_options(immediate=True)

    def migrate(self) -> None:
        """Brings the schema to the newest version. Raises UsageError when it cannot be reached."""
        config = Config()
        config.set_main_option("script_location", MIGRATIONS)
        try:
            with self._writing.begin() as connection:
                if not self.sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise UsageError(
                f"The database does not answer: {reason}. Maybe ADMISSIONS_DATABASE is misspelt."
            ) from None

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are stored together when the block ends, or not at all.

        It holds the audit chain's head, so no other writer comes between. Raises BusyError where
        too many wait already.
        """
        me = self._wait()
        try:
            with Session(self._writing, expire_on_commit=False) as session, session.begin():
                session.execute(select(AuditHead.id).with_for_update())
                self._waiting.pop(me)
                yield session
        finally:
            self._waiting.pop(me, None)

    def _wait(self) -> object:
        me, began = object(), monotonic()
        waiting = list(self._waiting.values())
        if len(waiting) >= MOST_WRITERS and began - min(waiting) > LONG_SECONDS:
            raise BusyError
        self._waiting[me] = began
        return me

    @contextmanager
    def beating(self) -> Iterator[Session]:
        """A session for a sign of life: one row, no audit, no waiting for other writers' turns."""
        with Session(self._writing) as session, session.begin():
            yield session

    def forget(self) -> bool:
        """Has the database forget what was removed from it; whether it has by now.

        SQLite's write-ahead log and PostgreSQL's rows keep it until then. Neither lets go of what
        somebody still reads.
        """
        with self.engine.connect() as connection:
            if self.sqlite:
                connection.rollback()
                raw = connection.connection.cursor()
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return not busy
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM")
            return True

    def try_to_write(self, seconds: int) -> None:
        """A write that changes nothing, which waits ``seconds`` for its turn.

        Raises DBAPIError when the database does not answer, has no schema, or cannot be written.
        """
        with self.engine.connect() as connection:
            connection.exec_driver_sql(
                f"PRAGMA busy_timeout = {seconds * 1000}"
                if self.sqlite
                else f"SET lock_timeout = '{seconds}s'"
            )
            try:
                connection.rollback()
                with connection.execution_options(immediate=True).begin():
                    connection.execute(select(AuditHead.id).with_for_update())
                    connection.execute(update(AuditHead).values(id=AuditHead.id))
            finally:
                connection.invalidate()


def put_blob(session: Session, data: bytes) -> str:
    """Stores ``data`` and returns its name: its SHA-256 with a salt, which no guess can be."""
    salt = new_salt()
    sha256 = name_of(salt, data)
    session.add(Blob(sha256=sha256, salt=salt, data=data))
    session.flush()
    return sha256


def put_again(session: Session, sha256: str, data: bytes) -> str:
    """Stores ``data`` in place of a blob's; returns the hash that it stands as, "" for nothing."""
    blob = session.get_one(Blob, sha256)
    blob.salt, blob.data = new_salt(), data
    blob.stands_as = name_of(blob.salt, data) if data else ""
    session.flush()
    return blob.stands_as


def new_salt() -> str:
    """A salt (hex) that nobody can guess."""
    return os.urandom(SALT_BYTES).hex()


def name_of(salt: str, data: bytes) -> str:
    """The SHA-256 (hex) of the bytes of ``salt`` (hex) and ``data``."""
    return hashlib.sha256(bytes.fromhex(salt) + data).hexdigest()


def get_blob(session: Session, sha256: str) -> bytes:
    """The bytes that stand under the name ``sha256``. Raises ErasedError where none do any more."""
    row = session.execute(select(Blob.data, Blob.stands_as).where(Blob.sha256 == sha256)).one()
    if row.stands_as == "":
        raise ErasedError
    data: bytes = row.data
    return data


def _speak_plainly_to_sqlite(engine: Engine) -> None:
    """Transactions begin when they are said to, and a writer's begins with its turn to write."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
