"""Group criterion: at most so many from one service before all others."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Flags, Numbers
from admissions.rules.base import Group, GroupCriterion, Unit
from admissions.rules.parameters import Sectors


class ServiceLimit(GroupCriterion):
    """The best ``maximum`` of a service's applicants get 1, number three and beyond (with 2) get 0.

    Counted among qualified employees of ``sectors``; everybody else gets 1.
    """

    kind: ClassVar[str] = "service-limit"
    unit: ClassVar[Unit] = "yes-no"

    maximum: int = Field(ge=1)
    sectors: Sectors

    @property
    def group(self) -> Group:
        return "service"

    def counted(self, facts: Facts) -> Flags:
        return super().counted(facts) & facts.one_of("sector", self.sectors)

    def reads(self) -> tuple[str, ...]:
        return ("sector", "service", "index")

    def column(self, facts: Facts) -> Numbers:
        within = facts.numbers("index") < self.maximum
        return (within | ~self.counted(facts)).astype(np.int64)
