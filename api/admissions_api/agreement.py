"""What the parts of a round agree in: the round that they are together, and what clashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.front.merging import clash_finding
from admissions.intake.merging import Merged, merged, tables_of
from admissions.intake.writing import round_texts
from admissions.model.errors import AdmissionsError
from admissions.model.round import Round
from admissions.results.files import sha256_of
from admissions_api.beside import latest_stated, register_of, wishes_of
from admissions_api.clashes import chosen, store_clashes
from admissions_api.institutions import own_offerings
from admissions_api.parts import files_of, latest_parts, part_files, with_preferences
from admissions_api.preferences import latest_preferences
from admissions_api.problems import ProblemError
from admissions_api.rounds import read_texts, resolved_for, round_settings
from admissions_api.staffs import store_staffs
from admissions_api.store import Store
from admissions_api.store.agreed_tables import RegisterRow, WishesRow
from admissions_api.store.engine import ErasedError
from admissions_api.store.tables import PartRow, RoundRow


def merged_parts(session: Session, row: RoundRow) -> Merged:
    """All parts that count as one round, with whose word was taken where they clash."""
    return _merged(session, row, latest_parts(session, row.id))


def _merged(session: Session, row: RoundRow, parts: Mapping[str, PartRow]) -> Merged:
    files = part_files(session, parts)
    return merged(
        {institution: tables_of(own) for institution, own in files.items()},
        register=register_of(session, row.id),
        wishes=wishes_of(session, row.id),
        chosen=chosen(session, row.id),
        read_by=_read_by(row, files),
    )


def _read_by(row: RoundRow, institutions: Iterable[str]) -> dict[str, frozenset[str]]:
    """The facts that the rules of each institution's offerings read."""
    versions = resolved_for(row, row.scenario).versions
    return {
        institution: frozenset(
            fact
            for offering in own_offerings(institution)
            if offering in versions
            for rule in versions[offering].rules()
            for fact in rule.reads()
        )
        for institution in institutions
    }


def own_part(session: Session, row: RoundRow, part: PartRow) -> Merged:
    """One institution's part alone, with the register."""
    files = part_files(session, {part.institution: part})
    return merged(
        {institution: tables_of(own) for institution, own in files.items()},
        register=register_of(session, row.id),
    )


def agree(session: Session, row: RoundRow) -> Merged:
    """Stores, within a write, what clashes now and what is agreed of each service's staff."""
    found = merged_parts(session, row)
    store_clashes(session, row.id, found)
    store_staffs(session, row.id, found)
    row.agreed = agreed_from(session, row)
    return found


def agreed_from(session: Session, row: RoundRow) -> str:
    """A hash of all that the agreement of the round is made from."""
    stated = {
        institution: part.sha256 for institution, part in latest_parts(session, row.id).items()
    }
    register = latest_stated(session, RegisterRow, row.id)
    wishes = latest_stated(session, WishesRow, row.id)
    stated["register"] = "" if register is None else register.sha256
    stated["wishes"] = "" if wishes is None else wishes.sha256
    said = repr((sorted(stated.items()), sorted(chosen(session, row.id).items())))
    return hashlib.sha256(said.encode()).hexdigest()


def agree_all(store: Store) -> None:
    """Stores the agreement of each round that has none yet: it was made by an earlier version.

    A round that no rules apply to any more is left as it is; so is one that is erased.
    """
    wanted = select(RoundRow.id).where(RoundRow.agreed.is_(None))
    with store.reading() as session:
        if session.scalar(wanted.limit(1)) is None:
            return
    with store.writing() as session:
        for round_id in session.scalars(wanted).all():
            with suppress(AdmissionsError, ErasedError):
                agree(session, session.get_one(RoundRow, round_id))


def whole_round(session: Session, row: RoundRow) -> Round:
    """All parts as one round with what leaders sent, known by the hashes of its canonical form.

    Whoever was named by a leader and is in no part any more is left out of the order. Raises
    ProblemError (409) while nothing is uploaded or anything clashes, and InputError where the parts
    cannot be read as one.
    """
    parts = latest_parts(session, row.id)
    if not parts:
        raise ProblemError(409, "no part of the round is uploaded", "Maybe wait for the offices.")
    found = _merged(session, row, parts)
    refuse_clashes(found)
    staff = {person["person_id"]: person.get("service_id") for person in found.tables["applicants"]}
    sent = {}
    for service, said in latest_preferences(session, row.id).items():
        rows = [r for r in said.rows(service) if staff.get(r["person_id"]) == service]
        sent[service] = (rows, said.max_students)
    merged_round = read_texts(files_of(with_preferences(found.tables, sent), round_settings(row)))
    canonical = {name: sha256_of(text.encode()) for name, text in round_texts(merged_round).items()}
    return replace(merged_round, sha256=dict(sorted(canonical.items())))


def refuse_clashes(found: Merged) -> None:
    """Raises ProblemError (409), which names each, while anything clashes."""
    if found.clashes:
        raise ProblemError(
            409,
            "the parts of the round clash",
            "Maybe ask the offices to correct their parts, or settle each with a reason: "
            "GET …/clashes.",
            findings=[clash_finding(clash) for clash in found.clashes],
        )
