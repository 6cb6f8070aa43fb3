"""Rounds in the store: opening, parts, closing, and the whole round for who may read it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.front.opening import resolved
from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.errors import InputError
from admissions.model.resources import offering_ids
from admissions.model.round import Round, RoundSettings
from admissions.results.files import sha256_of
from admissions.rulebooks.scenario import ResolvedScenario
from admissions_api.clock import from_stamp, now, stamp
from admissions_api.parts import merged_tables, packed_part, texts_of, with_preferences
from admissions_api.preferences import latest_preferences
from admissions_api.problems import ProblemError, not_found
from admissions_api.store import put_blob
from admissions_api.store.audit import Actor, append
from admissions_api.store.engine import ErasedError
from admissions_api.store.tables import Blob, PartRow, RoundRow

_KEPT_IN_MEMORY = 4


def find_round(session: Session, round_id: str) -> RoundRow:
    """The round called ``round_id``. Raises ProblemError (404) when there is none."""
    row = session.get(RoundRow, round_id)
    if row is None:
        raise not_found("such round", "look at GET /v1/rounds")
    if row.state == "erased":
        raise ErasedError
    return row


def refuse_unless_open(row: RoundRow) -> None:
    """Raises ProblemError (409) once the round is closed."""
    if row.state != "open":
        raise ProblemError(
            409, f"the round is {row.state}", "Maybe ask the coordinator to open another."
        )


def refuse_after_deadline(row: RoundRow) -> None:
    """Raises ProblemError (409) once the round's deadline has passed, or it is closed."""
    refuse_unless_open(row)
    if now() >= from_stamp(row.deadline):
        raise ProblemError(
            409,
            f"the deadline has passed: {row.deadline}",
            "Maybe ask the coordinator; what was sent before stands.",
        )


def latest_parts(session: Session, round_id: str) -> dict[str, PartRow]:
    """The part that counts of each institution, by institution."""
    rows = session.scalars(
        select(PartRow).where(PartRow.round_id == round_id).order_by(PartRow.version)
    )
    return {row.institution: row for row in rows}


def store_part(session: Session, round_id: str, institution: str, part: Round) -> PartRow:
    """Stores ``part`` as the newest of ``institution``."""
    newest = session.scalar(
        select(func.max(PartRow.version)).where(
            PartRow.round_id == round_id, PartRow.institution == institution
        )
    )
    row = PartRow(
        round_id=round_id,
        institution=institution,
        version=(newest or 0) + 1,
        sha256=put_blob(session, packed_part(part)),
        applicants=len(part.applicants),
        applications=len(part.applications),
        notes=[str(note) for note in part.notes],
        at=stamp(),
    )
    session.add(row)
    session.flush()
    return row


def audit_part(session: Session, row: RoundRow, part: PartRow, actor: Actor) -> None:
    """Adds to the chain that ``part`` was uploaded."""
    append(
        session,
        actor,
        "part.uploaded",
        f"rounds/{row.id}/parts/{part.institution}",
        version=part.version,
        sha256=part.sha256,
    )


def round_settings(row: RoundRow) -> RoundSettings:
    """The settings that the coordinator gave the round."""
    return RoundSettings.model_validate(row.settings)


def part_bytes(session: Session, parts: Mapping[str, PartRow]) -> dict[str, bytes]:
    """The stored bytes of ``parts``, by institution."""
    wanted = {row.sha256 for row in parts.values()}
    rows = session.execute(select(Blob.sha256, Blob.data).where(Blob.sha256.in_(wanted)))
    found = {sha256: data for sha256, data in rows}  # noqa: C416 - a row is no pair to mypy
    return {institution: found[row.sha256] for institution, row in parts.items()}


def read_texts(texts: Mapping[str, str], offerings: Sequence[str] | None = None) -> Round:
    """The round whose files are ``texts``, by name. Raises InputError."""
    files = {name: text.encode() for name, text in texts.items()}
    return read_round(files, offerings=offerings or offering_ids())


def resolved_for(row: RoundRow, scenario: str, seed: int | None = None) -> ResolvedScenario:
    """The shipped ``scenario`` for the round, with another lottery seed if one is given."""
    return resolved(scenario, rules_on=round_settings(row).rules_on, seed=seed)


def whole_round(session: Session, row: RoundRow) -> Round:
    """All parts as one round with what leaders sent, known by the hashes of its canonical form.

    Whoever was named by a leader and is in no part any more is left out of the order. Raises
    InputError where the parts do not go together.
    """
    parts = latest_parts(session, row.id)
    if not parts:
        raise ProblemError(409, "no part of the round is uploaded", "Maybe wait for the offices.")
    tables = merged_tables(part_bytes(session, parts))
    staff = {person["person_id"]: person["service_id"] for person in tables["applicants"]}
    sent = {}
    for service, said in latest_preferences(session, row.id).items():
        rows = [r for r in said.rows(service) if staff.get(r["person_id"]) == service]
        sent[service] = (rows, said.max_students)
    merged = read_texts(texts_of(with_preferences(tables, sent), round_settings(row)))
    canonical = {name: sha256_of(text.encode()) for name, text in round_texts(merged).items()}
    return replace(merged, sha256=dict(sorted(canonical.items())))


class WholeRounds:
    """Whole rounds as they were last read; a few stay in memory, by what their parts hold."""

    def __init__(self) -> None:
        self._rounds: OrderedDict[tuple[str, ...], Round] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, session: Session, row: RoundRow) -> tuple[tuple[str, ...], Round]:
        """All parts of ``row`` as one round, without what leaders sent; first what it is known by.

        Raises ProblemError (409) while nothing is uploaded or the parts do not go together.
        """
        parts = latest_parts(session, row.id)
        if not parts:
            raise ProblemError(
                409, "no part of the round is uploaded yet", "Maybe wait for the offices."
            )
        erased = session.scalar(
            select(func.count()).select_from(Blob).where(Blob.stands_as.is_not(None))
        )
        key = (row.id, str(row.settings), str(erased), *(part.sha256 for part in parts.values()))
        with self._lock:
            if key not in self._rounds:
                self._rounds[key] = _whole(session, row, parts)
            self._rounds.move_to_end(key)
            while len(self._rounds) > _KEPT_IN_MEMORY:
                self._rounds.popitem(last=False)
            return key, self._rounds[key]


def _whole(session: Session, row: RoundRow, parts: Mapping[str, PartRow]) -> Round:
    try:
        tables = merged_tables(part_bytes(session, parts))
        return read_texts(texts_of(tables, round_settings(row)))
    except InputError:
        raise ProblemError(
            409,
            "the parts of the round do not go together yet",
            "Maybe ask the coordinator, to whom each place is named.",
        ) from None
