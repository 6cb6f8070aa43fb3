"""What the commands of an installation do."""

from __future__ import annotations

import datetime as dt
import json as json_text
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions.verification.property import in_words
from admissions_api.institutions import institutions
from admissions_api.settings import Settings
from admissions_api.tokens import ROLES, SCOPES, Caller, Role, issue, signing_key

if TYPE_CHECKING:
    from admissions_api.store.audit import Verified


_EXAMPLES = {"institution": "uis", "service": "S002", "person": "P0185"}


def new_token(
    settings: Settings, role: Role, scopes: Mapping[str, str | None], name: str | None, hours: int
) -> str:
    """A token signed with this installation's key; ``scopes``: what it is for, by kind.

    Raises UsageError where a role's institution, service or person is missing, unknown or out of
    place.
    """
    (caller,) = _callers((role,), scopes, name)
    return issue(signing_key(settings.home), caller, dt.timedelta(hours=hours))


def new_invitation(
    settings: Settings,
    roles: Sequence[str],
    scopes: Mapping[str, str | None],
    email: str,
    hours: int,
) -> str:
    """The path of a link that signs ``email`` in once, in each of ``roles``.

    Raises UsageError for a role that is none, and as ``new_token`` does.
    """
    from admissions_api.sessions import invite
    from admissions_api.store import Store

    known = [role for role in ROLES if role in roles]
    for role in roles:
        if role not in known:
            raise UsageError(message("terminal.no-role", role=role, known=list(ROLES)))
    callers = _callers(known, scopes, email)
    store = Store(settings.database_url)
    store.migrate()
    secret = invite(store, callers, dt.timedelta(hours=hours))
    store.close()
    return f"/sign-in/{secret}"


def _callers(
    roles: Sequence[Role], scopes: Mapping[str, str | None], name: str | None
) -> list[Caller]:
    """A caller in each role. Raises UsageError where what a role is for is missing or unknown."""
    wanted = list(dict.fromkeys(roles))
    needed = {SCOPES[role]: role for role in wanted if role in SCOPES}
    for kind, value in scopes.items():
        if kind in needed and not value:
            said = {"role": needed[kind], "kind": kind, "example": _EXAMPLES[kind]}
            raise UsageError(message("terminal.role-needs", **said))
        if kind not in needed and value:
            raise UsageError(message("terminal.role-takes-no", role=", ".join(wanted), kind=kind))
    known, institution = institutions(), scopes["institution"]
    if institution is not None and institution not in known:
        raise UsageError(
            message("terminal.no-institution", institution=institution, known=list(known))
        )
    return [_caller(role, scopes, name) for role in ROLES if role in wanted]


def _caller(role: Role, scopes: Mapping[str, str | None], name: str | None) -> Caller:
    scope = (scopes[SCOPES[role]] if role in SCOPES else None) or ""
    return Caller(name or "-".join(filter(None, (role, scope))), role, scope)


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
    said = message("terminal.audit-unchanged", entries=found.entries, head=found.head)
    if found.findings:
        count = len(found.findings)
        said = message("terminal.audit-findings", entries=found.entries, findings=count)
    found_out = (*found.findings, *found.erased)
    lines = [said.in_(language), *(f"  {in_words(line, language)}" for line in found_out)]
    return found, "\n".join(lines)
