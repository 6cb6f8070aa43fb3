"""Collects what is wrong with a round and what its reader should know, everywhere at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import Finding, InputError
from admissions.model.messages import Message, as_message, message

MOST_LISTED = 20
"""So many errors (and notes) of a kind are listed; the rest of the kind are counted."""

_ABOUT_COLUMNS = ("intake.column-unknown", "intake.column-resembles")
"""What is said of columns themselves: alike whatever these are called."""

_FIRST = ("intake.file-unknown", "intake.sheet-unknown", "intake.column-unknown")
"""What is noted before all else: what an office has written and nobody reads."""

LONGEST_VALUE = 200
"""So many characters of a value are shown."""


Text = TypeVar("Text", str, str | Message)


@dataclass
class _KeptOfAKind:
    """Findings of which so many of a kind are kept: same file, column and code of what is said."""

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        code = _code(finding)
        kind = (finding.file, "" if code in _ABOUT_COLUMNS else finding.column, code)
        self.counts[kind] += 1
        if self.counts[kind] <= MOST_LISTED:
            self.kept.append(finding)

    def in_order(self) -> tuple[Finding, ...]:
        """Those kept by file, row and column, then how many more there are of each kind."""
        more = [
            Finding(file, None, column, "", message("intake.more-alike", count=n - MOST_LISTED))
            for (file, column, _), n in sorted(self.counts.items())
            if n > MOST_LISTED
        ]
        return (*sorted(self.kept, key=lambda finding: finding.order), *more)


class Findings:
    """Errors and notes about the files of one round, in any order; given out sorted.

    Each file is known by the label that ``Finding.file`` shows.
    """

    def __init__(self) -> None:
        self._errors = _KeptOfAKind()
        self._notes = _KeptOfAKind()

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
        self._errors.add(_problem(file, row, column, value, expected))

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
        self._notes.add(_problem(file, row, column, value, said))

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
        """The notes by file, row and column; what nobody reads comes first."""
        return tuple(sorted(self._notes.in_order(), key=lambda note: _code(note) not in _FIRST))

    def take_errors(self, other: Findings) -> None:
        """The errors of ``other`` too; its notes are left."""
        for finding in other._errors.kept:
            self._errors.add(finding)

    def take_note(self, note: Finding) -> None:
        """A note of others too."""
        self._notes.add(note)

    @property
    def any_error(self) -> bool:
        """Whether there is anything that must be mended."""
        return bool(self._errors.counts)

    def stop_if_any(self, where: str | Message | None = None) -> None:
        """Raise InputError with every error, by file, row and column, when there is one.

        ``where`` they are: in the round, unless it says otherwise.
        """
        errors = self._errors.in_order()
        if errors:
            unlisted = self._errors.counts.total() - len(self._errors.kept)
            raise InputError(errors, unlisted, where, self.notes)


def _code(finding: Finding) -> str:
    return as_message(finding.said).code


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
