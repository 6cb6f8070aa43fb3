"""Who may call what: every route names its roles, and every scope is checked before anything."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from admissions_api.installation import Installation
from admissions_api.problems import ProblemError
from admissions_api.tokens import (
    ROLES,
    SCOPES,
    Caller,
    Role,
    TokenRefusedError,
    read,
    stated_by,
)

BEARER = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    description="A token: admissions token --role office --institution uis",
)


def installation_of(request: Request) -> Installation:
    """What the application was made with."""
    installation: Installation = request.app.state.installation
    return installation


async def _installed(request: Request) -> Installation:
    """The same for a route; a dependency that is not ``async`` takes a thread."""
    return installation_of(request)


Installed = Annotated[Installation, Depends(_installed)]


class Allowed:
    """Lets a request through whose token has one of ``roles``; others get 401 or 403."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(
        self,
        request: Request,
        installation: Installed,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    ) -> Caller:
        """The caller. Raises ProblemError."""
        if credentials is None:
            raise _unknown("this needs a token", installation, request)
        try:
            caller = await _caller(installation, credentials.credentials)
        except TokenRefusedError as error:
            raise _unknown(str(error), installation, request) from None
        request.state.role = caller.role
        request.state.institution = caller.scope if caller.role == "office" else None
        installation.limiter.count(caller.key)
        if caller.role not in self.roles:
            raise ProblemError(
                403,
                f"the role {caller.role} may not do this",
                f"Maybe use a token of: {', '.join(self.roles)}.",
            )
        return caller


def _unknown(why: str, installation: Installation, request: Request) -> ProblemError:
    installation.limiter.count(f"address:{request.client.host if request.client else ''}")
    return ProblemError(
        401,
        why,
        "Maybe make a new one: admissions token --role … ; send it as Authorization: Bearer TOKEN.",
        headers={"WWW-Authenticate": "Bearer"},
    )


async def _caller(installation: Installation, token: str) -> Caller:
    issuer, key_id = stated_by(token)
    known = installation.issuer
    if known is not None and issuer == known.name:
        if known.needs(key_id):
            await installation.asking_issuer.run(known.refresh, key_id)
        return known.caller_of(token)
    caller = read(installation.key, token)
    if installation.revoked.is_old():
        await run_in_threadpool(installation.revoked.refresh)
    installation.revoked.refuse(token)
    return caller


Anyone = Annotated[Caller, Depends(Allowed(*ROLES))]
Office = Annotated[Caller, Depends(Allowed("office"))]
Auditor = Annotated[Caller, Depends(Allowed("coordinator", "auditor"))]
Coordinator = Annotated[Caller, Depends(Allowed("coordinator"))]
OfficeOrCoordinator = Annotated[Caller, Depends(Allowed("office", "coordinator"))]
Analyst = Annotated[Caller, Depends(Allowed("analyst"))]
AnalystOrCoordinator = Annotated[Caller, Depends(Allowed("analyst", "coordinator"))]
Leader = Annotated[Caller, Depends(Allowed("leader"))]


def keep_to_own(caller: Caller, scope: str) -> None:
    """Raises ProblemError (403) when an office, a leader or an applicant asks for another's.

    Whether the other exists is not told.
    """
    if caller.role in SCOPES and caller.scope != scope:
        raise ProblemError(
            403,
            f"this token is for {caller.scope!r} alone",
            "Maybe use that one's own token, or leave the other's path.",
        )


def roles_of(route: Any) -> tuple[Role, ...]:
    """The roles that a route's dependencies let through; none for a public route."""
    pending = list(route.dependant.dependencies)
    while pending:
        dependant = pending.pop()
        if isinstance(dependant.call, Allowed):
            return dependant.call.roles
        pending += dependant.dependencies
    return ()
