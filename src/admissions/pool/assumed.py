"""Assumptions in data: a value that no source states, why it was chosen, and its range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from admissions.model.errors import DataError, first_error
from admissions.model.frozen import frozen
from admissions.model.messages import message

T = TypeVar("T")


Count = Annotated[int, Field(ge=0)]
Percent = Annotated[int, Field(ge=0, le=100)]
PerMille = Annotated[int, Field(ge=0, le=1000)]


class FrozenData(BaseModel):
    """Checked data that is never altered, mappings too; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _never_altered(cls, value: Any) -> Any:
        return frozen(value)


class Assumed(FrozenData, Generic[T]):
    """A value that no source states: why it was chosen, and the values to vary it over."""

    value: T
    why: str = Field(min_length=1)
    range: tuple[T, ...] = Field(min_length=1)


class AssumedTable(FrozenData):
    """An assumed table; the assumption called ``varied_by`` varies it."""

    why: str = Field(min_length=1)
    varied_by: str


class Assumptions(FrozenData):
    """Data that holds assumptions, at any depth."""

    def assumptions(self) -> Iterator[tuple[str, Assumed[Any]]]:
        """Every assumption by its dotted name, ``homes.nearness``, in the order of the file."""
        yield from _assumptions(self, "")

    def varied(self, name: str, value: Any) -> Self:
        """The same data with the assumption ``name`` set to ``value``.

        Raises DataError when there is no such assumption or the value does not fit.
        """
        known = [found for found, _ in self.assumptions()]
        if name not in known:
            raise DataError(message("drawing.no-assumption", name=name, known=known))
        table = self.model_dump(by_alias=True)
        place = table
        for step in name.split("."):
            place = place[step]
        place["value"] = value
        try:
            return type(self).model_validate(table)
        except ValidationError as error:
            raise DataError(message("problems.at", place=name, said=first_error(error))) from None


def _assumptions(item: object, name: str) -> Iterator[tuple[str, Assumed[Any]]]:
    if isinstance(item, Assumed):
        yield name, item
        return
    inside: Mapping[str, object] = {}
    if isinstance(item, BaseModel):
        inside = {field: getattr(item, field) for field in type(item).model_fields}
    elif isinstance(item, Mapping):
        inside = item
    for step, value in inside.items():
        yield from _assumptions(value, f"{name}.{step}" if name else step)
