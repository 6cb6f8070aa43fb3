"""The job that makes an institution's letters of what is published, or of the season since."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from admissions.letters.reading import told_of_result, told_of_season
from admissions.letters.sending import Receipt, SentLetter
from admissions.letters.told import Everybody
from admissions.letters.typesetting import typesetter
from admissions.letters.writing import LETTERS, put_letters, set_letters
from admissions.model.errors import AdmissionsError
from admissions.results.files import packed, unpacked
from admissions.season.season import Season
from admissions_api.clock import stamp
from admissions_api.institutions import own_offerings
from admissions_api.jobs.task import JobResult, Task
from admissions_api.letters import (
    Beside,
    beside_of,
    forget_beside,
    forget_unreleased,
    own_people,
    read_beside,
)
from admissions_api.seasons import read_season
from admissions_api.store import get_blob, put_blob
from admissions_api.store.audit import SYSTEM, append
from admissions_api.store.letter_tables import LetterRow, LettersRow
from admissions_api.store.tables import AllocationRow, SeasonRow


def write_letters(task: Task) -> JobResult:
    """Makes the letters of an institution's own decisions, and stores each by whom it is for."""
    with task.store.reading() as session:
        row = session.get_one(LettersRow, task.id)
        made = session.get_one(AllocationRow, row.allocation_id)
        first = unpacked(get_blob(session, made.folder))
        begun = session.get(SeasonRow, row.round_id)
        season = None if begun is None else read_season(session, begun)
        people = own_people(session, made, row.institution)
        beside = read_beside(beside_of(session, row), people)
    try:
        everybody = _told(first, season, beside, row)
        receipts, files = _made(everybody, beside, task)
    except AdmissionsError:
        with task.store.writing() as session:
            forget_beside(session, session.get_one(LettersRow, task.id))
        raise
    addressed = sum(bool(one.contact.address and one.contact.place) for one in receipts)
    place = f"rounds/{row.round_id}/letters/{row.id}"

    def keep(session: Session) -> None:
        kept = session.get_one(LettersRow, row.id)
        forget_beside(session, kept)
        forget_unreleased(session, kept)
        for one in receipts:
            session.add(_letter(session, kept, one, files[one.file]))
        papers = {name: data for name, data in files.items() if not name.startswith(LETTERS)}
        kept.papers = put_blob(session, packed(papers))
        kept.count, kept.without_address = len(receipts), len(receipts) - addressed
        kept.events = 0 if season is None else len(season.events)
        kept.call = 1 if season is None else season.standing.call
        kept.made_at = stamp()
        told = {"count": kept.count, "sha256": kept.papers}
        append(session, SYSTEM, "letters.made", place, institution=kept.institution, **told)

    made_of_it = {"letters": len(receipts), "without_address": len(receipts) - addressed}
    return JobResult(made_of_it, place, f"/v1/{place}", keep)


def _told(
    first: dict[str, bytes], season: Season | None, beside: Beside, row: LettersRow
) -> Everybody:
    own, otherwise = own_offerings(row.institution), beside.looks.decision
    if season is None:
        return told_of_result(first, beside.contacts, otherwise, offerings=own)
    return told_of_season(
        season, first, beside.contacts, otherwise, changed_alone=row.changed_alone, offerings=own
    )


def _made(
    everybody: Everybody, beside: Beside, task: Task
) -> tuple[tuple[Receipt, ...], dict[str, bytes]]:
    """The receipts of all letters, and every file there is then."""
    with (
        typesetter(beside.looks, beside.files) as setter,
        tempfile.TemporaryDirectory() as name,
    ):
        setter.refuse_unset(beside.contacts)
        folder = Path(name)
        letters = _counted(set_letters(everybody, beside.looks, setter), everybody.count, task)
        receipts = put_letters(letters, everybody, folder).receipts
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    return receipts, files


def _counted(letters: Iterator[SentLetter], count: int, task: Task) -> Iterator[SentLetter]:
    for number, letter in enumerate(letters, 1):
        yield letter
        task.tell(number, count)


def _letter(session: Session, row: LettersRow, one: Receipt, pdf: bytes) -> LetterRow:
    return LetterRow(
        letters_id=row.id,
        person_id=one.person_id,
        round_id=row.round_id,
        file=one.file,
        language=one.language,
        state=one.state,
        sha256=one.sha256,
        pdf=put_blob(session, pdf),
    )
