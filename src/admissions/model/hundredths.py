"""Exact numbers: grades, points, years and ECTS are whole numbers of hundredths everywhere."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, InvalidOperation, localcontext
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from admissions.model.messages import MessageError, message

NOT_DOCUMENTED = -1
"""Stands in number columns for a fact that nobody stated. Never a zero."""


REST = 10**13
"""In so many parts of a hundredth is held what a number states beyond its hundredths."""


def from_text(text: str) -> tuple[int, int]:
    """The number in ``text`` (decimal comma or point): its hundredths, and the rest beyond them.

    Nothing is rounded up: ``from_text("3,149") == (314, 9 * REST // 10)``. What is beyond fifteen
    decimals is cut. Raises ValueError when the text is no finite number.
    """
    cleaned = text.strip().replace("\u00a0", "").replace(",", ".")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise ValueError(text)
    with localcontext(prec=60):
        exact = value * 100 * REST
        parts = int(exact.to_integral_value(rounding=ROUND_FLOOR))
    return divmod(parts, REST)


def shortest(whole: int, rest: int = 0) -> str:
    """The number of ``whole`` hundredths and ``rest`` parts of one, with a decimal point.

    With no more decimals than it needs: ``shortest(314, 9 * REST // 10) == "3.149"``.
    """
    digits = f"{rest:013d}" if rest else ""
    text = f"{to_text(whole)}{digits}"
    return text.rstrip("0").removesuffix(".")


def to_text(value: int, decimals: int = 2) -> str:
    """``value`` hundredths with a decimal point and ``decimals`` (0-2) decimals, without rounding.

    Raises ValueError when that would drop a digit other than zero.
    """
    sign, size = ("-", -value) if value < 0 else ("", value)
    whole, cents = divmod(size, 100)
    digits = f"{cents:02d}"
    if digits[decimals:].strip("0"):
        raise ValueError(f"{value} hundredths cannot be written with {decimals} decimals")
    return f"{sign}{whole}" + (f".{digits[:decimals]}" if decimals else "")


def _in_hundredths(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise MessageError(message("problems.two-decimals-found", found=repr(value)))
    try:
        hundredths, rest = from_text(str(value))
    except ValueError:
        raise MessageError(message("problems.two-decimals")) from None
    if rest:
        raise MessageError(message("problems.at-most-two-decimals", found=str(value)))
    return hundredths


def _in_units(value: int) -> Decimal | int:
    return value // 100 if value % 100 == 0 else Decimal(value) / 100


Hundredths = Annotated[
    int, BeforeValidator(_in_hundredths), PlainSerializer(_in_units, when_used="always")
]
"""A parameter written in units (``0.25`` in TOML) and held in hundredths (``25``)."""
