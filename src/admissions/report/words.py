"""The words of the reports, with numbers and dates as each language writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent, get_decimal_symbol
from markupsafe import Markup, escape

from admissions.model.values import named
from admissions.model.vocabulary import Language
from admissions.model.words import inflected, words

_DECIMAL = re.compile(r"-?\d+\.\d+")
_LOCALES: Mapping[Language, str] = {"nb": "nb", "nn": "nn", "en": "en_GB"}


class Words:
    """The words of one language. What is put into them is escaped.

    ``report`` names the words that one kind of report has besides those of all.
    """

    def __init__(self, language: Language, report: str | None = None) -> None:
        self.language = language
        own = words(f"report-{report}", language) if report is not None else {}
        self._texts = {**words("report", language), **own}
        self._locale = Locale.parse(_LOCALES[language])

    def __call__(self, key: str, **values: object) -> Markup:
        """The text called ``key`` with ``values`` put in. Raises KeyError when there is none."""
        text = inflected(self._texts[key], values)
        return Markup(text).format(**values)  # noqa: S704  our own texts

    def of(self, section: str, code: str, otherwise: str | None = None) -> Markup:
        """The words for ``code`` in ``section``; where it has none ``otherwise``, or the code."""
        text = self._texts.get(f"{section}.{code}")
        if text is None:
            return escape(code if otherwise is None else otherwise)
        return Markup(text)  # noqa: S704  our own texts

    def plural(self, key: str, n: int) -> Markup:
        """The text ``key`` for one or for several, with the number in it."""
        form = "one" if n == 1 else "other"
        text = Markup(self._texts[f"plural.{key}.{form}"])  # noqa: S704  our own texts
        return text.format(n=self.number(n))

    def number(self, n: int) -> str:
        """A whole number with the language's thousands separator."""
        return format_decimal(n, locale=self._locale)

    def percent(self, part: int, whole: int) -> str:
        """``part`` of ``whole`` in per cent with one decimal; "–" of nothing."""
        if not whole:
            return str(self._texts["nothing"])
        pattern = self._locale.percent_formats[None].pattern.replace("##0", "##0.0")
        return format_percent(Decimal(part) / whole, format=pattern, locale=self._locale)

    def points(self, points: str) -> str:
        """Points written with a decimal point, as the language writes them."""
        return points.replace(".", get_decimal_symbol(self._locale))

    def date(self, day: dt.date) -> str:
        """A day with the month in words."""
        return format_date(day, format="long", locale=self._locale)

    def value(self, value: object) -> str:
        """A parameter of a rule: numbers and days as the language writes them, lists in a row."""
        if isinstance(value, bool):
            return str(self._texts["yes" if value else "no"])
        if isinstance(value, int | Decimal):
            return format_decimal(value, locale=self._locale, group_separator=False)
        if isinstance(value, dt.date):
            return self.date(value)
        if isinstance(value, Mapping):
            return ", ".join(f"{key} {self.value(held)}" for key, held in value.items())
        if isinstance(value, list | tuple):
            return ", ".join(self._item(item) for item in value) or str(self._texts["nothing"])
        text = str(value)
        return self.points(text) if _DECIMAL.fullmatch(text) else named(text, self.language)

    def _item(self, item: object) -> str:
        nested = isinstance(item, list | tuple)
        return f"({self.value(item)})" if nested else self.value(item)
