"""The values that a workbook's cells hold, and as which text they are read."""

from __future__ import annotations

import datetime as dt
import unicodedata

Value = str | bool | int | float | dt.date | dt.time | dt.timedelta | None


def is_filled(value: Value) -> bool:
    """Whether a cell holds something; blanks are nothing."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def is_whole(value: float) -> bool:
    """Whether a number has all its digits still: Excel keeps 15."""
    return not isinstance(value, bool) and abs(value) < 10**15 and value == int(value)


def text_of(value: Value) -> str:
    """A cell as text: 4.0 is ``4``, numbers have Excel's 15 digits, dates are ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        return unicodedata.normalize("NFC", value).replace("\x00", "\x01")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
