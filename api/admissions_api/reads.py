"""Reads of personal data, each an entry of a log of its own: who asked for what of whom."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials

from admissions_api.access import BEARER, Allowed, Installed
from admissions_api.clock import stamp
from admissions_api.store import Store
from admissions_api.store.tables import ReadRow
from admissions_api.tokens import ROLES, Caller


class AuditedReading(Allowed):
    """Lets a request through as ``Allowed`` does, and notes it before it is answered.

    Where it cannot be noted, nothing is read.
    """

    async def __call__(
        self,
        request: Request,
        installation: Installed,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    ) -> Caller:
        """The caller. Raises ProblemError."""
        caller = await super().__call__(request, installation, credentials)
        route = request.scope["route"].path
        about = dict(request.path_params)
        await run_in_threadpool(note_read, installation.store, caller, route, about)
        return caller


def note_read(store: Store, caller: Caller, what: str, about: dict[str, Any]) -> None:
    """Notes that ``caller`` asks for ``what`` (a route) of whom ``about`` names."""
    with store.beating() as session:
        session.add(
            ReadRow(
                at=stamp(),
                actor=caller.subject,
                role=caller.role,
                scope=caller.scope,
                what=what,
                about=about,
            )
        )


ApplicantReads = Annotated[Caller, Depends(AuditedReading("applicant"))]
OfficeReads = Annotated[Caller, Depends(AuditedReading("office"))]
LeaderReads = Annotated[Caller, Depends(AuditedReading("leader"))]
CoordinatorReads = Annotated[Caller, Depends(AuditedReading("coordinator"))]
AnyoneReads = Annotated[Caller, Depends(AuditedReading(*ROLES))]
