"""What can go wrong, as types: each carries the exit code that the command line returns for it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class AdmissionsError(Exception):
    """An error whose message is written for the person who runs the program.

    ``exit_code`` is the contract's: 1 a promise does not hold, 2 bad input or usage, 3 not proven.
    """

    exit_code = 2


class UsageError(AdmissionsError):
    """A wish that the program refuses; the message says why and what to do instead."""


class DataError(AdmissionsError):
    """A file of rules or scenarios that cannot be used as it is."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong, or worth saying, about one place in a round's files.

    ``row`` is numbered as a spreadsheet shows it: the header is row 1; None for a whole file.
    """

    file: str
    row: int | None
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        found = f": found {self.value!r}" if self.value else ""
        return f"{place}{found}; {self.expected}"


class InputError(AdmissionsError):
    """Everything that is wrong with a round, all at once.

    ``unlisted``: how many errors there are besides ``problems``, when there are too many to tell.
    """

    def __init__(
        self, problems: Iterable[Finding], unlisted: int = 0, where: str = "the round"
    ) -> None:
        self.problems = tuple(problems)
        self.unlisted = unlisted
        count = len(self.problems) + unlisted
        lines = [f"1 error in {where}:" if count == 1 else f"{count} errors in {where}:"]
        lines += [f"  {problem}" for problem in self.problems]
        if unlisted:
            lines.append(f"  … and {unlisted} more. Maybe mend these first.")
        super().__init__("\n".join(lines))


class NotProvenError(AdmissionsError):
    """No proven optimum. ``outcome`` says which of the four: none of them is an allocation."""

    exit_code = 3

    def __init__(self, outcome: str, message: str) -> None:
        if outcome not in ("infeasible", "timed-out", "unproven", "stopped"):
            raise ValueError(f"no such outcome: {outcome}")
        self.outcome = outcome
        super().__init__(message)


class PromiseBrokenError(AdmissionsError):
    """A property that the mechanism promises does not hold, or a verification failed."""

    exit_code = 1


_EXPECTED = {
    "extra_forbidden": "no such key is known here. Maybe it is misspelt",
    "tuple_type": "expected a list, in square brackets",
    "list_type": "expected a list, in square brackets",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "string_type": "expected text, in quotes",
    "int_type": "expected a whole number, without quotes",
    "int_parsing": "expected a whole number, without quotes",
    "int_from_float": "expected a whole number",
    "date_type": "expected a date like 2019-08-01, without quotes",
    "date_parsing": "expected a date like 2019-08-01, without quotes",
    "date_from_datetime_parsing": "expected a date like 2019-08-01, without quotes",
    "date_from_datetime_inexact": "expected a date like 2019-08-01, without quotes",
    "union_tag_not_found": "expected a kind",
}
"""What was expected, for pydantic's types of error whose own words are a programmer's."""


def first_error(error: ValidationError) -> str:
    """The first thing pydantic found wrong, as one line: place, expectation, value."""
    details = error.errors()[0]
    place = ".".join(step for step in map(str, details["loc"]) if "[" not in step)
    given = details.get("input")
    shown = str(given) if isinstance(given, Decimal) else repr(given)
    found = f" (found {shown})" if isinstance(given, str | int | Decimal) else ""
    message = _EXPECTED.get(details["type"], details["msg"].removeprefix("Value error, "))
    context = details.get("ctx", {})
    if details["type"] == "union_tag_invalid":
        message = f"expected a kind out of {context['expected_tags']} (found {context['tag']!r})"
    if details["type"] == "too_short":
        message = f"expected at least {context['min_length']}, found {context['actual_length']}"
    if details["type"] == "literal_error" and isinstance(given, str):
        known = re.findall("'([^']+)'", context["expected"])
        close = difflib.get_close_matches(given.lower(), known, n=1)
        found += f". Maybe write {close[0]!r}." if close else ""
    return f"{place}: {message}{found}" if place else f"{message}{found}"
