"""What a rule is: a small frozen object that turns the applicants' facts into one column."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.frozen import Frozen, FrozenDict
from admissions.model.messages import MessageError, message
from admissions.model.speech import Speaking
from admissions.model.vocabulary import Sector
from admissions.model.wording import Wording

Place = Literal["requirements", "criteria", "ties"]
"""Where in a rulebook's version a rule stands."""
PLACES: tuple[Place, ...] = get_args(Place)
Group = Literal["service", "municipality"]
Scope = Literal["offering", "round"]
Role = Literal["requirement", "tier", "points", "group", "tie"]
Unit = Literal["yes-no", "tier", "points", "years", "count", "place", "order"]
"""What a cell counts: 1/0, a tier (higher first), hundredths of a point, hundredths of a year,
a count, minus a place in a draw, or an order whose numbers mean nothing by themselves."""


def decimals_of(*hundredths: int) -> int:
    """The decimals (0-2) that numbers in hundredths need: 25 needs two, 450 one, 300 none."""
    return next(n for n in range(3) if all(value % 10 ** (2 - n) == 0 for value in hundredths))


RESERVED_IDS = ("rank", "slot", "qualified", "person_id", "service_id")
"""The columns that every ranking table has; no rule can be called so."""


class Assumption(BaseModel):
    """A value that no source states: why it was chosen, and the values to vary it over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: Wording
    range: Annotated[tuple[Any, ...], Frozen] = Field(min_length=1)


class Rule(Speaking, BaseModel):
    """One column of a ranking table: same facts, same column; more is better.

    ``source`` names the report section or the page (title, year) that states the rule;
    ``assumptions`` name the parameters that no source states. At least one of them is there.

    All that the rest of the program asks of a kind is here, with the answer of most kinds; one that
    is otherwise overrides it. What it says in letters and rules stands beside it (``Speaking``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    place: ClassVar[Place] = "criteria"
    role: ClassVar[Role]
    unit: ClassVar[Unit]
    by_leader: ClassVar[bool] = False
    """Whether the index follows the leader's order of own staff first, then the base order."""
    by_sector: ClassVar[bool] = False
    """Whether it puts sectors into tiers, which come before all else where it stands first."""
    drawn: ClassVar[bool] = False
    """Whether the cell is a place in the published draw."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording
    source: str | None = None
    assumptions: Annotated[dict[str, Assumption], Frozen] = FrozenDict()

    @classmethod
    def kind_id(cls) -> str:
        """The kind, as rulebooks name it."""
        return cls.kind

    @classmethod
    def from_table(cls, table: Mapping[str, Any], build: Callable[[object], Rule]) -> Rule:
        """The rule that a TOML table without its kind states; ``build`` makes rules within it."""
        return cls.model_validate(table)

    @field_validator("id", mode="before")
    @classmethod
    def _is_no_column_of_every_table(cls, value: object) -> object:
        if value in RESERVED_IDS:
            raise MessageError(message("rulebooks.reserved-id", rule=value, known=RESERVED_IDS))
        return value

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

    def qualifies(self, facts: Facts) -> Flags:
        """False where a fact is missing that this rule's rulebook demands, shape (n,)."""
        return np.ones(len(facts), dtype=np.bool_)

    def documents(self, facts: Facts) -> Flags:
        """False where a fact that this rule gives points for is not documented, shape (n,).

        A leader's points are added to what is documented, and are no stand-in for what is not.
        """
        return np.ones(len(facts), dtype=np.bool_)

    def undocumented(self, facts: Facts) -> Flags:
        """Where a fact that it reads is not documented, shape (n,)."""
        missing = np.zeros(len(facts), dtype=np.bool_)
        for name in self.reads():
            missing |= ~facts.documented(name)
        return missing

    @property
    def group(self) -> Group | None:
        """The fact whose equals form a group that the cell counts; None where it needs none."""
        return None

    @property
    def scope(self) -> Scope:
        """Among whom the index in the group is counted."""
        return "offering"

    def counted(self, facts: Facts) -> Flags:
        """Who is counted in a group at all, shape (n,); the others' index is 0."""
        if self.group is None:
            return np.zeros(len(facts), dtype=np.bool_)
        counted: Flags = facts.numbers(self.group) >= 0
        return counted

    @property
    def of_others(self) -> bool:
        """Whether the cell depends on applicants of other services."""
        return self.group is not None and (self.scope == "round" or self.group != "service")

    @property
    def share(self) -> int | None:
        """The least per cent of every part of the list that those with cell 1 shall be.

        None where the column orders by its cells, as all but such shares do.
        """
        return None

    def keeps_tiers(self) -> bool | None:
        """Whether it moves people within their sector tier only; None where it moves nobody."""
        return None

    @property
    def first_sectors(self) -> tuple[Sector, ...]:
        """The sectors whose people all stand before everybody else's by this column; or none."""
        return ()

    @property
    def tier_count(self) -> int | None:
        """How many tiers the cell counts from the last; None where it counts none."""
        return None

    @property
    def counts_points(self) -> bool:
        """Whether the cell is the points that a site counts."""
        return self.role == "points" and self.unit == "points"

    @property
    def counts_passed_as(self) -> int | None:
        """The grade (hundredths) that a degree marked only "passed" counts as; None without one."""
        return None

    @property
    def shown_decimals(self) -> int:
        """With how many decimals (0-2) the site writes this column, where its unit is points."""
        return 2

    def most_points(self) -> int | None:
        """The most points that it can give, in hundredths; None where nothing bounds them."""
        maximum = self.parameters().get("maximum")
        return int(maximum) if self.unit == "points" and maximum is not None else None

    def summands(self) -> tuple[Rule, ...]:
        """The rules whose points it adds up; none but for a sum."""
        return ()

    def with_summands(self) -> tuple[Rule, ...]:
        """The rule, then those whose points it adds up."""
        return (self, *self.summands())


class Requirement(Rule):
    """Decides who is qualified: cell 1 where met, 0 where not met or not documented."""

    place: ClassVar[Place] = "requirements"
    role: ClassVar[Role] = "requirement"
    unit: ClassVar[Unit] = "yes-no"


class Criterion(Rule):
    """A column that ranks by each application's own facts; its ``role`` is tier or points."""

    role: ClassVar[Role] = "points"
    unit: ClassVar[Unit] = "points"


class GroupCriterion(Rule):
    """A column that needs each applicant's ``index`` among those of the same group.

    ``group`` names the fact whose equals form a group. ``admissions.ranking.tables`` counts the
    index: at scope ``offering`` among the qualified at one offering in the order of the rulebook's
    non-group columns; at scope ``round`` over the whole round, each person once.
    """

    role: ClassVar[Role] = "group"
    unit: ClassVar[Unit] = "order"

    @property
    @abstractmethod
    def group(self) -> Group:
        """The fact whose equals form a group."""


class TieBreak(Rule):
    """A column that only parts applicants who are equal on all criteria."""

    place: ClassVar[Place] = "ties"
    role: ClassVar[Role] = "tie"
    unit: ClassVar[Unit] = "order"
