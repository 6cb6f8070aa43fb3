"""Words as data: a file a subject, each entry the same words in bokmål, nynorsk and English.

``src/admissions/words/<subject>.toml`` holds the entries, in sections where they belong together:

    [reasons.seat-offered]
    nb = "Du får tilbud om plass på {offering}."
    nn = "Du får tilbod om plass på {offering}."
    en = "You are offered a seat in {offering}."

``words("explanation", "nb")["reasons.seat-offered"].format(offering=…)`` is the text, and
``wordings("explanation")["reasons.seat-offered"]`` the entry in all three. Where there is one of a
thing or several, an entry has the sections ``one`` and ``other``:
``counted("explanation", "nb", "seats", 3)``; within a text, ``{n:|plass|plasser}`` stands for the
one word or the other by the number ``n`` (``inflected``). A file is read once.

An entry that lacks a language or has anything else is refused when its file is read. The tests hold
the languages' placeholders against each other, and find entries that nobody uses
(``tests/model/test_words.py``); whoever adds a file or an entry need tell them nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from admissions.model.vocabulary import LANGUAGES, Language

if TYPE_CHECKING:
    from admissions.model.wording import Wording


class WordsError(ValueError):
    """A file of words that lacks some; the message names the file and the entry."""


FOLDER = Path(__file__).resolve().parents[1] / "words"


def words(subject: str, language: Language) -> Mapping[str, str]:
    """The texts of ``subject`` in ``language``, by key; a section's name stands before a dot."""
    return texts_in(FOLDER / f"{subject}.toml", language)


def wordings(subject: str) -> Mapping[str, Wording]:
    """The entries of ``subject`` in all languages, by key."""
    return read_wordings(FOLDER / f"{subject}.toml")


def section(subject: str, name: str) -> Mapping[str, Wording]:
    """The entries of the section ``name`` of ``subject``, by the rest of their keys."""
    entries = wordings(subject).items()
    return {
        key.removeprefix(f"{name}."): said for key, said in entries if key.startswith(f"{name}.")
    }


def counted(subject: str, language: Language, key: str, n: int) -> str:
    """The text for ``n`` of a thing: ``key.one`` or ``key.other``, the number not yet put in."""
    return words(subject, language)[f"{key}.{'one' if n == 1 else 'other'}"]


_BY_NUMBER = re.compile(r"\{([^{}:!]+):\|([^{}|]*)\|([^{}|]*)\}")


def inflected(text: str, values: Mapping[str, object]) -> str:
    """``text`` with each ``{n:|one|other}`` chosen by the number ``n``; nothing else is put in."""
    if ":|" not in text:
        return text
    return _BY_NUMBER.sub(lambda gap: gap[2] if str(values[gap[1]]) == "1" else gap[3], text)


@cache
def texts_in(path: Path, language: Language) -> Mapping[str, str]:
    """The texts of the file at ``path`` in ``language``, by key."""
    return MappingProxyType({key: texts[language] for key, texts in _read(path).items()})


@cache
def read_wordings(path: Path) -> Mapping[str, Wording]:
    """The entries of the file at ``path``, by key.

    Raises WordsError where a language is missing or empty.
    """
    from admissions.model.wording import Wording

    return MappingProxyType(
        {
            key: Wording(nb=texts["nb"], nn=texts["nn"], en=texts["en"])
            for key, texts in _read(path).items()
        }
    )


@cache
def _read(path: Path) -> Mapping[str, Mapping[Language, str]]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return dict(_entries(path, "", table))


def _entries(
    path: Path, key: str, table: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[Language, str]]]:
    if any(not isinstance(value, dict) for value in table.values()):
        yield key, _complete(path, key, table)
        return
    for name, value in table.items():
        yield from _entries(path, f"{key}.{name}" if key else name, value)


def _complete(path: Path, key: str, table: Mapping[str, Any]) -> Mapping[Language, str]:
    complete = set(table) == set(LANGUAGES)
    if not complete or not all(isinstance(text, str) and text for text in table.values()):
        raise WordsError(
            f"{path.name}, entry {key!r}: found {', '.join(table)}; expected words in each of "
            f"{', '.join(LANGUAGES)}, and nothing else"
        )
    return {language: table[language] for language in LANGUAGES}
