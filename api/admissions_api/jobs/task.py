"""A job's work and what came out of it, as its kind and its worker hand them to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from admissions_api.settings import Settings
from admissions_api.store import Store


@dataclass(frozen=True)
class Task:
    """One job's work: ``request`` is what was asked; ``tell`` says how far it is."""

    id: str
    store: Store
    settings: Settings
    request: Mapping[str, Any]
    tell: Callable[[int, int], None]


@dataclass(frozen=True)
class JobResult:
    """What came out: ``keep`` stores it in the transaction that ends the job.

    Where somebody was erased since the job began, ``keep_left`` stores what is of the others; a job
    without it is done again.

    ``target`` is what the audit chain names; ``location`` where the result can be read, None for
    the job's own.
    """

    result: Mapping[str, Any]
    target: str
    location: str | None = None
    keep: Callable[[Session], None] | None = None
    keep_left: Callable[[Session], None] | None = None
