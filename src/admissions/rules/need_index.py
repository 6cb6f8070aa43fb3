"""Criterion: those from services with the greatest need first."""

from __future__ import annotations

from typing import ClassVar, Literal

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Role, Unit


class NeedIndex(Criterion):
    """The need of the applicant's service as its index states it; greater need first.

    An applicant from a service with need 1.20 stands before one from a service with 0.95. Whose
    need is not documented stands ``last`` (cell -1), behind an index of zero too.
    """

    kind: ClassVar[str] = "need-index"
    role: ClassVar[Role] = "group"
    unit: ClassVar[Unit] = "order"

    not_documented: Literal["last"]

    def reads(self) -> tuple[str, ...]:
        return ("need",)

    def column(self, facts: Facts) -> Numbers:
        return facts.numbers("need").copy()
