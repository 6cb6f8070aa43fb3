"""Finds the shipped rulebooks, scenarios and rounds, in an installed wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path

from admissions.model.errors import DataError
from admissions.model.messages import message


def shipped(name: str) -> Path:
    """The folder of shipped data called ``name``: ``rules`` or ``scenarios``.

    In a wheel it lies inside the package as ``shipped/``; in a checkout at the top.
    Raises DataError when it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "shipped" / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise DataError(message("problems.not-shipped", name=name))


def offering_ids() -> list[str]:
    """The ids of the offerings that have a shipped rulebook: each file bears its offering's."""
    return sorted(path.stem for path in shipped("rules").glob("*.toml"))
