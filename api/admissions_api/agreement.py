"""What the parts of a round agree in: the round that they are together, and what clashes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.front.merging import clash_finding
from admissions.front.opening import resolved
from admissions.intake.merging import Chosen, Merged, Row, Tables, merged, tables_of
from admissions.intake.writing import round_texts
from admissions.model.errors import AdmissionsError
from admissions.model.round import Round
from admissions.preview.staff import staff_of
from admissions.results.files import sha256_of
from admissions_api.beside import latest_stated, register_of, wishes_of
from admissions_api.clashes import chosen, standing_clashes, store_clashes
from admissions_api.institutions import own_offerings
from admissions_api.parts import (
    Sent,
    files_of,
    latest_parts,
    part_files,
    with_preferences,
)
from admissions_api.preferences import group_rows, latest_preferences, sent_versions, within
from admissions_api.previews import members_of
from admissions_api.problems import ProblemError
from admissions_api.rounds import read_texts, resolved_for, round_settings
from admissions_api.staffs import staff_contents, store_staffs, stored_staffs
from admissions_api.store import Store
from admissions_api.store.agreed_tables import RegisterRow, WishesRow
from admissions_api.store.audit import last_erasure
from admissions_api.store.engine import ChangedError, ErasedError
from admissions_api.store.tables import PartRow, RoundRow


def merged_parts(session: Session, row: RoundRow) -> Merged:
    """All parts that count as one round, with whose word was taken where they clash."""
    return _merged(stated_in(session, row))


@dataclass(frozen=True)
class Inputs:
    """All that the agreement of a round is made from.

    ``known_by`` says as what it stands in the store, so that a write can see whether it still does;
    ``staffs`` is what was agreed before of each service's staff.
    """

    known_by: str
    scenario: str
    rules_on: dt.date | None
    parts: Mapping[str, Mapping[str, bytes]]
    register: Tables | None = None
    wishes: Sequence[Row] | None = None
    chosen: Chosen = field(default_factory=dict)
    staffs: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class AgreedRound:
    """What parts agree in, worked out: what clashes, and each service's staff as it is stored."""

    known_by: str
    found: Merged
    staffs: Mapping[str, bytes]


def stated_in(session: Session, row: RoundRow) -> Inputs:
    """What the agreement of the round is made from, as it stands now."""
    known_by = _known_by(session, row)
    return Inputs(
        known_by=known_by,
        scenario=row.scenario,
        rules_on=round_settings(row).rules_on,
        parts=part_files(session, latest_parts(session, row.id)),
        register=register_of(session, row.id),
        wishes=wishes_of(session, row.id),
        chosen=chosen(session, row.id),
        staffs=stored_staffs(session, row.id),
    )


def worked_out(inputs: Inputs) -> AgreedRound:
    """The agreement of what is stated. It takes long, so it is not for a write."""
    found = _merged(inputs)
    return AgreedRound(inputs.known_by, found, staff_contents(found, inputs.staffs))


def refuse_changed(session: Session, row: RoundRow, agreement: AgreedRound) -> None:
    """Raises ChangedError where, in a write, what the agreement was made from stands otherwise."""
    if _known_by(session, row) != agreement.known_by:
        raise ChangedError


def keep_agreement(session: Session, row: RoundRow, agreement: AgreedRound) -> None:
    """Stores, within a write, what clashes now and what is agreed of each service's staff."""
    store_clashes(session, row.id, agreement.found)
    store_staffs(session, row.id, agreement.staffs)
    row.agreed = _agreed_from(session, row)


def _merged(inputs: Inputs) -> Merged:
    return merged(
        {institution: tables_of(own) for institution, own in inputs.parts.items()},
        register=inputs.register,
        wishes=inputs.wishes,
        chosen=inputs.chosen,
        read_by=_read_by(inputs),
    )


def _read_by(inputs: Inputs) -> dict[str, frozenset[str]]:
    """The facts that the rules of each institution's offerings read."""
    versions = resolved(inputs.scenario, rules_on=inputs.rules_on).versions
    return {
        institution: frozenset(
            fact
            for offering in own_offerings(institution)
            if offering in versions
            for rule in versions[offering].rules()
            for fact in rule.reads()
        )
        for institution in inputs.parts
    }


def own_part(session: Session, row: RoundRow, part: PartRow) -> Merged:
    """One institution's part alone, with the register."""
    files = part_files(session, {part.institution: part})
    return merged(
        {institution: tables_of(own) for institution, own in files.items()},
        register=register_of(session, row.id),
    )


def _agreed_from(session: Session, row: RoundRow) -> str:
    """A hash of all that the agreement of the round is made from."""
    stated = {
        institution: part.sha256 for institution, part in latest_parts(session, row.id).items()
    }
    register = latest_stated(session, RegisterRow, row.id)
    wishes = latest_stated(session, WishesRow, row.id)
    stated["register"] = "" if register is None else register.sha256
    stated["wishes"] = "" if wishes is None else wishes.sha256
    taken = [(c.number, c.taken) for c in standing_clashes(session, row.id) if c.taken is not None]
    said = repr((sorted(stated.items()), taken))
    return hashlib.sha256(said.encode()).hexdigest()


def _known_by(session: Session, row: RoundRow) -> str:
    """Another text as soon as anything that the agreement is made from stands otherwise.

    An erasure, of whatever, counts as such: what is worked out must not bring anybody back.
    """
    return repr((_agreed_from(session, row), row.agreed, row.settings, last_erasure(session)))


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
            row = session.get_one(RoundRow, round_id)
            with suppress(AdmissionsError, ErasedError):
                keep_agreement(session, row, worked_out(stated_in(session, row)))


def whole_round(session: Session, row: RoundRow) -> Round:
    """All parts as one round with what leaders sent, known by the hashes of its canonical form.

    Whoever was named by a leader and is in no part any more is left out of the order, and a group
    that there are too few for by now is no group. Raises ProblemError (409) while nothing is
    uploaded or anything clashes, and InputError where the parts cannot be read as one.
    """
    if not latest_parts(session, row.id):
        raise ProblemError(409, "no part of the round is uploaded", "Maybe wait for the offices.")
    found = merged_parts(session, row)
    refuse_clashes(found)
    staff = {person["person_id"]: person.get("service_id") for person in found.tables["applicants"]}
    said = latest_preferences(session, row.id)

    def read(groups: Mapping[str, Mapping[str, int]]) -> Round:
        sent = {}
        for service, one in said.items():
            order = [r for r in one.rows(service) if staff.get(r["person_id"]) == service]
            together = None if one.groups is None else group_rows(service, groups.get(service, {}))
            sent[service] = Sent(order, one.max_students, together)
        return read_texts(files_of(with_preferences(found.tables, sent), round_settings(row)))

    merged_round = read({})
    wanted = {service: one.together() for service, one in said.items() if one.groups}
    if wanted:
        resolved = resolved_for(row, row.scenario)
        merged_round = read(
            {
                service: within(groups, members_of(staff_of(merged_round, service), resolved))
                for service, groups in wanted.items()
            }
        )
    canonical = {name: sha256_of(text.encode()) for name, text in round_texts(merged_round).items()}
    return replace(merged_round, sha256=dict(sorted(canonical.items())))


def whole_known_by(session: Session, row: RoundRow) -> str:
    """Another text as soon as anything that ``whole_round`` is made from stands otherwise."""
    return repr((_known_by(session, row), sent_versions(session, row.id)))


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
