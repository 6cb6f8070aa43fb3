"""Criterion: employees of some sectors before those of others."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.model.values import choices_words, sector_kinds
from admissions.model.vocabulary import Language, Sector
from admissions.rules.base import Criterion, Role, Unit


class SectorTiers(Criterion):
    """Sectors in tiers, first tier first; within a tier they are equal.

    With tiers ``[["municipal"], ["state", "private"]]`` a municipal employee gets 2, a state or
    private one 1, anybody else 0.
    """

    kind: ClassVar[str] = "sector-tiers"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "tier"
    by_sector: ClassVar[bool] = True

    tiers: tuple[tuple[Sector, ...], ...] = Field(min_length=1)

    @property
    def first_sectors(self) -> tuple[Sector, ...]:
        return self.tiers[0]

    @property
    def tier_count(self) -> int:
        return len(self.tiers)

    def spoken(self, name: str, language: Language) -> str:
        if name == "tiers":
            return "; ".join(choices_words("sector", tier, language) for tier in self.tiers)
        if name == "sectors":
            return " > ".join(sector_kinds(tier, language) for tier in self.tiers)
        return super().spoken(name, language)

    def reads(self) -> tuple[str, ...]:
        return ("sector",)

    def column(self, facts: Facts) -> Numbers:
        cells = np.zeros(len(facts), dtype=np.int64)
        for place, sectors in reversed(list(enumerate(self.tiers))):
            cells[facts.one_of("sector", sectors)] = len(self.tiers) - place
        return cells
