"""What verification found out about one property, and where two JSON values differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from admissions.model.messages import Message, message
from admissions.model.vocabulary import Language
from admissions.model.words import inflected, words

SHOWN = 20
"""How many exceptions are told one by one; the counts have them all."""


class ByLimit(str):
    """The published name of a count that a limit explains: "excused by regions".

    Of a minimum share, how many of its members were ``admitted``.
    """

    __slots__ = ("limit", "why")
    why: Literal["excused", "forced", "admitted"]
    limit: str

    def __new__(cls, why: Literal["excused", "forced", "admitted"], limit: str) -> ByLimit:
        """The name for what ``limit`` excuses, forces, or admits."""
        name = super().__new__(cls, f"{why} by {limit}")
        name.why, name.limit = why, limit
        return name


class Noted(str):
    """What is told of an exception: in English, as the certificate states it, and in the others.

    ``Noted("mover", person="p1", offering="north")`` is the entry ``mover`` of ``exceptions.toml``.
    Values may be told themselves.
    """

    __slots__ = ("_key", "_values")
    _key: str
    _values: Mapping[str, object]

    def __new__(cls, key: str, /, **values: object) -> Noted:
        """What ``key`` says of ``values``."""
        plain = {name: ", ".join(v) if isinstance(v, tuple) else v for name, v in values.items()}
        text = inflected(words("exceptions", "en")[key], plain)
        told = super().__new__(cls, text.format(**plain))
        told._key, told._values = key, values
        return told

    @property
    def said(self) -> Message:
        """The same, to be put into words of another language."""
        values = {name: _said(value) for name, value in self._values.items()}
        return message(f"exceptions.{self._key}", **values)


def _said(value: object) -> object:
    if isinstance(value, Noted):
        return value.said
    return tuple(map(_said, value)) if isinstance(value, tuple) else value


def in_words(line: str, language: Language) -> str:
    """``line`` in ``language``; one that was read from a file stands as it is."""
    return line.said.in_(language) if isinstance(line, Noted) else line


def both(names: Iterable[str]) -> str:
    """Several names as one: "north and south"."""
    first, *others = names
    for name in others:
        first = Noted("and", one=first, other=name)
    return first


@dataclass(frozen=True)
class Property:
    """One property of a result, in words, with what was counted.

    ``holds`` is None where the mechanism does not promise it, so that it cannot fail. ``counted``
    has how many exceptions there are and what else was counted; ``exceptions`` the first
    ``SHOWN``, each naming the persons or offerings, and the limit where one forces it.
    """

    id: str
    statement: str
    holds: bool | None
    counted: Mapping[str, int]
    exceptions: tuple[str, ...] = ()

    def statement_in(self, language: Language) -> str:
        """The statement in ``language``; that of a property without words stands in English."""
        if language == "en":
            return self.statement
        places = (("report", "property"), ("report-call", "promise"), ("verification", "property"))
        found = (words(file, language).get(f"{section}.{self.id}") for file, section in places)
        return next((text for text in found if text), self.statement)


def judged(
    name: str,
    statement: str,
    *,
    promised: bool = True,
    broken: int,
    lines: Iterable[str] = (),
    **counted: int,
) -> Property:
    """The property ``name``: it holds when promised and ``broken`` is 0; ``lines`` may be lazy."""
    holds = broken == 0 if promised else None
    return Property(
        name, statement, holds, {"broken": broken, **counted}, tuple(islice(lines, SHOWN))
    )


def also_broken(found: Property, wrong: Sequence[str]) -> Property:
    """``found``, and besides what is ``wrong``: it does not hold where there is any."""
    if not wrong:
        return found
    return replace(
        found,
        holds=False,
        counted={**found.counted, "broken": found.counted["broken"] + len(wrong)},
        exceptions=(*found.exceptions, *wrong)[:SHOWN],
    )


def differences(expected: object, found: object, path: str = "") -> Iterator[str]:
    """Where ``found`` is not ``expected``, a line each. ``1``, ``1.0`` and ``true`` are not equal.

    A path names the keys down to the value; lists are compared as a whole.
    """
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in expected:
            if key in found:
                yield from differences(expected[key], found[key], f"{path}{key}.")
            else:
                yield Noted("missing", path=f"{path}{key}")
        yield from (Noted("unexpected", path=f"{path}{k}") for k in found if k not in expected)
    elif type(expected) is not type(found) or expected != found:
        stated = {"found": _as_json(found), "expected": _as_json(expected)}
        yield Noted("found", path=path.removesuffix("."), **stated)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
