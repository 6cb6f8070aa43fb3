"""Collects what is wrong with a round and what its reader should know, everywhere at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import Finding, InputError
from admissions.model.messages import Message, message

MOST_LISTED = 10_000
"""So many errors (and notes) are listed; the rest are counted."""

LONGEST_VALUE = 200
"""So many characters of a value are shown."""


Text = TypeVar("Text", str, str | Message)


class Findings:
    """Errors and notes about the files of one round, in any order; given out sorted.

    Each file is known by the label that ``Finding.file`` shows.
    """

    def __init__(self) -> None:
        self._errors: list[Finding] = []
        self._notes: list[Finding] = []
        self._more_errors = 0
        self._more_notes = 0

    def error(
        self,
        file: str | Message,
        expected: str | Message,
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
    ) -> None:
        """Something that must be mended."""
        if len(self._errors) < MOST_LISTED:
            self._errors.append(_problem(file, row, column, value, expected))
        else:
            self._more_errors += 1

    def note(
        self,
        file: str | Message,
        said: str | Message,
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
    ) -> None:
        """Something worth saying that need not be mended."""
        if len(self._notes) < MOST_LISTED:
            self._notes.append(_problem(file, row, column, value, said))
        else:
            self._more_notes += 1

    def errors_at(
        self,
        file: str | Message,
        rows: NDArray[np.int64],
        column: str,
        values: Sequence[str],
        expected: Iterable[str | Message],
    ) -> None:
        """One error for each of ``rows``."""
        for row, value, text in zip(rows.tolist(), values, expected, strict=True):
            self.error(file, text, row=row, column=column, value=value)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """The notes by file, row and column."""
        unlisted = message("intake.more-notes", unlisted=self._more_notes)
        the_round = message("problems.the-round")
        more = [Finding(the_round, None, "", "", unlisted)] if self._more_notes else []
        return (*_in_order(self._notes), *more)

    def stop_if_any(self) -> None:
        """Raise InputError with every error, by file, row and column, when there is one."""
        if self._errors:
            raise InputError(_in_order(self._errors), self._more_errors)


def _problem(
    file: str | Message, row: int | None, column: str, value: str, said: str | Message
) -> Finding:
    """A problem safe to print: names without control characters, the value not too long."""
    return Finding(
        _printable(file), row, _printable(column), value[:LONGEST_VALUE], _printable(said)
    )


def _printable(text: Text) -> Text:
    """A text without control characters; a message is put into words, and made printable, later."""
    if isinstance(text, Message) or text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _in_order(problems: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(problems, key=lambda p: p.order))
