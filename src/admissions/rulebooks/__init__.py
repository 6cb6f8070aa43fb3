"""Rulebooks, their versions and limits, and the scenarios that change them.

Called, as a notebook calls ``admissions.rulebooks()``, it gives those that are known.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from admissions.rulebooks.rulebook import Rulebook


class _Rulebooks(ModuleType):
    """This package, which has the name of a function of the front door, and is that too."""

    def __call__(self) -> dict[str, Rulebook]:
        """The rulebooks that are known, each with all its dated versions, by offering."""
        from admissions.rulebooks.known import known_rulebooks

        return known_rulebooks()


sys.modules[__name__].__class__ = _Rulebooks
