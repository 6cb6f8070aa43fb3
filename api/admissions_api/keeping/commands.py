"""What the commands that keep an installation do, and the text that tells it."""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.results.files import json_file, packed
from admissions_api.keeping.backup import restore_backup, write_backup
from admissions_api.keeping.erasing import Erased, erase_person, erase_round, persons_copy
from admissions_api.keeping.stamps import stamp_request, take_stamp
from admissions_api.problems import ProblemError
from admissions_api.revoking import revoke
from admissions_api.settings import Settings
from admissions_api.store import Store
from admissions_api.store.audit import Actor, Verified
from admissions_api.tokens import TokenRefusedError, read, signing_key

Told = tuple[Message, dict[str, object]]
"""What is said, and the same as plain values."""


def operator(name: str | None) -> Actor:
    """Whoever runs a command, as the chain says it."""
    return Actor(name or getpass.getuser(), "operator")


def back_up(settings: Settings, file: Path) -> tuple[Verified, Message]:
    """Writes a backup."""
    found = write_backup(settings, file)
    said = message("terminal.backup-made", file=str(file), entries=found.entries, head=found.head)
    return found, said


def restore(settings: Settings, file: Path) -> tuple[Verified, Message]:
    """Fills an empty home from a backup."""
    found = restore_backup(settings, file)
    place = str(settings.home)
    said = message("terminal.restored", place=place, entries=found.entries, head=found.head)
    return found, said


def erase(
    settings: Settings, person: str | None, round_id: str | None, reason: str, by: str | None
) -> Told:
    """Erases a person, or all persons of a round. Raises UsageError for neither, or for both."""
    if (person is None) == (round_id is None):
        raise UsageError(message("terminal.erase-one"))
    if not reason.strip():
        raise UsageError(message("terminal.erase-reason"))
    store = _opened(settings)
    try:
        if person is not None:
            found = erase_person(store, person, reason, operator(by))
        else:
            found = erase_round(store, str(round_id), reason, operator(by))
    except ProblemError:
        raise UsageError(message("terminal.no-round", round=str(round_id))) from None
    finally:
        store.close()
    return _said(found), asdict(found)


def _said(found: Erased) -> Message:
    if not found.anything:
        return message("terminal.erased-nothing")
    return message("terminal.erased", blobs=found.blobs, rows=found.rows, answers=found.answers)


def export_person(settings: Settings, person: str, out: Path) -> Told:
    """Writes all that is stored of a person. Raises UsageError where ``out`` exists."""
    if out.exists():
        raise UsageError(message("terminal.file-exists", file=str(out)))
    store = _opened(settings)
    found = persons_copy(store, person)
    store.close()
    if not found:
        return message("terminal.exported-nothing"), {"items": 0}
    out.touch(mode=0o600)
    out.write_bytes(packed({"person.json": json_file({"person_id": person, "stored": found})}))
    said = message("terminal.exported", file=str(out), items=len(found))
    return said, {"items": len(found), "file": str(out)}


def request_stamp(settings: Settings, out: Path) -> Message:
    """Writes a request for a time stamp of the chain's head."""
    _refuse_without_stamps()
    store = _opened(settings)
    try:
        head = stamp_request(store, out)
    finally:
        store.close()
    return message("terminal.stamp-requested", file=str(out), head=head)


def keep_stamp(settings: Settings, file: Path, root: Path | None, by: str | None) -> Message:
    """Keeps the answer of a third party."""
    _refuse_without_stamps()
    store = _opened(settings)
    try:
        entry, at = take_stamp(store, file, root, operator(by))
    finally:
        store.close()
    code = "terminal.stamped" if root is not None else "terminal.stamped-unchecked"
    return message(code, entry=entry, at=at)


def revoke_token(settings: Settings, token: str, by: str | None) -> Message:
    """Revokes a local token. Raises UsageError for one that is none of this installation."""
    try:
        read(signing_key(settings.home), token.strip())
    except TokenRefusedError as error:
        raise UsageError(message("terminal.revoke-none", why=str(error))) from None
    store = _opened(settings)
    try:
        new = revoke(store, token, operator(by))
    finally:
        store.close()
    return message("terminal.revoked" if new else "terminal.revoked-before")


def _refuse_without_stamps() -> None:
    if find_spec("rfc3161_client") is None:
        raise UsageError(message("terminal.no-stamps"))


def _opened(settings: Settings) -> Store:
    store = Store(settings.database_url)
    store.migrate()
    return store


def as_json(values: object) -> str:
    """Plain values for programs."""
    return json.dumps(values, indent=2, ensure_ascii=False)
