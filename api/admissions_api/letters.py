"""Letters in the store: asked for by an office, made by a job, released to those they are for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from admissions.intake.contacts import Contact, contacts_in
from admissions.letters.templates import Looks, look_of
from admissions.model.files import Files
from admissions.results.files import packed, unpacked
from admissions_api.allocations import ResultFolder, own_decisions
from admissions_api.clock import stamp
from admissions_api.institutions import own_offerings
from admissions_api.jobs.queue import add_job
from admissions_api.problems import ProblemError, not_found
from admissions_api.seasons import read_season
from admissions_api.settings import Settings
from admissions_api.store import get_blob, put_again, put_blob
from admissions_api.store.audit import SYSTEM, append
from admissions_api.store.letter_tables import LetterRow, LettersRow
from admissions_api.store.tables import AllocationRow, Blob, JobRow, RoundRow, SeasonRow
from admissions_api.tokens import Caller
from admissions_api.uploads import CONTACTS_CSV, CONTACTS_XLSX, TEMPLATE, files_beside_letters


@dataclass(frozen=True)
class Beside:
    """What letters are made with beside the decisions: whom they reach, and how they look."""

    contacts: Mapping[str, Contact]
    looks: Looks
    files: tuple[str, ...]


def read_beside(files: Files, people: Collection[str]) -> Beside:
    """What ``files`` say; ``people`` are those whom letters can go to.

    Raises InputError with every error in the contacts, and DataError for a template that cannot be
    used.
    """
    names = [name for name in (CONTACTS_CSV, CONTACTS_XLSX) if name in files]
    contacts = contacts_in(files[names[0]], names[0], people) if names else {}
    looks = {}
    if TEMPLATE in files:
        look = look_of(TEMPLATE, files[TEMPLATE], files)
        looks[look.template.institution] = look
    return Beside(contacts, Looks(looks), tuple(names))


def checked_beside(data: bytes, people: Collection[str], settings: Settings) -> dict[str, bytes]:
    """The files in the upload ``data``, once all of it can be used. Raises as uploads."""
    files = files_beside_letters(data, settings)
    read_beside(files, people)
    return files


def published_of(session: Session, round_row: RoundRow) -> AllocationRow:
    """The round's published allocation. Raises ProblemError (409) where there is none."""
    if round_row.published is None:
        raise ProblemError(
            409,
            "nothing is published in this round",
            "Maybe wait until the coordinator publishes an allocation.",
        )
    return session.get_one(AllocationRow, round_row.published)


def own_people(session: Session, made: AllocationRow, institution: str) -> list[str]:
    """Everybody who has applied at the institution, in a season also late."""
    own = own_offerings(institution)
    season = session.get(SeasonRow, made.round_id)
    if season is None:
        folder = ResultFolder(session, made)
        return sorted({row["person_id"] for row in own_decisions(folder, own)})
    standing = read_season(session, season).standing
    return sorted({person for person, offering in standing.applications if offering in own})


def ask_for_letters(
    session: Session,
    caller: Caller,
    round_row: RoundRow,
    beside: Mapping[str, bytes],
    *,
    changed_alone: bool,
) -> JobRow:
    """Queues, within a write, the job that makes an office's letters with what is ``beside``.

    Raises ProblemError (409) where nothing is published.
    """
    made = published_of(session, round_row)
    request = {"round": round_row.id, "institution": caller.scope, "allocation": made.id}
    job = add_job(session, caller, "letters", request, f"rounds/{round_row.id}/letters")
    session.flush()
    session.add(
        LettersRow(
            id=job.id,
            round_id=round_row.id,
            institution=caller.scope,
            allocation_id=made.id,
            events=0,
            call=0,
            changed_alone=changed_alone,
            beside=put_blob(session, packed(beside)) if beside else None,
            count=0,
            without_address=0,
            at=stamp(),
        )
    )
    return job


