"""What the commands of an installation do."""

from __future__ import annotations

import datetime as dt
import json as json_text
from dataclasses import asdict
from typing import TYPE_CHECKING

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions_api.institutions import institutions
from admissions_api.settings import Settings
from admissions_api.tokens import SCOPES, Caller, Role, issue, signing_key

if TYPE_CHECKING:
    from admissions_api.store.audit import Verified


def new_token(
    settings: Settings,
    role: Role,
    institution: str | None,
    service: str | None,
    name: str | None,
    hours: int,
) -> str:
    """A token signed with this installation's key.

    Raises UsageError where a role's institution or service is missing, unknown or out of place.
    """
    given = {"institution": institution, "service": service}
    needed = SCOPES.get(role)
    for kind, value in given.items():
        if kind == needed and not value:
            example = "uis" if kind == "institution" else "S002"
            raise UsageError(message("terminal.role-needs", role=role, kind=kind, example=example))
        if kind != needed and value:
            raise UsageError(message("terminal.role-takes-no", role=role, kind=kind))
    known = institutions()
    if institution is not None and institution not in known:
        raise UsageError(
            message("terminal.no-institution", institution=institution, known=list(known))
        )
    scope = (given[needed] if needed else None) or ""
    caller = Caller(name or "-".join(filter(None, (role, scope))), role, scope)
    return issue(signing_key(settings.home), caller, dt.timedelta(hours=hours))


def verified_audit(
    settings: Settings, head: str | None, language: Language, *, json: bool
) -> tuple[Verified, str]:
    """What a check of the chain finds, and the text that tells it."""
    from admissions_api.store import Store
    from admissions_api.store.audit import verify

    store = Store(settings.database_url)
    store.migrate()
    with store.reading() as session:
        found = verify(session, head)
    store.close()
    if json:
        return found, json_text.dumps(asdict(found), indent=2)
    if not found.findings:
        said = message("terminal.audit-unchanged", entries=found.entries, head=found.head)
        return found, said.in_(language)
    said = message("terminal.audit-findings", entries=found.entries, findings=len(found.findings))
    return found, "\n".join([said.in_(language), *(f"  {finding}" for finding in found.findings)])
