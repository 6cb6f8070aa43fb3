"""Every text there is: in three languages that say the same things, and used."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

import admissions
from admissions.model.messages import message, placeholders
from admissions.model.wording import Wording
from admissions.model.words import (
    FOLDER,
    WordsError,
    counted,
    inflected,
    read_wordings,
    words,
)

PACKAGE = FOLDER.parent
FILES = sorted(PACKAGE.rglob("words/*.toml"))
FOUND_BY_ENGLISH = ("help", "citations")
"""Files whose entries no code names: another test holds them against what they stand for."""
ENTRIES = [(path, key) for path in FILES for key in read_wordings(path)]
BOKMAL_ONLY = (" ikke ", " fra ", "søker", "tilbud", " hvis ", " jeg ", "plassene")
NYNORSK_ONLY = (" ikkje ", " frå ", "søkjar", "tilbod", " blei ", " kva ", "plassane")


def _id(value: object) -> str:
    return value.stem if isinstance(value, Path) else str(value)


@pytest.mark.parametrize(("path", "key"), ENTRIES, ids=_id)
def test_the_languages_have_the_same_gaps_and_words_of_their_own(path: Path, key: str) -> None:
    wording = read_wordings(path)[key]
    gaps = [
        sorted({name or "" for _, name, _, _ in Formatter().parse(text) if name is not None})
        for text in (wording.nb, wording.nn, wording.en)
    ]
    assert gaps[0] == gaps[1] == gaps[2]
    assert not any(word in f" {wording.nn.lower()} " for word in BOKMAL_ONLY)
    assert not any(word in f" {wording.nb.lower()} " for word in NYNORSK_ONLY)


def _files(*kinds: str) -> Iterator[Path]:
    roots = (PACKAGE, PACKAGE.parents[1] / "api")
    return (path for root in roots for path in root.rglob("*") if path.suffix in kinds)


def _code() -> str:
    """All code, templates and pages of the two packages, in which a key must be named."""
    return "\n".join(path.read_text(encoding="utf-8") for path in _files(".py", ".html"))


CODE = _code()
PUT_TOGETHER = re.compile(
    "(excused|forced|admitted)-by$|lottery-|(moves|groups)-(row|caption|desc)|group-|(answer|change)-"
)
"""Keys of reports that their code puts together from two parts."""


def _names(key: str) -> list[str]:
    """What code may name ``key`` by: itself, or a section of it, whose codes other tests hold."""
    steps = key.split(".")
    if steps[0] == "plural":
        return steps[1:2]
    return [".".join(steps[:n]) for n in range(1, len(steps) + 1)]


USED = [(path, key) for path, key in ENTRIES if path.parent == FOLDER or "." not in key]
"""All but a kind's words for the values of its parameters (tests/explanation/test_catalogue.py)."""


@pytest.mark.parametrize(("path", "key"), USED, ids=_id)
def test_every_text_is_used(path: Path, key: str) -> None:
    if path.stem in FOUND_BY_ENGLISH:
        return
    named = any(
        f'"{place}{name}{end}' in CODE
        for name in _names(key)
        for place in ("", f"{path.stem}.")
        for end in ('"', ".{")
    )
    assert named or PUT_TOGETHER.match(key)


def _said() -> Iterator[tuple[str, set[str | None]]]:
    """Each code of a message that code names, with the names of the values given; None: others."""
    subjects = {"message": "", "Noted": "exceptions."}
    for path in _files(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]):
                    if name in subjects:
                        yield subjects[name] + code, {one.arg for one in node.keywords}


def test_whatever_is_said_by_name_has_words_and_is_given_the_values_that_they_take() -> None:
    said = list(_said())
    assert len(said) > 500
    for code, given in said:
        message(code)  # KeyError where it has no words
        assert None in given or _gaps(code) <= given, code


def _gaps(code: str) -> set[str]:
    subject, key = code.split(".", 1)
    parts = (key, *(f"{key}.{part}" for part in ("detail", "advice", "one", "other")))
    texts = words(subject, "en")
    return set().union(*(placeholders(texts[part]) for part in parts if part in texts))


def test_an_entry_without_a_language_or_with_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.toml"
    for table in (
        'nb = "a"\nen = "b"',
        'nb = "a"\nnn = ""\nen = "b"',
        'nb="a"\nnn="a"\nen="b"\nse="c"',
    ):
        path.write_text(f"[greeting]\n{table}\n", encoding="utf-8")
        read_wordings.cache_clear()
        with pytest.raises(WordsError, match=r"some\.toml, entry 'greeting': .*nb, nn, en"):
            read_wordings(path)