def beside_of(session: Session, row: LettersRow) -> dict[str, bytes]:
    """The files that the letters are to be made with."""
    return {} if row.beside is None else unpacked(get_blob(session, row.beside))


def forget_beside(session: Session, row: LettersRow) -> None:
    """Forgets what the letters were made with: names and addresses stand in the letters alone."""
    if row.beside is not None:
        blob, row.beside = row.beside, None
        session.flush()
        session.execute(delete(Blob).where(Blob.sha256 == blob))


def forget_unreleased(session: Session, row: LettersRow) -> None:
    """Forgets the institution's letters of the round that were asked for before, and not released.

    What waits to be made is another's work, and stays.
    """
    earlier = session.scalars(
        select(LettersRow).where(
            LettersRow.round_id == row.round_id,
            LettersRow.institution == row.institution,
            LettersRow.released_at.is_(None),
            LettersRow.at < row.at,
        )
    ).all()
    for one in earlier:
        if session.get_one(JobRow, one.id).ended_at is not None:
            _forget(session, one)


def _forget(session: Session, row: LettersRow) -> None:
    """Forgets letters; the chain, which names their papers, says that they were made anew."""
    forget_beside(session, row)
    pdfs = [letter.pdf for letter in letters_in(session, row)]
    session.execute(delete(LetterRow).where(LetterRow.letters_id == row.id))
    session.delete(row)
    session.flush()
    session.execute(delete(Blob).where(Blob.sha256.in_(pdfs)))
    if row.papers is not None:
        blobs = {row.papers: put_again(session, row.papers, b"")}
        target = f"rounds/{row.round_id}/letters/{row.id}"
        append(session, SYSTEM, "letters.erased", target, reason="made anew", blobs=blobs)


def find_letters(session: Session, round_row: RoundRow, name: str, caller: Caller) -> LettersRow:
    """Letters that are made, if ``caller`` may know of them: an office of its own, else released.

    Raises ProblemError (404).
    """
    row = session.get(LettersRow, name)
    if (
        row is None
        or row.round_id != round_row.id
        or row.made_at is None
        or not (
            row.institution == caller.scope if caller.role == "office" else _out(row, round_row)
        )
    ):
        raise not_found("such letters of yours", "look at GET …/letters")
    return row


def letters_seen(session: Session, round_row: RoundRow, caller: Caller) -> list[LettersRow]:
    """The letters that are made and that ``caller`` may know of, the last first.

    An office sees its own; an applicant those released in which there is one to them.
    """
    wanted = select(LettersRow).where(
        LettersRow.round_id == round_row.id, LettersRow.made_at.is_not(None)
    )
    wanted = wanted.order_by(LettersRow.at.desc(), LettersRow.id)
    if caller.role == "office":
        return list(session.scalars(wanted.where(LettersRow.institution == caller.scope)))
    to_them = select(LetterRow.letters_id).where(
        LetterRow.round_id == round_row.id, LetterRow.person_id == caller.scope
    )
    found = session.scalars(wanted.where(LettersRow.id.in_(to_them)))
    return [row for row in found if _out(row, round_row)]


def letters_in(session: Session, row: LettersRow) -> Iterator[LetterRow]:
    """The letters of ``row``, by person."""
    wanted = select(LetterRow).where(LetterRow.letters_id == row.id)
    yield from session.scalars(wanted.order_by(LetterRow.person_id))


def letters_file(session: Session, row: LettersRow) -> bytes:
    """All of ``row`` as a zip: the letters, one file to print, what dispatch and archive need."""
    files = {} if row.papers is None else unpacked(get_blob(session, row.papers))
    for letter in letters_in(session, row):
        files[letter.file] = get_blob(session, letter.pdf)
    return packed(files)


def _out(row: LettersRow, round_row: RoundRow) -> bool:
    """Whether those whom the letters are for can read them: released, and not taken back."""
    return row.released_at is not None and row.allocation_id == round_row.published
