"""Criterion: one sum of points from several criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, field_serializer, field_validator

from admissions.model import numbers
from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.messages import MessageError, message
from admissions.model.vocabulary import Language
from admissions.rules.base import Criterion, Rule


class SumOfPoints(Criterion):
    """The sum of ``parts``: criteria of unit points, each with a maximum of its own.

    With grade points (factor 10, so 50 at most) and education points (4 at most), a grade of 4.2
    and 60 ECTS give 44 points. A part whose fact is not documented gives no points.
    """

    kind: ClassVar[str] = "sum-of-points"

    parts: tuple[Criterion, ...] = Field(min_length=2)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], build: Callable[[object], Rule]) -> SumOfPoints:
        parts = table.get("parts")
        if not isinstance(parts, list | tuple):
            return cls.model_validate(table)
        built = tuple(build(part) if isinstance(part, Mapping) else part for part in parts)
        return cls.model_validate({**table, "parts": built})

    @field_validator("parts")
    @classmethod
    def _can_be_added(cls, parts: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        ids = [part.id for part in parts]
        if len(set(ids)) != len(ids):
            raise MessageError(message("rulebooks.same-part", ids=ids))
        for part in parts:
            if part.unit != "points":
                raise MessageError(
                    message("rulebooks.part-without-points", part=part.id, kind=part.kind)
                )
            if part.most_points() is None or part.summands():
                raise MessageError(
                    message("rulebooks.part-without-maximum", part=part.id, kind=part.kind)
                )
        return parts

    @field_serializer("parts")
    def _tables(self, parts: tuple[Criterion, ...]) -> list[dict[str, Any]]:
        return [part.table() for part in parts]

    @property
    def shown_decimals(self) -> int:
        return max(part.shown_decimals for part in self.parts)

    def most_points(self) -> int:
        return sum(part.most_points() or 0 for part in self.parts)

    def summands(self) -> tuple[Rule, ...]:
        return self.parts

    def spoken(self, name: str, language: Language) -> str:
        if name == "most":
            return numbers.hundredths(self.most_points(), language)
        return super().spoken(name, language)

    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.reads()))

    def column(self, facts: Facts) -> Numbers:
        total = np.zeros(len(facts), dtype=np.int64)
        for part in self.parts:
            points = part.column(facts)
            total += np.where(points == NOT_DOCUMENTED, 0, points)
        return total

    def qualifies(self, facts: Facts) -> Flags:
        met = super().qualifies(facts)
        for part in self.parts:
            met &= part.qualifies(facts)
        return met

    def documents(self, facts: Facts) -> Flags:
        documented = super().documents(facts)
        for part in self.parts:
            documented &= part.documents(facts)
        return documented
