"""Requirement: a post of at least a certain size."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Requirement
from admissions.rules.parameters import PercentOfPost, Sectors


class MinimumPost(Requirement):
    """Met by a post of at least ``percent`` in one of ``sectors``.

    With 50, an applicant in a 49 % post is not qualified, one in a 50 % post is.
    """

    kind: ClassVar[str] = "minimum-post"

    percent: PercentOfPost = Field(ge=1, le=100_00)
    sectors: Sectors

    def reads(self) -> tuple[str, ...]:
        return ("sector", "post_percent")

    def column(self, facts: Facts) -> Numbers:
        large = facts.numbers("post_percent") >= self.percent
        return (large & facts.one_of("sector", self.sectors)).astype(np.int64)
