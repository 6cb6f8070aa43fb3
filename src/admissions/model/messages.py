"""What the program has to say, as data: a code and its values, put into words last.

The words stand in ``src/admissions/words/`` (see ``words``); the code ``intake.no-date`` is the
entry ``no-date`` of ``intake.toml``. An entry is one text, or a section with ``detail`` (what is
so) and ``advice`` (what to do, which begins with "Maybe" in English). Where a value is called
``count``, ``one`` and ``other`` stand in place of ``detail``. An advice that needs a value which is
None is left out. ``{name!r}`` is quoted as the language quotes, ``{n:|one|other}`` chosen by the
number ``n``.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from admissions.model.vocabulary import Language

_VERBATIM = ""
LONGEST_QUOTED = 60
"""So many characters of a value that is quoted are shown."""


@dataclass(frozen=True)
class Message:
    """One thing to say. Two are equal when they say the same of the same.

    ``values``: texts, numbers, days, wordings, other messages, or tuples of them. ``str()`` is the
    English.
    """

    code: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.in_("en")

    def in_(self, language: Language) -> str:
        """The whole message in ``language``: what is so, and what to do."""
        detail, advice = self.detail(language), self.advice(language)
        return f"{detail.removesuffix('.')}. {advice}" if advice else detail

    def detail(self, language: Language) -> str:
        """What is so, in ``language``."""
        values = dict(self.values)
        if self.code == _VERBATIM:
            return str(values["text"])
        entry = _entry(self.code, language)
        number = "one" if values.get("count") == 1 else "other"
        text = next(entry[part] for part in ("", "detail", number) if part in entry)
        return _filled(text, values, language)

    def advice(self, language: Language) -> str:
        """What to do, in ``language``; "" where there is nothing to advise."""
        values = dict(self.values)
        text = "" if self.code == _VERBATIM else _entry(self.code, language).get("advice", "")
        if any(values[name] is None for name in placeholders(text)):
            return ""
        return _filled(text, values, language)


def message(code: str, /, **values: object) -> Message:
    """What ``code`` says of ``values``. Raises KeyError when it has no words."""
    if not _entry(code, "en"):
        raise KeyError(code)
    return Message(code, tuple((name, _held(value)) for name, value in sorted(values.items())))


def as_message(said: Message | str) -> Message:
    """``said`` as a message; a text stands as it is in every language."""
    return said if isinstance(said, Message) else Message(_VERBATIM, (("text", said),))


def placeholders(text: str) -> set[str]:
    """The names of the values that ``text`` takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


class MessageError(ValueError):
    """A value that is refused, where the type of error must be a ValueError (as in pydantic)."""

    def __init__(self, said: Message | str) -> None:
        self.message = as_message(said)
        super().__init__(str(self.message))


def _held(value: object) -> object:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(value)
    return value


def _entry(code: str, language: Language) -> Mapping[str, str]:
    """The texts of ``code`` by their part; "" is the part of an entry that has one text alone."""
    from admissions.model.words import words

    subject, key = code.split(".", 1)
    texts = words(subject, language)
    parts = {"": key, **{part: f"{key}.{part}" for part in ("detail", "one", "other", "advice")}}
    return {part: texts[name] for part, name in parts.items() if name in texts}


def _filled(text: str, values: Mapping[str, Any], language: Language) -> str:
    from admissions.model.words import inflected

    return _Formatter(language).vformat(inflected(text, values), (), values)


class _Formatter(string.Formatter):
    """Puts values into a text as ``language`` writes them."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        """``!r`` quotes a text: 'so' in English, «so» in Norwegian; a number stands as it is."""
        if isinstance(value, Decimal):
            return value
        if conversion == "r" and len(str(value)) > LONGEST_QUOTED:
            value = f"{str(value)[:LONGEST_QUOTED]}…"
        if conversion == "r" and isinstance(value, str) and self._language != "en":
            return f"«{value}»"
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        """Messages in the language, several values in a row, decimals with its decimal sign."""
        if hasattr(value, "in_"):  # a message or a wording, which need not be loaded to ask
            return str(value.in_(self._language))
        if isinstance(value, tuple):
            return ", ".join(self.format_field(one, format_spec) for one in value)
        written: str = super().format_field(value, format_spec)
        if isinstance(value, Decimal) and self._language != "en":
            return written.replace(".", ",")
        return written
