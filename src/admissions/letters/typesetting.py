"""Sets a letter as a PDF that everybody can read and that lasts: PDF/UA-1 and PDF/A-2a, by typst.

The same letter gives the same bytes: its date is the decision's, the fonts are the package's own.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admissions.intake.contacts import Contact
from admissions.letters.pages import LetterPage
from admissions.letters.templates import Look, Looks
from admissions.model.errors import DataError, UsageError
from admissions.model.messages import message

if TYPE_CHECKING:
    from typst import Compiler, PDFStandard

STANDARDS: tuple[PDFStandard, ...] = ("ua-1", "a-2a")
_HERE = Path(__file__).parent
_LETTER = "letter.typ"
_ENDLESS = re.compile(r'[^\s"\\]{66,}')
"""Words longer than a checksum, which fits into a line and stays as it is."""
_REGION = {"nb": "NO", "nn": "NO", "en": "GB"}


class Typesetter:
    """Sets letters one by one; what they share is read once."""

    def __init__(
        self, folder: Path, looks: Looks, compiler: Compiler, files: Sequence[str] = ()
    ) -> None:
        self._looks = looks
        self._files = [*looks.files, *files]
        self._compiler = compiler
        self._logos = {}
        for number, look in enumerate(looks.by_institution.values()):
            if look.image:
                name = f"logo-{number}.{look.image_format}"
                (folder / name).write_bytes(look.image)
                self._logos[look.file] = name

    def pdf(self, person: str, page: LetterPage) -> bytes:
        """The letter ``page`` to ``person``.

        Raises DataError with typst's reason where it cannot be set as the standards ask.
        """
        from typst import TypstError

        try:
            made = self._compiler.compile(
                self._source(page).encode(),
                format="pdf",
                pdf_standards=list(STANDARDS),
                timestamp=dt.datetime.combine(page.date, dt.time(), dt.UTC),
            )
        except TypstError as error:
            why = " ".join([error.message, *error.hints])
            files = self._files or None
            raise DataError(
                message("letters.not-set", person=person, why=why, files=files)
            ) from None
        if not isinstance(made, bytes):
            raise TypeError("typst made no PDF")
        return made

    def refuse_unset(self, contacts: Mapping[str, Contact]) -> None:
        """Raises DataError that names everybody whose name or address the fonts cannot show."""
        if self._shows(contacts.values()):
            return
        persons = tuple(one for one, contact in contacts.items() if not self._shows([contact]))
        raise DataError(message("letters.not-shown", persons=persons, files=self._files))

    def _shows(self, contacts: Iterable[Contact]) -> bool:
        from typst import TypstError

        texts = [line for one in contacts for line in one.lines]
        source = f'#import "{_LETTER}": shown\n#shown({_json(texts)})'
        try:
            self._compiler.compile(source.encode(), format="pdf", pdf_standards=list(STANDARDS))
        except TypstError:
            return False
        return True

    def _source(self, page: LetterPage) -> str:
        alone = page.senders[0] if len(page.senders) == 1 else ""
        data = {**asdict(page), "region": _REGION[page.language],
                "date": [page.date.year, page.date.month, page.date.day]}  # fmt: skip
        look = self._look(self._looks.of(alone), page)
        parts = [self._look(self._looks.of(part.institution), page) for part in page.parts]
        if alone:
            parts = [{**one, "logo": ""} for one in parts]
        return f'#import "{_LETTER}": letter\n#letter({_json(data)}, {_json(look)}, {_json(parts)})'

    def _look(self, look: Look, page: LetterPage) -> dict[str, str]:
        alt = look.template.logo_alt
        return {
            "accent": look.template.accent,
            "logo": self._logos.get(look.file, ""),
            "logo_alt": alt.in_(page.language) if alt else "",
        }


def _json(data: Any) -> str:
    """``data`` as typst reads it from a text; a word that no line holds may break anywhere."""
    text = json.dumps(data, ensure_ascii=False)
    text = _ENDLESS.sub(lambda word: "\u200b".join(word[0]), text)
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'json(bytes("{text}"))'


@contextmanager
def typesetter(looks: Looks, files: Sequence[str] = ()) -> Iterator[Typesetter]:
    """A typesetter for letters that look so, with what it needs in a folder for as long as it is.

    ``files``: what else the letters' words are from, to name where one cannot be set. Raises
    UsageError where typst is not installed.
    """
    try:
        from typst import Compiler
    except ImportError:
        raise UsageError(message("letters.not-installed")) from None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(_HERE / _LETTER, folder)
        compiler = Compiler(
            None, root=folder, font_paths=[_HERE / "fonts"], ignore_system_fonts=True
        )
        yield Typesetter(folder, looks, compiler, files)
