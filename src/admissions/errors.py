"""What can go wrong, as types: each carries the exit code that the command line returns for it."""

from __future__ import annotations

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
class Problem:
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
        self, problems: Iterable[Problem], unlisted: int = 0, where: str = "the round"
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


def first_error(error: ValidationError) -> str:
    """The first thing pydantic found wrong, as one line: place, expectation, value."""
    details = error.errors()[0]
    place = ".".join(str(step) for step in details["loc"])
    given = details.get("input")
    found = f" (found {given!r})" if isinstance(given, str | int | Decimal) else ""
    message = details["msg"].removeprefix("Value error, ")
    return f"{place}: {message}{found}" if place else f"{message}{found}"
