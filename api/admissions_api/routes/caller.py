"""Who a token speaks for."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from admissions_api.access import Anyone
from admissions_api.institutions import own_offerings
from admissions_api.tokens import SCOPES, Role

router = APIRouter(prefix="/v1", tags=["catalogue"])


class CallerShown(BaseModel):
    """What a token may do: its role, and the institution, service or person that it is for."""

    role: Role
    institution: str | None = None
    service: str | None = None
    person: str | None = None
    offerings: list[str] | None = None


@router.get("/me")
def me(caller: Anyone) -> CallerShown:
    """Whose token this is: role, institution or service, and an office's own offerings."""
    if caller.role == "office":
        return CallerShown(
            role=caller.role,
            institution=caller.scope,
            offerings=list(own_offerings(caller.scope)),
        )
    if caller.role in SCOPES:
        return CallerShown.model_validate({"role": caller.role, SCOPES[caller.role]: caller.scope})
    return CallerShown(role=caller.role)
