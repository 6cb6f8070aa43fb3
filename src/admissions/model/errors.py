"""What can go wrong, as types: each carries the exit code that the command line returns for it."""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from admissions.model.messages import Message, MessageError, as_message, message
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


class AdmissionsError(Exception):
    """An error whose message is written for the person who runs the program.

    ``exit_code`` is the contract's: 1 a promise does not hold, 2 bad input or usage, 3 not proven.
    ``str()`` is the English.
    """

    exit_code = 2

    def __init__(self, said: Message | str) -> None:
        self.message = as_message(said)
        super().__init__(said)

    def __str__(self) -> str:
        return self.in_("en")

    def in_(self, language: Language) -> str:
        """The whole message in ``language``."""
        return self.message.in_(language)


class UsageError(AdmissionsError):
    """A wish that the program refuses; the message says why and what to do instead."""


class DataError(AdmissionsError):
    """A file of rules or scenarios that cannot be used as it is."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong, or worth saying, about one place in a round's files.

    ``row`` is numbered as a spreadsheet shows it: the header is row 1; None for a whole file.
    ``said`` is what was expected, or what is worth saying.
    """

    place: str | Message
    row: int | None
    column: str
    value: str
    said: str | Message

    @property
    def file(self) -> str:
        """The file (and sheet), in English."""
        return str(self.place)

    @property
    def expected(self) -> str:
        """``said`` in English."""
        return str(self.said)

    @property
    def counts_others(self) -> bool:
        """Whether this says how many more of a kind there are, and is none itself."""
        return isinstance(self.said, Message) and self.said.code == "intake.more-alike"

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """What findings are sorted by: file, row, column, value, words."""
        return self.file, self.row or 0, self.column, self.value, self.expected

    def __str__(self) -> str:
        return self.in_("en")

    def in_(self, language: Language) -> str:
        """Place, value and what was expected, on one line in ``language``."""
        place = [as_message(self.place).in_(language)]
        if self.row is not None:
            place.append(message("problems.row", row=self.row).in_(language))
        if self.column:
            place.append(message("problems.column", column=self.column).in_(language))
        line = message(
            "problems.finding" if self.value else "problems.finding-without-value",
            place=", ".join(place),
            value=self.value,
            said=as_message(self.said),
        )
        return line.in_(language)

    def table(self, language: Language = "en") -> dict[str, str | int | None]:
        """The same as plain values, for programs."""
        return {
            "file": as_message(self.place).in_(language),
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "expected": as_message(self.said).in_(language),
        }


class InputError(AdmissionsError):
    """Everything that is wrong with a round, all at once, and what was noted besides.

    Of many of a kind some are in ``problems``, then how many more there are: ``unlisted`` together.
    """

    def __init__(
        self,
        problems: Iterable[Finding],
        unlisted: int = 0,
        where: str | Message | None = None,
        notes: Iterable[Finding] = (),
    ) -> None:
        self.problems = tuple(problems)
        self.unlisted = unlisted
        self.notes = tuple(notes)
        listed = [problem for problem in self.problems if not problem.counts_others]
        self.count = len(listed) + unlisted
        super().__init__(
            message(
                "problems.errors-in",
                count=self.count,
                where=message("problems.the-round") if where is None else where,
            )
        )

    def in_(self, language: Language) -> str:
        """The number of errors, each on a line of its own, and the notes, in ``language``."""
        lines = [self.message.in_(language)]
        lines += [f"  {problem.in_(language)}" for problem in self.problems]
        if self.notes:
            lines.append(message("problems.notes", count=len(self.notes)).in_(language))
        lines += [f"  {note.in_(language)}" for note in self.notes]
        return "\n".join(lines)


class NotProvenError(AdmissionsError):
    """No proven optimum. ``outcome`` says which of the four: none of them is an allocation."""

    exit_code = 3

    def __init__(self, outcome: str, said: Message | str) -> None:
        if outcome not in ("infeasible", "timed-out", "unproven", "stopped"):
            raise ValueError(f"no such outcome: {outcome}")
        self.outcome = outcome
        super().__init__(said)


