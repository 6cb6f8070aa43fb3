"""TOML files that people write: read as their editors save them, refused with the place."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from admissions.model.errors import library_fault
from admissions.model.messages import message
from admissions.model.wording import Wording

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TomlError(ValueError):
    """A file that is no TOML; ``fault`` says what and where."""

    def __init__(self, fault: Wording) -> None:
        self.fault = fault
        super().__init__(fault.en)


def toml_table(content: bytes, number: Callable[[str], Any] = Decimal) -> dict[str, Any]:
    """What the TOML file ``content`` states; UTF-8 or UTF-16, with a byte order mark or without.

    ``number`` reads decimals. Raises TomlError for bytes of another encoding, and for what is no
    TOML.
    """
    try:
        text = content.decode("utf-16" if content.startswith(_WIDE) else "utf-8-sig")
        return tomllib.loads(text, parse_float=number)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"{content[error.start]:#04x}"
        said = message("problems.not-utf-8", line=line, byte=byte)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(library_fault(error)) from None
    except (ValueError, RecursionError):
        said = message("problems.too-deep-or-long")
    raise TomlError(Wording(nb=said.in_("nb"), nn=said.in_("nn"), en=said.in_("en")))
