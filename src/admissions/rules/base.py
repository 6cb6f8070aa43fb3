"""What a rule is: a small frozen object that turns the applicants' facts into one column."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.messages import MessageError, message
from admissions.model.wording import Wording

Scope = Literal["offering", "round"]
Role = Literal["requirement", "tier", "points", "group", "tie"]
Unit = Literal["yes-no", "tier", "points", "years", "count", "place", "order"]
"""What a cell counts: 1/0, a tier (higher first), hundredths of a point, hundredths of a year,
a count, minus a place in a draw, or an order whose numbers mean nothing by themselves."""


def decimals_of(*hundredths: int) -> int:
    """The decimals (0-2) that numbers in hundredths need: 25 needs two, 450 one, 300 none."""
    return next(n for n in range(3) if all(value % 10 ** (2 - n) == 0 for value in hundredths))


class Assumption(BaseModel):
    """A value that no source states: why it was chosen, and the values to vary it over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: Wording
    range: tuple[Any, ...] = Field(min_length=1)


class Rule(BaseModel):
    """One column of a ranking table: same facts, same column; more is better.

    ``source`` names the report section or the page (title, year) that states the rule;
    ``assumptions`` name the parameters that no source states. At least one of them is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    role: ClassVar[Role]
    unit: ClassVar[Unit]

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording
    source: str | None = None
    assumptions: dict[str, Assumption] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_an_origin(self) -> Rule:
        parameters = self.parameters()
        unknown = [name for name in self.assumptions if name not in {*parameters, "rule"}]
        if unknown:
            raise MessageError(
                message(
                    "rulebooks.assumption-unknown",
                    rule=self.id,
                    name=unknown[0],
                    known=[*parameters, "rule"],
                )
            )
        if not self.source and "rule" not in self.assumptions:
            uncovered = [name for name in parameters if name not in self.assumptions]
            if uncovered or not parameters:
                raise MessageError(
                    message("rulebooks.no-origin", rule=self.id, names=uncovered or "rule")
                )
        return self

    def parameters(self) -> dict[str, Any]:
        """The parameters of the kind with their values, in the order of the class."""
        common = set(Rule.model_fields)
        return {name: getattr(self, name) for name in type(self).model_fields if name not in common}

    def table(self) -> dict[str, Any]:
        """The TOML table that builds this rule again."""
        plain = self.model_dump(exclude_none=True, exclude_defaults=True)
        return {"kind": type(self).kind, **plain}

    @abstractmethod
    def reads(self) -> tuple[str, ...]:
        """The names of the facts that decide the cell, for explanations."""

    @abstractmethod
    def column(self, facts: Facts) -> Numbers:
        """One int64 cell for each row of ``facts``, shape (n,)."""


class Requirement(Rule):
    """Decides who is qualified: cell 1 where met, 0 where not met or not documented."""

    role: ClassVar[Role] = "requirement"
    unit: ClassVar[Unit] = "yes-no"


class Criterion(Rule):
    """A column that ranks by each application's own facts; its ``role`` is tier or points."""

    role: ClassVar[Role] = "points"
    unit: ClassVar[Unit] = "points"

    @property
    def shown_decimals(self) -> int:
        """With how many decimals (0-2) the site writes this column, where its unit is points."""
        return 2

    def qualifies(self, facts: Facts) -> Flags:
        """False where a fact is missing that this rule's rulebook demands, shape (n,)."""
        return np.ones(len(facts), dtype=np.bool_)

    def documents(self, facts: Facts) -> Flags:
        """False where a fact that this rule gives points for is not documented, shape (n,).

        A leader's points are added to what is documented, and are no stand-in for what is not.
        """
        return np.ones(len(facts), dtype=np.bool_)


class GroupCriterion(Rule):
    """A column that needs each applicant's ``index`` among those of the same group.

    ``group`` names the fact whose equals form a group. At scope ``offering`` the index is counted
    among the qualified at one offering in the order of the rulebook's non-group columns; at scope
    ``round`` over the whole round, each person once (design §4).
    """

    role: ClassVar[Role] = "group"
    unit: ClassVar[Unit] = "order"
    by_leader: ClassVar[bool] = False
    """Whether the index follows the leader's order of own staff first, then the base order."""

    @property
    def scope(self) -> Scope:
        """Among whom the index is counted."""
        return "offering"

    @property
    @abstractmethod
    def group(self) -> Literal["service", "municipality"]:
        """The fact whose equals form a group."""

    def counted(self, facts: Facts) -> Flags:
        """Who is counted in a group at all, shape (n,); the others' index is 0."""
        counted: Flags = facts.numbers(self.group) >= 0
        return counted


class TieBreak(Rule):
    """A column that only parts applicants who are equal on all criteria."""

    role: ClassVar[Role] = "tie"
    unit: ClassVar[Unit] = "order"