class PromiseBrokenError(AdmissionsError):
    """A property that the mechanism promises does not hold, or a verification failed."""

    exit_code = 1


_SYSTEM = {
    errno.ENOENT: "not-there",
    errno.EACCES: "not-allowed",
    errno.EPERM: "not-allowed",
    errno.EISDIR: "a-folder",
    errno.ENOTDIR: "no-folder",
    errno.EEXIST: "there-already",
    errno.ENOSPC: "disk-full",
    errno.EROFS: "read-only",
    errno.ENAMETOOLONG: "name-too-long",
}
"""The code of the words in ``problems`` for the operating system's commonest refusals."""


def system_fault(error: OSError) -> Message:
    """Why the operating system refused."""
    name = _SYSTEM.get(error.errno or 0)
    return message(f"problems.{name}") if name else as_message(error.strerror or str(error))


def library_fault(error: Exception) -> Wording:
    """What a library says of a file: in its own English, elsewhere the place that it names.

    Where it names none, its words are quoted; one that says nothing has met damaged content.
    """
    english = str(error).strip()
    if not english:
        damaged = message("problems.damaged")
        return Wording(nb=damaged.in_("nb"), nn=damaged.in_("nn"), en=damaged.in_("en"))
    place = _PLACE.search(english)
    line = getattr(error, "lineno", None) or (place and place["line"])
    column = getattr(error, "colno", None) or (place and place["column"])
    said = (
        message("problems.quoted", said=english)
        if line is None or column is None
        else message("problems.line-and-column", line=line, column=column)
    )
    return Wording(nb=said.in_("nb"), nn=said.in_("nn"), en=english)


_PLACE = re.compile(r"line (?P<line>\d+),? column (?P<column>\d+)")


_EXPECTED = {
    "missing": "missing",
    "extra_forbidden": "unknown-key",
    "tuple_type": "list",
    "list_type": "list",
    "dict_type": "table",
    "model_type": "table",
    "model_attributes_type": "table",
    "string_type": "text",
    "string_too_short": "text-of-length",
    "decimal_type": "number",
    "decimal_parsing": "number",
    "decimal_max_places": "decimals",
    "int_type": "whole-number-unquoted",
    "int_parsing": "whole-number-unquoted",
    "int_from_float": "whole-number",
    "bool_type": "true-or-false",
    "bool_parsing": "true-or-false",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "greater_than": "more-than",
    "greater_than_equal": "at-least",
    "less_than": "less-than",
    "less_than_equal": "at-most",
    "too_short": "longer-list",
    "too_long": "shorter-list",
    "union_tag_not_found": "a-kind",
    "union_tag_invalid": "a-known-kind",
}
"""What was expected, for pydantic's types of error: the code of the words in ``problems``."""


def first_error(error: ValidationError) -> Message:
    """The first thing pydantic found wrong: place, expectation, value."""
    details = error.errors()[0]
    place = ".".join(step for step in map(str, details["loc"]) if "[" not in step)
    said = _expectation(details)
    return message("problems.at", place=place, said=said) if place else said


def _expectation(details: ErrorDetails) -> Message:
    """What was expected of one value that pydantic refused, and what was found."""
    context = details.get("ctx", {})
    given = details.get("input")
    refusal = context.get("error")
    close: list[str] = []
    if isinstance(refusal, MessageError):
        said = refusal.message
    elif details["type"] == "literal_error":
        known = re.findall("'([^']+)'", context["expected"])
        close = difflib.get_close_matches(str(given).lower(), known, n=1)
        said = message("problems.one-of", known=known)
    elif details["type"] == "model_type" and context.get("class_name") == "Wording":
        place = ".".join(map(str, details["loc"]))
        said = message("problems.three-languages", place=place)
    elif details["type"] in _EXPECTED:
        said = message(f"problems.{_EXPECTED[details['type']]}", **context)
    else:
        said = as_message(details["msg"].removeprefix("Value error, "))
    if not isinstance(given, str | int | Decimal) or details["type"] == "union_tag_invalid":
        return said
    return message("problems.found", said=said, found=given, close=close[0] if close else None)
