"""Writes everybody's letters: one PDF each, one file to print, how they are sent and archived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from admissions.intake.contacts import Contact, read_contacts
from admissions.letters.archiving import ARCHIVE, arkivmelding
from admissions.letters.binding import PRINT, bind
from admissions.letters.reading import FIRST_CALL, people_of, told_of_result, told_of_season
from admissions.letters.sending import (
    DISPATCH,
    FolderChannel,
    Receipt,
    SentLetter,
    dispatch_table,
)
from admissions.letters.templates import Looks, read_templates
from admissions.letters.told import Everybody, LetterPerson
from admissions.letters.typesetting import Typesetter, typesetter
from admissions.letters.wording import Writer
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.results.files import whole_folder
from admissions.results.season import is_season, read_season

LETTERS = "letters/"


@dataclass(frozen=True)
class Written:
    """What was written: a receipt a letter; to how many no address is known."""

    receipts: tuple[Receipt, ...]

    @property
    def without_address(self) -> int:
        """How many letters have no address on them."""
        return sum(not (one.contact.address and one.contact.place) for one in self.receipts)


def write_letters(
    place: Path,
    out: Path,
    *,
    contacts: Path | None = None,
    templates: Sequence[Path] = (),
    person: str | None = None,
    changed_alone: bool = False,
    overwrite: bool = False,
    counted: Callable[[Iterator[SentLetter], int], Iterable[SentLetter]] | None = None,
) -> Written:
    """Writes the letters of the result or season at ``place`` as the folder ``out``, or nothing.

    ``contacts``: a file of them, else letters have ids and no address; ``person``: that one's
    letter alone; ``changed_alone``: those alone whose state or waiting number the last call
    changed; ``counted`` is told of each letter as it is made. Raises UsageError, naming every key
    that is missing, where the decisions lack what an individual decision must have; DataError for a
    template that cannot be used, or names that the fonts cannot show.
    """
    looks = read_templates(templates)
    reached: Mapping[str, Contact] = (
        {} if contacts is None else read_contacts(contacts, people_of(place))
    )
    if is_season(place):
        season, first = read_season(place), place / FIRST_CALL
        everybody = told_of_season(
            season, first, reached, looks.decision, person=person, changed_alone=changed_alone
        )
    elif changed_alone:
        raise UsageError(message("letters.changed-of-result", place=str(place)))
    else:
        everybody = told_of_result(place, reached, looks.decision, person=person)
    with (
        typesetter(looks, [] if contacts is None else [contacts.name]) as setter,
        whole_folder(out, overwrite=overwrite, sign=DISPATCH, unlike=place) as folder,
    ):
        setter.refuse_unset(reached if person is None else _alone(reached, person))
        made = set_letters(everybody, looks, setter)
        shown = made if counted is None else counted(made, everybody.count)
        return put_letters(shown, everybody, folder.folder)


def _alone(contacts: Mapping[str, Contact], person: str) -> Mapping[str, Contact]:
    return {one: contact for one, contact in contacts.items() if one == person}


def put_letters(letters: Iterable[SentLetter], everybody: Everybody, folder: Path) -> Written:
    """Puts ``letters`` into ``folder``, with one file to print, and what dispatch and archive need.

    ``everybody`` is whom they go to.
    """
    channel = FolderChannel(folder, LETTERS)
    receipts = tuple(channel.send(letter) for letter in letters)
    (folder / DISPATCH).write_bytes(dispatch_table(receipts).csv_file())
    (folder / ARCHIVE).write_bytes(arkivmelding(receipts, everybody.on, everybody.signatory))
    if receipts:
        bind((folder / one.file for one in receipts), folder / PRINT)
    return Written(receipts)


def set_letters(everybody: Everybody, looks: Looks, setter: Typesetter) -> Iterator[SentLetter]:
    """The letters to ``everybody``, each set when it is asked for."""
    writer = Writer(everybody, looks)
    for person in everybody.people:
        page = writer.page(person)
        yield SentLetter(
            person.id, person.contact, page.title, person.main.state.value, _cases(person),
            setter.pdf(person.id, page),
        )  # fmt: skip


def _cases(person: LetterPerson) -> tuple[tuple[str, str], ...]:
    decided = ((one.decider.institution, one.decider.case) for one in person.applications)
    return tuple(dict.fromkeys(decided))
