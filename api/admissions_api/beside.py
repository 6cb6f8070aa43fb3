"""What the coordinator states beside the parts: the register of services, and own wishes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.intake.beside import read_register, read_wishes
from admissions.intake.merging import Row, Tables, tables_of, texts_of
from admissions.results.files import packed, unpacked
from admissions_api.clock import stamp
from admissions_api.settings import Settings
from admissions_api.store import get_blob, put_blob
from admissions_api.store.agreed_tables import RegisterRow, WishesRow
from admissions_api.store.audit import Actor, append
from admissions_api.uploads import files_uploaded

Stated = RegisterRow | WishesRow
Kind = TypeVar("Kind", RegisterRow, WishesRow)
_NAMES: dict[type[Stated], str] = {RegisterRow: "register", WishesRow: "wishes"}


def read_uploaded_register(data: bytes, offerings: Collection[str], settings: Settings) -> Tables:
    """The register in ``data``: a CSV file of services, a zip or a workbook. Raises as uploads."""
    return read_register(files_uploaded(data, "services.csv", settings), offerings)


def read_uploaded_wishes(data: bytes, offerings: Collection[str], settings: Settings) -> list[Row]:
    """The wishes in ``data``: a CSV file, or a workbook. Raises as uploads."""
    return read_wishes(files_uploaded(data, "wishes.csv", settings), offerings)


def latest_stated(session: Session, kind: type[Stated], round_id: str) -> Stated | None:
    """The register, or the wishes, that count in the round; None while there are none."""
    rows = select(kind).where(kind.round_id == round_id).order_by(kind.version.desc()).limit(1)
    return cast("Stated | None", session.scalar(rows))


def register_of(session: Session, round_id: str) -> Tables | None:
    """The rows of the round's register, None while there is none."""
    row = latest_stated(session, RegisterRow, round_id)
    return None if row is None else tables_of(unpacked(get_blob(session, row.sha256)))


def wishes_of(session: Session, round_id: str) -> list[Row] | None:
    """The applicants' own wishes, None while nobody has put any."""
    row = latest_stated(session, WishesRow, round_id)
    if row is None:
        return None
    return tables_of(unpacked(get_blob(session, row.sha256))).get("wishes", [])


def as_stored(tables: Tables) -> Tables:
    """``tables`` as they come back once they are stored."""
    return tables_of({name: text.encode() for name, text in texts_of(tables).items()})


def store_register(session: Session, round_id: str, register: Tables) -> RegisterRow:
    """Stores ``register`` as the round's newest."""
    row = RegisterRow(
        round_id=round_id, sha256=_put(session, register), rows=len(register["services"])
    )
    return _stored(session, row)


def store_wishes(session: Session, round_id: str, wishes: Sequence[Row]) -> WishesRow:
    """Stores ``wishes`` as the round's newest."""
    sha256 = _put(session, {"wishes": list(wishes)})
    return _stored(session, WishesRow(round_id=round_id, sha256=sha256, rows=len(wishes)))


def _put(session: Session, tables: Tables) -> str:
    return put_blob(session, packed(texts_of(tables)))


def _stored(session: Session, row: Kind) -> Kind:
    newest = select(func.max(type(row).version)).where(type(row).round_id == row.round_id)
    row.version = (session.scalar(newest) or 0) + 1
    row.at = stamp()
    session.add(row)
    session.flush()
    return row


def audit_stated(session: Session, row: Stated, actor: Actor) -> None:
    """Adds to the chain that the register, or the wishes, were put."""
    name = _NAMES[type(row)]
    append(
        session,
        actor,
        f"{name}.put",
        f"rounds/{row.round_id}/{name}",
        version=row.version,
        sha256=row.sha256,
    )
