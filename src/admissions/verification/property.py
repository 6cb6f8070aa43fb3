"""What verification found out about one property, and where two JSON values differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

SHOWN = 20
"""How many exceptions are told one by one; the counts have them all."""


class ByLimit(str):
    """The published name of a count that a limit explains: "excused by regions".

    Of a minimum share, how many of its members were ``admitted``.
    """

    __slots__ = ("limit", "why")
    why: Literal["excused", "forced", "admitted"]
    limit: str

    def __new__(cls, why: Literal["excused", "forced", "admitted"], limit: str) -> ByLimit:
        """The name for what ``limit`` excuses, forces, or admits."""
        name = super().__new__(cls, f"{why} by {limit}")
        name.why, name.limit = why, limit
        return name


@dataclass(frozen=True)
class Property:
    """One property of a result, in words, with what was counted.

    ``holds`` is None where the mechanism does not promise it, so that it cannot fail. ``counted``
    has how many exceptions there are and what else was counted; ``exceptions`` the first
    ``SHOWN``, each naming the persons or offerings, and the limit where one forces it.
    """

    id: str
    statement: str
    holds: bool | None
    counted: Mapping[str, int]
    exceptions: tuple[str, ...] = ()


def judged(
    name: str,
    statement: str,
    *,
    promised: bool = True,
    broken: int,
    lines: Iterable[str] = (),
    **counted: int,
) -> Property:
    """The property ``name``: it holds when promised and ``broken`` is 0; ``lines`` may be lazy."""
    holds = broken == 0 if promised else None
    return Property(
        name, statement, holds, {"broken": broken, **counted}, tuple(islice(lines, SHOWN))
    )


def differences(expected: object, found: object, path: str = "") -> Iterator[str]:
    """Where ``found`` is not ``expected``, a line each. ``1``, ``1.0`` and ``true`` are not equal.

    A path names the keys down to the value; lists are compared as a whole.
    """
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in expected:
            if key in found:
                yield from differences(expected[key], found[key], f"{path}{key}.")
            else:
                yield f"{path}{key} is missing"
        yield from (f"{path}{key} is not expected" for key in found if key not in expected)
    elif type(expected) is not type(found) or expected != found:
        yield f"{path.removesuffix('.')}: found {found!r}; expected {expected!r}"
