"""The grants rulebook: budget, amounts, tiers and programmes of a year, as data with sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from admissions.model.errors import DataError, first_error
from admissions.model.messages import MessageError, message
from admissions.model.resources import shipped
from admissions.model.toml_files import TomlError, toml_table
from admissions.model.wording import Wording

FOLDER = "grants"
DEFAULT = "grants-2019"
Nok = Annotated[int, Field(strict=True, ge=0)]
Ects = Annotated[int, Field(strict=True, ge=1)]
Sector = Literal["municipal", "state", "private"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(_Frozen):
    """A whole number that a source states."""

    value: Nok
    source: str = Field(min_length=1)


class Amount(_Frozen):
    """At most so much (NOK) a student from so many ECTS on; the ECTS rise."""

    source: str = Field(min_length=1)
    steps: tuple[tuple[Ects, Nok], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        ects = [step for step, _ in self.steps]
        if ects != sorted(set(ects)):
            raise MessageError(message("grants.steps-rise", ects=tuple(map(str, ects))))
        return self

    def most(self, ects: int) -> int:
        """The most for a student of a programme of ``ects``; 0 below the first step."""
        return max((nok for least, nok in self.steps if least <= ects), default=0)


class AskedFor(_Frozen):
    """What an employer is assumed to ask for."""

    value: Nok
    range: tuple[Nok, ...] = Field(min_length=1)
    why: str = Field(min_length=1)


class Tiers(_Frozen):
    """The sectors that are granted first, second …; who is in none of them is not employed."""

    source: str = Field(min_length=1)
    sectors: tuple[tuple[Sector, ...], ...] = Field(min_length=1)


class OrderWithinTier(_Frozen):
    """What decides within a tier, one after the other."""

    value: tuple[Literal["call", "draw"], ...]
    range: tuple[tuple[Literal["call", "draw"], ...], ...] = Field(min_length=1)
    why: str = Field(min_length=1)


class Programmes(_Frozen):
    """Offerings that are not prioritised: ``left_out``, or in as long as money is left."""

    source: str = Field(min_length=1)
    left_out: tuple[str, ...] = ()
    if_money_is_left: tuple[str, ...] = ()


class GrantsRulebook(_Frozen):
    """Who gets a grant, and how much: one a person, as far as the budget goes."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording
    year: int
    source: str = Field(min_length=1)
    budget: Sourced
    amount: Amount
    ects: Sourced
    asked: AskedFor
    tiers: Tiers
    order: OrderWithinTier
    programmes: Programmes

    @property
    def most(self) -> int:
        """The most a student can give, NOK."""
        return self.amount.most(self.ects.value)


def rulebook_ids() -> list[str]:
    """The ids of the shipped grants rulebooks, sorted."""
    return sorted(path.stem for path in (shipped("scenarios") / FOLDER).glob("*.toml"))


def load_grants(name: str) -> GrantsRulebook:
    """The grants rulebook ``name``, a shipped id or the path of a TOML file, over what it extends.

    Raises DataError naming the file, the key and what was expected.
    """
    path = _path(name)
    try:
        return GrantsRulebook.model_validate(_over_base(path, ()))
    except ValidationError as error:
        raise DataError(message("problems.at", place=path.name, said=first_error(error))) from None


def _path(name: str) -> Path:
    if name in rulebook_ids():
        return shipped("scenarios") / FOLDER / f"{name}.toml"
    path = Path(name)
    if name.endswith(".toml") and path.is_file():
        return path
    raise DataError(message("grants.no-rulebook", name=name, known=tuple(rulebook_ids())))


def _over_base(path: Path, above: tuple[Path, ...]) -> Mapping[str, Any]:
    """The table of the file; each key that it lacks is its base's."""
    try:
        table = toml_table(path.read_bytes(), float)
    except TomlError as error:
        raise DataError(message("problems.no-toml", file=path.name, fault=error.fault)) from None
    base = table.pop("extends", None)
    if base is None:
        return table
    under = _path(str(base))
    if under.resolve() in (*above, path.resolve()):
        raise DataError(message("rulebooks.extends-circle", file=path.name, base=base))
    return {**_over_base(under, (*above, path.resolve())), **table}
