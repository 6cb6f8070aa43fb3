"""What is wrong with the storage, if anything: which it is, what it is answered, what helps."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError

from admissions_api.problems import ProblemError, answer
from admissions_api.store import Store
from admissions_api.store.engine import BusyError, ErasedError

LEAST_FREE = 32 * 2**20
"""With fewer free bytes where the database lies, the service is not ready."""
READY_SECONDS = 5
_log = structlog.get_logger("admissions.storage")


@dataclass(frozen=True)
class Fault:
    """One kind of fault of the storage."""

    name: str
    status: int
    says: str
    advice: str

    def problem(self) -> ProblemError:
        """What it is answered."""
        headers = {"Retry-After": "5"} if self.status == 503 else {}
        return ProblemError(self.status, self.says, self.advice, headers=headers)


DISK_FULL = Fault(
    "disk-full", 507, "the disk is full", "Maybe ask whoever runs the service to make room on it."
)
LOCKED = Fault(
    "locked", 503, "the database is locked by another program", "Maybe ask again in a moment."
)
READ_ONLY = Fault(
    "read-only", 503, "the database cannot be written",
    "Maybe ask whoever runs the service to look at the rights of its folder.",
)  # fmt: skip
UNREADABLE = Fault(
    "unreadable", 503, "the database cannot be read",
    "Maybe ask whoever runs the service to look at its disk.",
)  # fmt: skip
AWAY = Fault("away", 503, "the database is busy or away", "Maybe ask again.")
FULL_OF_WRITERS = Fault("writers", 503, "too many write at once", "Maybe ask again.")

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: UNREADABLE,
    sqlite3.SQLITE_CORRUPT: UNREADABLE,
    sqlite3.SQLITE_NOTADB: UNREADABLE,
    sqlite3.SQLITE_CANTOPEN: UNREADABLE,
}
_OF_POSTGRESQL = {"53100": DISK_FULL, "55P03": LOCKED, "25006": READ_ONLY}
_FULL = (errno.ENOSPC, errno.EDQUOT)


def fault_of_storage(error: BaseException) -> Fault | None:
    """Which fault of the storage ``error`` is; None for another kind of error."""
    if isinstance(error, OSError):
        return DISK_FULL if error.errno in _FULL else None
    if isinstance(error, BusyError):
        return FULL_OF_WRITERS
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _OF_SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state in _OF_POSTGRESQL:
        return _OF_POSTGRESQL[state]
    kind = type(error.orig).__mro__
    return AWAY if any(base.__name__ == "OperationalError" for base in kind) else None


def told(fault: Fault) -> Fault:
    """``fault``, which is logged."""
    _log.error("the storage refuses", fault=fault.name)
    return fault


def answer_storage_faults(app: FastAPI) -> None:
    """Every fault of the storage is answered with which it is; another error stays one."""

    async def answered(request: Request, error: Exception) -> JSONResponse:
        fault = fault_of_storage(error)
        if fault is None:
            raise error
        return answer(told(fault).problem(), request.url.path)

    async def gone(request: Request, error: Exception) -> JSONResponse:
        problem = ProblemError(
            410, "its persons' data were erased", "Maybe look at GET /v1/audit for when and why."
        )
        return answer(problem, request.url.path)

    app.add_exception_handler(ErasedError, gone)
    for kind in (DBAPIError, OSError, BusyError):
        app.add_exception_handler(kind, answered)


def fault_now(store: Store, home: Path) -> Fault | None:
    """What keeps the service from writing now, tried with a write that changes nothing."""
    if shutil.disk_usage(home).free < LEAST_FREE:
        return told(DISK_FULL)
    try:
        store.try_to_write(READY_SECONDS)
    except DBAPIError as error:
        return told(fault_of_storage(error) or AWAY)
    return None
