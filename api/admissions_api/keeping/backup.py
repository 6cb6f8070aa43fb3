"""Backups: the database as it is at one moment and the token key, in one file of mode 600.

It is taken beside a running server, through SQLite's own copying; a backup is whole or absent.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from admissions.model.errors import UsageError, system_fault
from admissions.model.messages import message
from admissions.model.version import __version__
from admissions.verification.property import Noted
from admissions_api.settings import Settings
from admissions_api.store import Store
from admissions_api.store.audit import Verified, verify
from admissions_api.tokens import KEY_FILE

DATABASE = "admissions.sqlite3"
ABOUT = "backup.json"
_MODE = 0o600


def write_backup(settings: Settings, file: Path) -> Verified:
    """Writes the backup ``file``; what its chain says of itself comes back.

    Raises UsageError where the database is not SQLite's, there is none, or ``file`` exists.
    """
    source = database_file(settings)
    if not source.is_file():
        raise UsageError(message("terminal.backup-nothing", place=str(source)))
    if file.exists():
        raise UsageError(message("terminal.file-exists", file=str(file)))
    try:
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".backup-") as place:
            copy = Path(place) / DATABASE
            _copied(source, copy)
            found = _verified(copy)
            made = Path(place) / "made.zip"
            _pack(made, copy, settings.home / KEY_FILE, found)
            os.link(made, file)
    except OSError as error:
        raise UsageError(
            message("terminal.system", name=str(file), why=system_fault(error))
        ) from None
    return found


def database_file(settings: Settings) -> Path:
    """The file of the installation's database. Raises UsageError where it is another's."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise UsageError(message("terminal.backup-postgresql"))
    return Path(url.database)


def _copied(source: Path, copy: Path) -> None:
    copy.touch(mode=_MODE)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def _verified(database: Path) -> Verified:
    store = Store(f"sqlite:///{database}")
    store.migrate()
    with store.reading() as session:
        found = verify(session)
    store.close()
    return found


def _pack(made: Path, copy: Path, key: Path, found: Verified) -> None:
    made.touch(mode=_MODE)
    about = {"program": __version__, "entries": found.entries, "head": found.head}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(copy, DATABASE)
        if key.is_file():
            archive.write(key, KEY_FILE)
        archive.writestr(ABOUT, json.dumps(about, indent=2))


def restore_backup(settings: Settings, file: Path) -> Verified:
    """Fills an empty home from the backup ``file``, and verifies it.

    Raises UsageError where something is there already, or ``file`` is no whole backup.
    """
    database = database_file(settings)
    places = {DATABASE: database, KEY_FILE: settings.home / KEY_FILE}
    for place in places.values():
        if place.exists():
            raise UsageError(message("terminal.restore-there", place=str(place)))
    try:
        with zipfile.ZipFile(file) as archive:
            about = json.loads(archive.read(ABOUT))
            held = {name: archive.read(name) for name in places if name in archive.namelist()}
            _put(held, places)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        why = system_fault(error) if isinstance(error, OSError) else type(error).__name__
        said = message("terminal.restore-no-backup", file=str(file), why=why)
        raise UsageError(said) from None
    found = _verified(database)
    if (found.entries, found.head) != (about.get("entries"), about.get("head")):
        wrong = Noted("chain-backup", made=about.get("entries"), here=found.entries)
        return Verified(found.entries, found.head, (*found.findings, wrong), found.erased)
    return found


def _put(held: dict[str, bytes], places: dict[str, Path]) -> None:
    for name, data in held.items():
        place = places[name]
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
