"""How much text a workbook's cells hold: a string that many cells share counts once for each.

A workbook states a text once and its cells name it by number; so a small file can hold gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

_TEXT = re.compile(rb"<(?:\w+:)?si[\s>/]")
_TAG = re.compile(rb"<[^>]*>")
_VALUE = re.compile(rb"[<:]v[\s>]")
_SHARED = "xl/sharedstrings.xml"


def characters_held(contents: Mapping[str, bytes], most: int) -> int:
    """The bytes of shared text that the cells of the parts ``contents`` hold.

    Where more than ``most`` are impossible a bound below it is given, and no cell is looked at.
    """
    parts = {name.casefold().lstrip("/"): content for name, content in contents.items()}
    texts = _TEXT.split(parts.pop(_SHARED, b""))[1:]
    lengths = [len(_TAG.sub(b"", text)) for text in texts]
    sheets = list(parts.values())
    if not lengths:
        return 0
    plain = [sheet for sheet in sheets if b"\x00" not in sheet]
    bound = max(lengths) * sum(len(_VALUE.findall(sheet)) for sheet in plain)
    if len(plain) == len(sheets) and bound <= most:
        return bound
    return sum(_held(sheet, lengths) for sheet in sheets if _VALUE.search(sheet) or b"\0" in sheet)


def _held(sheet: bytes, lengths: list[int]) -> int:
    """What the cells of one sheet hold. A part that is no XML holds none."""
    held, shared = 0, False
    number: list[str] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal shared, number
        element = name.rpartition(":")[2]
        if element == "c":
            shared = attributes.get("t") == "s"
        number = [] if element == "v" and shared else None

    def end(_name: str) -> None:
        nonlocal held, number
        if number is not None:
            digits = "".join(number).strip()
            index = int(digits) if digits.isdecimal() and len(digits) < 10 else len(lengths)
            held += lengths[index] if index < len(lengths) else 0
            number = None

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: number.append(text) if number is not None else None
    try:
        parser.Parse(sheet, True)
    except expat.ExpatError:
        return held
    return held
