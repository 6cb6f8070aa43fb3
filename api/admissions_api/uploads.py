"""From uploaded bytes to a checked round: bounded before anything is read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath

from admissions.intake.cell_text import characters_held
from admissions.intake.merging import Tables
from admissions.intake.part import read_part
from admissions.intake.sources import LIKE_TABLES
from admissions.letters.logos import LOGOS
from admissions.model.errors import Finding
from admissions.model.files import Files
from admissions.model.round import Round
from admissions.model.tables import FRAMES
from admissions.results.comparison import SIGN
from admissions_api.problems import ProblemError
from admissions_api.settings import MEBIBYTE, Settings

MEDIA_TYPES = (
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
UPLOAD_BYTES = 16 * MEBIBYTE
MOST_MEMBERS = 200
_WORKBOOK = "[content_types].xml"
_ZIP = b"PK"
CSV = "text/csv"
CONTACTS_CSV, CONTACTS_XLSX, TEMPLATE = "contacts.csv", "contacts.xlsx", "template.toml"


def read_upload(
    data: bytes, offerings: Collection[str], settings: Settings, register: Tables | None = None
) -> Round:
    """The part in ``data``, whose applications are for ``offerings`` alone.

    ``register``: the services that there are, if the coordinator has said so. Raises ProblemError
    (413, 415) for what is too large or no zip, and InputError with every error in the tables.
    """
    read = read_part(_files(data, settings), offerings=offerings, register=register)
    rows = max(len(getattr(read, table.name)) for table in FRAMES)
    if rows > settings.upload_rows:
        raise _too_many_rows(settings)
    return read


def files_uploaded(data: bytes, name: str, settings: Settings) -> Files:
    """The files in ``data``: a workbook, the known files of a zip, or one CSV file, then ``name``.

    Raises ProblemError (413, 415).
    """
    if zipfile.is_zipfile(io.BytesIO(data)) or data.startswith(_ZIP):
        return _files(data, settings)
    _refuse_rows(data, settings)
    return {name: data}


def files_published(data: bytes, settings: Settings) -> dict[str, bytes]:
    """The files of a published folder in the zip ``data``, by their path in it.

    Raises ProblemError (413, 415, 422) for what is too large, no zip, or no published folder.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse_bomb(members, settings)
            files = {member.filename.replace("\\", "/"): archive.read(member) for member in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise ProblemError(
            415, "the upload is no zip, or it is damaged or encrypted", "Maybe zip it anew."
        ) from None
    start = next((name.removesuffix(SIGN) for name in sorted(files) if name.endswith(SIGN)), None)
    told = json_told(files.get(f"{start}{SIGN}", b"")) if start is not None else None
    if start is None or not isinstance(told, dict) or not told.get("public"):
        raise ProblemError(
            422,
            f"the zip holds no public comparison: expected its {SIGN}",
            "Maybe zip the folder that admissions compare --public made.",
        )
    return {
        name.removeprefix(start): content
        for name, content in files.items()
        if name.startswith(start)
    }


def files_beside_letters(data: bytes, settings: Settings) -> dict[str, bytes]:
    """What letters are asked for with: contacts (CSV, or a workbook), or a zip with a template too.

    Raises ProblemError (413, 415, 422) as uploads.
    """
    if not (zipfile.is_zipfile(io.BytesIO(data)) or data.startswith(_ZIP)):
        _refuse_rows(data, settings)
        return {CONTACTS_CSV: data} if data else {}
    files = dict(_files(data, settings, (*LIKE_TABLES, *LOGOS)))
    return {CONTACTS_XLSX: data} if files == {"round.xlsx": data} else files


def json_told(content: bytes) -> object:
    """What JSON says; None where it is none."""
    try:
        told: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return told


def _refuse_rows(content: bytes, settings: Settings) -> None:
    if content.count(b"\n") + content.count(b"\r") > 2 * settings.upload_rows + 2:
        raise _too_many_rows(settings)


def _files(data: bytes, settings: Settings, kinds: Collection[str] = LIKE_TABLES) -> Files:
    """The files of the round: a workbook, or those of a zip that are of ``kinds``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_bomb(members, settings)
            if _WORKBOOK in map(str.casefold, archive.namelist()):
                _refuse_repeated_text(archive, settings)
                return {"round.xlsx": data}
            files: dict[str, bytes] = {}
            for member in members:
                _unpack(archive, member, files, settings, kinds)
            return files
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise ProblemError(
            415,
            "the upload is neither a zip of CSV files nor an .xlsx, or it is damaged or encrypted",
            "Maybe zip the round folder anew, or save the workbook as .xlsx without a password.",
        ) from None


def _refuse_bomb(members: Collection[zipfile.ZipInfo], settings: Settings) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > settings.unpacked_bytes:
        raise ProblemError(
            413,
            f"the upload unpacks to {unpacked} bytes in {len(members)} files; at most "
            f"{settings.unpacked_bytes} bytes in {MOST_MEMBERS} files are read",
            "Maybe leave out what is no table of the round.",
        )


def _refuse_repeated_text(archive: zipfile.ZipFile, settings: Settings) -> None:
    """A workbook's text counts as often as its cells hold it: a small file can hold gigabytes."""
    contents = {name.replace("\\", "/"): archive.read(name) for name in archive.namelist()}
    held = characters_held(contents, settings.unpacked_bytes)
    if held > settings.unpacked_bytes:
        raise ProblemError(
            413,
            f"the workbook's cells hold {held} bytes of text; at most {settings.unpacked_bytes} "
            "are read",
            "Maybe delete a long text that stands in many cells.",
        )


def _unpack(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    files: dict[str, bytes],
    settings: Settings,
    kinds: Collection[str],
) -> None:
    """Adds one file of ``kinds``, whatever folder of the zip it lies in; others are left."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    name = path.name
    if member.is_dir() or path.suffix.casefold() not in kinds:
        return
    if name in files:
        raise ProblemError(
            422,
            f"the zip holds {name} twice",
            "Maybe zip one round folder alone.",
            findings=[Finding(name, None, "", "", "expected this file once")],
        )
    with archive.open(member) as file:
        content = file.read(settings.unpacked_bytes + 1)
    _refuse_rows(content, settings)
    files[name] = content


def _too_many_rows(settings: Settings) -> ProblemError:
    return ProblemError(
        413,
        f"a table has more than {settings.upload_rows} rows",
        "Maybe it holds more than one round; ADMISSIONS_UPLOAD_ROWS sets the limit.",
    )
