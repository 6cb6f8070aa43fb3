"""Numbers, dates and lists as each language writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from admissions.model.vocabulary import Language

LOCALES: dict[Language, str] = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}


def whole(number: int, language: Language) -> str:
    """A whole number."""
    return format_decimal(number, locale=LOCALES[language])


def hundredths(number: int, language: Language, decimals: int | None = None) -> str:
    """A number held in hundredths, with ``decimals``, or with as many as it needs."""
    pattern = "#,##0.##" if decimals is None else "#,##0." + "0" * decimals
    return format_decimal(Decimal(number) / 100, format=pattern, locale=LOCALES[language])


def points(text: str, language: Language) -> str:
    """Points written with a decimal point (``decisions.csv``), as ``language`` writes them."""
    decimals = len(text.partition(".")[2])
    pattern = "#,##0." + "0" * decimals
    return format_decimal(Decimal(text), format=pattern, locale=LOCALES[language])


def day(date: dt.date, language: Language) -> str:
    """A date in words: 1. august 2019, 1 August 2019."""
    return format_date(date, format="long", locale=LOCALES[language])


def day_of(number: int, language: Language) -> str:
    """A date held as yyyymmdd."""
    return day(dt.date(number // 1_00_00, number // 1_00 % 1_00, number % 1_00), language)


def listed(
    texts: Sequence[str], language: Language, style: Literal["standard", "or"] = "standard"
) -> str:
    """``texts`` as one phrase: a, b and c."""
    return _listed(tuple(texts), language, style)


@lru_cache(maxsize=4096)
def _listed(texts: tuple[str, ...], language: Language, style: Literal["standard", "or"]) -> str:
    return format_list(list(texts), style=style, locale=LOCALES[language])


def quoted(text: str, language: Language) -> str:
    """``text`` in the quotation marks of ``language``."""
    return f"“{text}”" if language == "en" else f"«{text}»"
