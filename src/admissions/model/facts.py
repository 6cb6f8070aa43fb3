"""The applications at one offering as arrays: what every rule reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from admissions.model.choices import PASSED
from admissions.model.fact import Fact
from admissions.model.facts_described import FACTS
from admissions.model.hundredths import NOT_DOCUMENTED, shortest
from admissions.model.vocabulary import VOCABULARIES

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Facts:
    """Facts about ``n`` applications at one offering, a row each; never altered.

    A column is an array of shape (n,):

    - numbers (int64): grades, years, ECTS, posts, employees and needs in hundredths; counts,
      centrality and ranks as they are; dates as yyyymmdd; ``NOT_DOCUMENTED`` (-1) where unstated;
    - flags (bool);
    - closed lists (int8): the position in ``VOCABULARIES[name]``, -1 where unstated.

    Names are those of the contract's ``applicants.csv`` (``bachelor_passed`` is a flag besides
    ``bachelor_grade``), of ``applications.csv``, the service's ``employees``, ``need`` and
    ``centrality``, and what ranking derives: ``service`` and ``municipality`` (codes, -1 none),
    ``municipality_employees`` (hundredths), ``leader_rank`` (1 = the leader's first among own
    qualified applicants here, -1 not named), ``qualified`` (flag), ``lottery_place`` (1 = drawn
    first), and, for group criteria, ``index`` (0, 1, 2 … in the group).
    """

    __slots__ = ("_columns", "_n", "draw", "year")

    def __init__(
        self,
        n: int,
        year: int,
        columns: Mapping[str, NDArray[Any]],
        draw: Numbers | None = None,
    ) -> None:
        for name, column in columns.items():
            if column.shape != (n,):
                raise ValueError(f"column {name!r} has shape {column.shape}, expected ({n},)")
        self._columns = dict(columns)
        self._n = n
        self.year = year
        """The year of the admission (for "dated the same year")."""
        self.draw = draw
        """Which of several rounds each row is of, int64 (n,), never falling; None: all of one."""

    def __len__(self) -> int:
        return self._n

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def column(self, name: str) -> NDArray[Any]:
        """A column as it is stored."""
        try:
            return self._columns[name]
        except KeyError:
            raise KeyError(f"no fact is called {name!r}") from None

    def numbers(self, name: str) -> Numbers:
        """An int64 column."""
        column = self.column(name)
        if column.dtype != np.int64:
            raise TypeError(f"fact {name!r} is not a number column")
        return cast("Numbers", column)

    def flags(self, name: str) -> Flags:
        """A bool column."""
        column = self.column(name)
        if column.dtype != np.bool_:
            raise TypeError(f"fact {name!r} is not a yes/no column")
        return cast("Flags", column)

    def one_of(self, name: str, values: Iterable[str]) -> Flags:
        """Where the closed-list column ``name`` has one of ``values``."""
        vocabulary = VOCABULARIES[name]
        wanted = np.zeros(len(vocabulary) + 1, dtype=np.bool_)
        for value in values:
            wanted[vocabulary.index(value)] = True
        chosen: Flags = wanted[self.column(name).astype(np.intp)]
        return chosen

    def codes(self, name: str) -> Numbers:
        """A closed-list column as int64 positions in ``VOCABULARIES[name]``, -1 where unstated."""
        return self.column(name).astype(np.int64)

    def documented(self, name: str) -> Flags:
        """Where a fact is stated: a grade also by "passed", a statement of documents by a yes."""
        fact = FACTS[name]
        if fact.documents:
            return self.flags(name)
        known: Flags = self.column(name) != NOT_DOCUMENTED
        return known | self.passed(name)

    def passed(self, name: str) -> Flags:
        """Where "passed" stands in place of the grade ``name``."""
        return self._companion(FACTS[name].passed, np.zeros(self._n, dtype=np.bool_))

    def rest(self, name: str) -> Numbers:
        """What is stated of the grade ``name`` beyond hundredths (``hundredths.REST``)."""
        return self._companion(FACTS[name].rest, np.zeros(self._n, dtype=np.int64))

    def old(self, name: str) -> Numbers:
        """The mark on the old scale that the grade ``name`` was converted from; -1 for none."""
        return self._companion(FACTS[name].old, np.full(self._n, NOT_DOCUMENTED))

    def _companion(self, name: str, absent: NDArray[Any]) -> NDArray[Any]:
        return self._columns.get(name, absent)

    def value(self, name: str, row: int) -> int | bool | str | None:
        """One fact as a plain value: None where unstated, the word for a closed list.

        A grade that is no number of hundredths is a text: ``passed``, or the number as stated.
        """
        cell = self.column(name)[row]
        if isinstance(cell, np.bool_):
            return bool(cell)
        number = int(cell)
        fact = FACTS.get(name)
        if fact is not None and fact.measure == "grade":
            return self._grade(fact, number, row)
        if number == NOT_DOCUMENTED:
            return None
        return VOCABULARIES[name][number] if name in VOCABULARIES else number

    def _grade(self, fact: Fact, number: int, row: int) -> int | str | None:
        if self.passed(fact.name)[row]:
            return PASSED
        rest = int(self.rest(fact.name)[row])
        if number == NOT_DOCUMENTED:
            return None
        return shortest(number, rest) if rest else number

    def with_value(self, name: str, values: NDArray[Any]) -> Facts:
        """The same facts with the plain ``values`` of one, its companions put out of force."""
        companions = FACTS[name].companions.items()
        plain = {key: np.full(self._n, value) for key, value in companions if key in self}
        return self.with_columns(**plain, **{name: values})

    def with_columns(self, **columns: NDArray[Any]) -> Facts:
        """The same facts with columns added or replaced."""
        return Facts(self._n, self.year, {**self._columns, **columns}, self.draw)

    def count(self, flags: Flags) -> Numbers:
        """How many rows of the same round have the flag, for each row; shape (n,)."""
        if self.draw is None:
            return np.full(self._n, np.count_nonzero(flags), dtype=np.int64)
        rounds = int(self.draw.max(initial=0)) + 1
        return np.bincount(self.draw[flags], minlength=rounds)[self.draw]

    def take(self, rows: NDArray[np.intp]) -> Facts:
        """The facts of ``rows``, in that order (repeats allowed)."""
        taken = {name: column[rows] for name, column in self._columns.items()}
        return Facts(len(rows), self.year, taken, None if self.draw is None else self.draw[rows])

    def repeated(self, row: int, times: int) -> Facts:
        """The facts of ``row`` so many times, as views that nobody may write to."""
        same = {
            name: np.ndarray((times,), column.dtype, column[row : row + 1], strides=(0,))
            for name, column in self._columns.items()
        }
        return Facts(times, self.year, same)