def test_one_and_several_of_a_thing() -> None:
    assert words("report", "en")["plural.applied.one"] == "{n} person applied"
    assert counted("report", "en", "plural.applied", 1) == "{n} person applied"
    assert counted("report", "nn", "plural.applied", 0) == "{n} personar har søkt"


def test_a_word_is_chosen_by_the_number_that_it_belongs_to() -> None:
    text = "{n} {n:|rad|rader} og {m} {m:|kolonne|kolonner}"

    assert inflected(text, {"n": 1, "m": 2}) == "{n} rad og {m} kolonner"
    assert inflected(text, {"n": 0, "m": "1"}) == "{n} rader og {m} kolonne"
    assert inflected("{n} feil", {"n": 1}) == "{n} feil"


BY_NUMBER = re.compile(r":\|([^{}|]+)\|([^{}|]+)\}")
AFTER_GAP = re.compile(r"\{[^{}|]+\} ([^\W\d_A-ZÆØÅ]\w*)")
ALWAYS_SEVERAL = ("letters.answer.waiting-for-several", "drawing.two-scenarios.detail")
"""Texts whose number is never one."""


NO_NOUNS = {
    "adds", "allows", "answers", "appears", "applies", "as", "asks", "becomes", "begins",
    "bounds", "changes", "closes", "comes", "contradicts", "covers", "does", "draws", "ends",
    "exists", "fills", "forbids", "gets", "gives", "goes", "has", "holds", "is", "its", "leads",
    "lies", "lists", "looks", "loses", "makes", "minus", "moves", "names", "needs", "points",
    "puts", "ranks", "registers", "reserves", "runs", "s", "says", "shares", "stamps", "stands",
    "states", "stops", "takes", "this", "treats", "uses", "verifies", "waits", "wants", "was",
    "works", "writes",
}  # fmt: skip
"""What ends in -s after a gap in an English text and is no noun in the plural.

Of points there are 1.00.
"""


def _plurals(language: str) -> set[str]:
    """The words that stand after a number that is not one, in any text that tells the two apart."""
    found: set[str] = set()
    for path, key in ENTRIES:
        wording = read_wordings(path)[key]
        text = getattr(wording, language)
        found |= {many.split()[0] for one, many in BY_NUMBER.findall(text) if one != many}
    return found


def _before_a_plural(text: str, plurals: set[str]) -> set[str]:
    return {word for word in AFTER_GAP.findall(text) if word in plurals}


def test_one_of_a_thing_is_not_told_as_several() -> None:
    """No text puts a number before a word in the plural, whatever the number is."""
    plurals = {language: _plurals(language) for language in ("nb", "nn")}
    assert {"rader", "plasser"} <= plurals["nb"]
    wrong = {}
    for path, key in ENTRIES:
        wording = read_wordings(path)[key]
        if key.endswith((".one", ".other")) or f"{path.stem}.{key}" in ALWAYS_SEVERAL:
            continue
        nouns = {word for word in AFTER_GAP.findall(wording.en) if word.endswith("s")}
        for language, several in plurals.items():
            nouns |= _before_a_plural(getattr(wording, language), several)
        if nouns - NO_NOUNS:
            wrong[f"{path.stem}.{key}"] = nouns - NO_NOUNS
    assert not wrong, wrong


def _wordings_in(value: object) -> Iterator[Wording]:
    """The wordings that a module's name holds, in containers and descriptions too."""
    if isinstance(value, Wording):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _wordings_in(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _wordings_in(held)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for held in dataclasses.fields(value):
            yield from _wordings_in(getattr(value, held.name))


def test_what_stands_in_code_says_the_same_in_every_language() -> None:
    """Facts, the values of closed lists, and the sentences of decisions."""
    found: dict[str, Wording] = {}
    for module in pkgutil.walk_packages(admissions.__path__, "admissions."):
        for value in vars(importlib.import_module(module.name)).values():
            found |= {wording.en: wording for wording in _wordings_in(value)}
    assert len(found) > 150
    for wording in found.values():
        assert placeholders(wording.nb) == placeholders(wording.nn) == placeholders(wording.en)
        assert all(text.strip() for text in (wording.nb, wording.nn, wording.en))
