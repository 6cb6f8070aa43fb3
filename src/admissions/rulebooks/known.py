"""The rulebooks that the program knows: the shipped ones, and those of a folder of one's own.

A folder of one's own has rulebooks as ``rules/`` has them, a file an offering. Beyond that:

- ``groups/<name>.toml`` has what many offerings share: ``group`` (its id), ``versions``, and
  ``offerings``, the ones that have these rules as they are;
- a rulebook may state ``extends``: a group, or the shipped rulebook of its own offering. It has
  those versions too; its own ``versions`` come beside them, or in place of one with the same first
  day, and ``changes``, as a scenario states them, are made to what it extends.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from admissions.model.errors import DataError, UsageError, first_error
from admissions.model.files import FolderFiles
from admissions.model.frozen import Frozen
from admissions.model.messages import message
from admissions.model.resources import shipped
from admissions.model.toml_files import TomlError, toml_table
from admissions.model.wording import Wording
from admissions.rulebooks.changes import Change, changed
from admissions.rulebooks.rulebook import Rulebook, Version, load_rulebooks

VARIABLE = "ADMISSIONS_RULES"
"""Names the folder of one's own rulebooks where nothing else does."""
_GROUPS = "groups/"
_named: Path | None = None


class GroupOffering(BaseModel):
    """An offering that has the rules of a group as they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offering: str
    programme: Wording
    site: str


class RulebookGroup(BaseModel):
    """What several rulebooks share: dated versions, whose ids get the offering's before them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    versions: tuple[Version, ...] = Field(min_length=1)
    offerings: tuple[GroupOffering, ...] = ()

    def of(self, offering: str) -> tuple[Version, ...]:
        """The versions as those of ``offering``."""
        return tuple(
            version.model_copy(update={"id": f"{offering}-{version.id}"})
            for version in self.versions
        )


class OwnRulebook(BaseModel):
    """A rulebook that extends another; of its own it has what it states."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offering: str
    extends: str
    programme: Wording | None = None
    site: str | None = None
    versions: tuple[Version, ...] = ()
    changes: tuple[Annotated[dict[str, Any], Frozen], ...] = ()

    @field_validator("changes", mode="after")
    @classmethod
    def _of_no_offering(cls, value: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        for change in value:
            Change.model_validate({"offerings": "all", **change})
        return value


def use_rules(folder: Path | None) -> None:
    """From now on the rulebooks in ``folder`` are known too; None: those that ``VARIABLE`` names.

    Raises UsageError where there is no such folder.
    """
    global _named
    if folder is not None and not folder.is_dir():
        raise UsageError(message("rulebooks.no-folder", folder=folder))
    _named = folder


def own_folder() -> Path | None:
    """The folder of one's own rulebooks, if any. Raises UsageError where it is none."""
    if _named is not None:
        return _named
    stated = os.environ.get(VARIABLE)
    if not stated:
        return None
    if not Path(stated).is_dir():
        raise UsageError(message("rulebooks.no-folder", folder=stated))
    return Path(stated)


def known_rulebooks() -> dict[str, Rulebook]:
    """Every rulebook by offering. Raises DataError for one's own that cannot be read."""
    books, folder = load_rulebooks(shipped("rules")), own_folder()
    return books if folder is None else dict(sorted({**books, **own_rulebooks(folder)}.items()))


def known_offerings() -> list[str]:
    """The ids of the offerings that have a rulebook."""
    return list(known_rulebooks())


def own_rulebooks(folder: Path) -> dict[str, Rulebook]:
    """The rulebooks in ``folder``, whole, by offering. Raises DataError naming file and fault."""
    files = FolderFiles(folder)
    names = [name for name in files if name.endswith(".toml")]
    groups: dict[str, RulebookGroup] = {}
    found: dict[str, Rulebook] = {}
    for name in (name for name in names if name.startswith(_GROUPS)):
        group = _group(files[name], name)
        if group.group in groups:
            raise DataError(message("rulebooks.second-group", file=name, group=group.group))
        groups[group.group] = group
        for book in _as_they_are(files[name], name):
            _add(found, book, name)
    for name in (name for name in names if "/" not in name):
        _add(found, _rulebook(files[name], name, groups), name)
    if not found:
        raise DataError(message("rulebooks.none-in", folder=str(folder)))
    return found


def _add(found: dict[str, Rulebook], book: Rulebook, name: str) -> None:
    if book.offering in found:
        raise DataError(message("rulebooks.second", file=name, offering=book.offering))
    found[book.offering] = book


def _rulebook(content: bytes, name: str, groups: Mapping[str, RulebookGroup]) -> Rulebook:
    table = _table(content, name)
    shipped_books = load_rulebooks(shipped("rules"))
    try:
        if "extends" not in table:
            book = Rulebook.model_validate(table)
            if book.offering in shipped_books:
                raise DataError(message("rulebooks.shipped-one", offering=book.offering))
            return book
        return _extended(OwnRulebook.model_validate(table), groups, shipped_books)
    except ValidationError as error:
        raise DataError(message("problems.at", place=name, said=first_error(error))) from None
    except DataError as error:
        raise DataError(message("problems.at", place=name, said=error.message)) from None


def _extended(
    own: OwnRulebook, groups: Mapping[str, RulebookGroup], shipped_books: Mapping[str, Rulebook]
) -> Rulebook:
    """``own`` with what it extends under it."""
    base = shipped_books.get(own.offering)
    if base is not None and own.extends == own.offering:
        under: dict[str, Any] = dict(base)
    elif own.extends in groups and base is None:
        if own.programme is None or own.site is None:
            raise DataError(message("rulebooks.no-programme", offering=own.offering))
        under = {"offering": own.offering, "versions": groups[own.extends].of(own.offering)}
    else:
        known = [*groups, *([own.offering] if base is not None else [])]
        raise DataError(message("rulebooks.no-group", extends=own.extends, known=known or None))
    versions: dict[object, Version] = {}
    for version in under["versions"]:
        versions[version.valid_from] = _with_changes(version, own)
    versions |= {version.valid_from: version for version in own.versions}
    stated = {"programme": own.programme, "site": own.site}
    stated = {name: value for name, value in stated.items() if value is not None}
    return Rulebook.model_validate({**under, **stated, "versions": tuple(versions.values())})


def _with_changes(version: Version, own: OwnRulebook) -> Version:
    for number, table in enumerate(own.changes, start=1):
        change = Change.model_validate({"offerings": [own.offering], **table})
        where = message("rulebooks.change-of", scenario=own.offering, number=number)
        version = changed(version, change, where)
    return version


@lru_cache(maxsize=64)
def _group(content: bytes, name: str) -> RulebookGroup:
    try:
        return RulebookGroup.model_validate(_table(content, name))
    except ValidationError as error:
        raise DataError(message("problems.at", place=name, said=first_error(error))) from None


@lru_cache(maxsize=64)
def _as_they_are(content: bytes, name: str) -> tuple[Rulebook, ...]:
    """The rulebooks of the offerings that have a group's rules as they are."""
    group = _group(content, name)
    try:
        return tuple(
            Rulebook(
                offering=one.offering,
                programme=one.programme,
                site=one.site,
                versions=group.of(one.offering),
            )
            for one in group.offerings
        )
    except ValidationError as error:
        raise DataError(message("problems.at", place=name, said=first_error(error))) from None


def _table(content: bytes, name: str) -> dict[str, Any]:
    try:
        return toml_table(content)
    except TomlError as error:
        raise DataError(message("problems.no-toml", file=name, fault=error.fault)) from None
