"""What verification found out about one property."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

SHOWN = 20
"""How many exceptions are told one by one; the counts have them all."""


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
