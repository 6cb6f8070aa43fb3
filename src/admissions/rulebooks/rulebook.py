"""Rulebooks: the dated admission rules of one offering, read from ``rules/*.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from admissions.model.errors import DataError, first_error
from admissions.model.files import Place, files_at, said_place
from admissions.model.frozen import Frozen, FrozenDict
from admissions.model.messages import MessageError, message
from admissions.model.toml_files import TomlError, toml_table
from admissions.model.wording import Wording
from admissions.rulebooks.limits import Limit, refuse_together
from admissions.rules.base import PLACES, Assumption, Rule
from admissions.rules.registry import build_rule


class Version(BaseModel):
    """The rules of one offering from a day on, in the order of the ranking table's columns."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    valid_from: dt.date
    source: str = Field(min_length=1)
    assumptions: Annotated[dict[str, Assumption], Frozen] = FrozenDict()
    note: Wording | None = None
    requirements: tuple[Rule, ...]
    criteria: tuple[Rule, ...]
    ties: tuple[Rule, ...]
    limits: tuple[Limit, ...] = ()

    @field_validator("requirements", "criteria", "ties", mode="before")
    @classmethod
    def _build(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise MessageError(message("rulebooks.list-of-rules"))
        return tuple(rule if isinstance(rule, Rule) else build_rule(rule) for rule in value)

    @model_validator(mode="after")
    def _hangs_together(self) -> Version:
        ids = [*(rule.id for rule in self.rules()), *(limit.id for limit in self.limits)]
        for rule_id in ids:
            if ids.count(rule_id) > 1:
                raise MessageError(message("rulebooks.two-rules", rule=rule_id))
        for place in PLACES:
            for rule in getattr(self, place):
                if rule.place != place:
                    raise MessageError(
                        message("rulebooks.wrong-place", rule=rule.id, kind=rule.kind, place=place)
                    )
        refuse_together(self.limits)
        self._refuse_tiers_apart()
        if not self.ties or not self.ties[-1].drawn:
            raise MessageError(message("rulebooks.lottery-last"))
        return self

    def _refuse_tiers_apart(self) -> None:
        """Raises MessageError where some work within the sector tiers, and some across them."""
        movers = (*self.limits, *self.criteria)
        across = [one for one in movers if one.keeps_tiers() is False]
        within = [one for one in movers if one.keeps_tiers()]
        if across and within:
            named = {"across": across[0].id, "within": within[0].id}
            raise MessageError(message("rulebooks.tiers-apart", **named))

    @property
    def across_tiers(self) -> bool:
        """Whether a reserve or a share can put a lower sector tier before a higher one."""
        return any(one.keeps_tiers() is False for one in (*self.limits, *self.criteria))

    def with_lists(self, **lists: Any) -> Version:
        """This version with other requirements, criteria, ties or limits; itself is not altered.

        Raises ValidationError where they do not hang together.
        """
        return type(self).model_validate({**dict(self), **lists})

    def rules(self) -> tuple[Rule, ...]:
        """All rules in column order."""
        return (*self.requirements, *self.criteria, *self.ties)

    def rule(self, rule_id: str) -> Rule:
        """The rule called ``rule_id``. Raises DataError, naming the others, when there is none."""
        for rule in self.rules():
            if rule.id == rule_id:
                return rule
        known = ", ".join(rule.id for rule in self.rules())
        raise DataError(message("rulebooks.no-rule", version=self.id, rule=rule_id, known=known))

    def limit(self, limit_id: str) -> Limit:
        """The limit called ``limit_id``. Raises DataError, naming the others, if there is none."""
        for limit in self.limits:
            if limit.id == limit_id:
                return limit
        known = ", ".join(limit.id for limit in self.limits) or message("rulebooks.none")
        raise DataError(message("rulebooks.no-limit", version=self.id, limit=limit_id, known=known))

    def table(self) -> dict[str, Any]:
        """The TOML table that builds this version again."""
        plain = self.model_dump(
            exclude={"requirements", "criteria", "ties"}, exclude_none=True, exclude_defaults=True
        )
        plain["limits"] = [
            {"kind": limit.kind, **limit.model_dump(exclude_none=True, exclude_defaults=True)}
            for limit in self.limits
        ]
        for name in ("requirements", "criteria", "ties"):
            plain[name] = [rule.table() for rule in getattr(self, name)]
        return plain


class NotOffered(BaseModel):
    """From ``valid_from`` until the next entry the offering does not exist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: dt.date
    source: str = Field(min_length=1)
    assumptions: Annotated[dict[str, Assumption], Frozen] = FrozenDict()


class Rulebook(BaseModel):
    """One offering with all dated versions of its rules; each applies until the next begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offering: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    programme: Wording
    site: str
    versions: tuple[Version, ...] = Field(min_length=1)
    not_offered: tuple[NotOffered, ...] = ()

    @model_validator(mode="after")
    def _one_entry_a_day(self) -> Rulebook:
        days = [entry.valid_from for entry in self.entries()]
        if len(set(days)) != len(days):
            raise MessageError(message("rulebooks.same-day"))
        ids = [version.id for version in self.versions]
        if len(set(ids)) != len(ids):
            raise MessageError(message("rulebooks.same-id"))
        return self

    def only(self, version: Version) -> Rulebook:
        """The rulebook as if ``version`` were all that it ever had."""
        values = {**dict(self), "versions": (version,), "not_offered": ()}
        return type(self).model_validate(values)

    def entries(self) -> list[Version | NotOffered]:
        """All dated entries, first day first."""
        entries: list[Version | NotOffered] = [*self.versions, *self.not_offered]
        return sorted(entries, key=lambda entry: entry.valid_from)

    def on(self, day: dt.date) -> Version | NotOffered:
        """What applies on ``day``. Raises DataError for a day before the first entry."""
        entries = self.entries()
        begun = [entry for entry in entries if entry.valid_from <= day]
        if not begun:
            raise DataError(
                message(
                    "rulebooks.too-early",
                    offering=self.offering,
                    day=day,
                    first=entries[0].valid_from,
                )
            )
        return begun[-1]


def load_rulebook(path: Path) -> Rulebook:
    """The rulebook in ``path``. Raises DataError naming the file and what was expected."""
    return read_rulebook(path.read_bytes(), path.name)


@lru_cache(maxsize=256)
def read_rulebook(content: bytes, name: str) -> Rulebook:
    """The rulebook in the TOML file called ``name``. Raises DataError naming it.

    The same bytes are read once: a rulebook is never altered.
    """
    try:
        return Rulebook.model_validate(toml_table(content))
    except ValidationError as error:
        raise DataError(message("problems.at", place=name, said=first_error(error))) from None
    except DataError as error:
        raise DataError(message("problems.at", place=name, said=error.message)) from None
    except TomlError as error:
        raise DataError(message("problems.no-toml", file=name, fault=error.fault)) from None


def load_rulebooks(place: Place) -> dict[str, Rulebook]:
    """Every rulebook at ``place`` (a folder's path, or its files) by offering, by their ids."""
    files, found = files_at(place), dict[str, Rulebook]()
    for name in sorted(files):
        if "/" in name or not name.endswith(".toml"):
            continue
        rulebook = read_rulebook(files[name], name)
        if rulebook.offering in found:
            raise DataError(message("rulebooks.second", file=name, offering=rulebook.offering))
        found[rulebook.offering] = rulebook
    if not found:
        raise DataError(message("rulebooks.none-in", folder=said_place(files)))
    return dict(sorted(found.items()))


def programmes(rulebooks: Mapping[str, Rulebook], offerings: Sequence[str]) -> tuple[int, ...]:
    """The programme of each of ``offerings`` as a number 0, 1 …; two sites can share one.

    A programme is told by its name; an offering without a rulebook is one of its own.
    """
    names = [rulebooks[o].programme if o in rulebooks else o for o in offerings]
    return tuple(names.index(name) for name in names)


def rulebook_toml(rulebook: Rulebook) -> str:
    """``rulebook`` as TOML text that ``load_rulebook`` reads back."""
    table = rulebook.model_dump(exclude={"versions"}, exclude_none=True, exclude_defaults=True)
    table["versions"] = [version.table() for version in rulebook.versions]
    return tomli_w.dumps(table)
