"""Criterion: tiers of sector, post and the employer's recommendation."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from admissions.model import numbers
from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.hundredths import Hundredths
from admissions.model.values import choices_words, number_words
from admissions.model.vocabulary import Language, Sector
from admissions.rules.base import Criterion, Role, Unit


class RecommendationTier(BaseModel):
    """One tier: all that is stated here must hold.

    ``dated_same_year`` demands a recommendation dated in the admission's year; one without a
    date does not meet it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sectors: tuple[Sector, ...] = Field(min_length=1)
    post_percent: Hundredths = Field(default=0, ge=0, le=100_00)
    recommended: bool = False
    dated_same_year: bool = False

    def met(self, facts: Facts) -> Flags:
        """Who meets the tier, shape (n,)."""
        met = facts.one_of("sector", self.sectors)
        met &= facts.numbers("post_percent") >= self.post_percent
        if self.recommended:
            met &= facts.flags("employer_recommended")
        if self.dated_same_year:
            met &= facts.numbers("recommendation_date") // 1_00_00 == facts.year
        return met


class RecommendationTiers(Criterion):
    """The first of ``tiers`` that an applicant meets; who meets none stands behind all tiers.

    With the tiers (municipal, 50 %, recommended), (municipal, 50 %), (state or private, 50 %), a
    recommended municipal employee in a 50 % post gets 3, without a recommendation 2, a state
    employee in a 50 % post 1, and a municipal employee in a 49 % post 0.
    """

    kind: ClassVar[str] = "recommendation-tiers"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "tier"
    by_sector: ClassVar[bool] = True

    tiers: tuple[RecommendationTier, ...] = Field(min_length=1)

    @property
    def tier_count(self) -> int:
        return len(self.tiers)

    def spoken(self, name: str, language: Language) -> str:
        if name == "tiers":
            return "; ".join(self._tier_words(tier, language) for tier in self.tiers)
        if name == "number":
            return numbers.whole(len(self.tiers), language)
        return super().spoken(name, language)

    def _tier_words(self, tier: RecommendationTier, language: Language) -> str:
        said = {key: wording.in_(language) for key, wording in self.kind_words().items()}
        parts = [choices_words("sector", tier.sectors, language)]
        if tier.post_percent:
            percent = number_words("percent", tier.post_percent, language)
            parts.append(said["post"].format(percent))
        parts += [said["recommended"]] if tier.recommended else []
        parts += [said["same-year"]] if tier.dated_same_year else []
        return ", ".join(parts)

    def reads(self) -> tuple[str, ...]:
        recommended = any(tier.recommended for tier in self.tiers)
        dated = any(tier.dated_same_year for tier in self.tiers)
        return (
            "sector",
            "post_percent",
            *(("employer_recommended",) if recommended else ()),
            *(("recommendation_date",) if dated else ()),
        )

    def column(self, facts: Facts) -> Numbers:
        cells = np.zeros(len(facts), dtype=np.int64)
        for place, tier in reversed(list(enumerate(self.tiers))):
            cells[tier.met(facts)] = len(self.tiers) - place
        return cells
