"""Limits: bounds on who can hold seats together, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Protocol, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from admissions.model import numbers
from admissions.model.choices import choice_words
from admissions.model.frozen import Frozen, FrozenDict
from admissions.model.messages import MessageError, message
from admissions.model.speech import Said, Speaking
from admissions.model.vocabulary import Language, Region
from admissions.model.wording import Wording
from admissions.rules.base import Assumption, Rule
from admissions.rules.parameters import AcrossTiers

MOST_SEATS = 1_000_000
"""More than any offering has; a larger number is a slip of the finger."""

Seats = Annotated[int, Field(strict=True, ge=1, le=MOST_SEATS)]
SeatsOrNone = Annotated[int, Field(strict=True, ge=0, le=MOST_SEATS)]


Shared = Literal["service", "municipality", "region"]
"""What those who are counted together have in common."""


class SeatsTaken(Protocol):
    """The seats of one offering as one applicant meets them; ``region`` is the applicant's own."""

    @property
    def region(self) -> str | None: ...

    def sharing(self, fact: Shared | None) -> int:
        """How many hold a seat who share the applicant's ``fact``; None: how many in all."""

    def behind(self, region: str) -> bool:
        """Whether somebody of ``region`` holds a seat and is ranked behind the applicant."""


class BaseLimit(Speaking, BaseModel):
    """What every kind of limit has. What it says stands beside it (``Speaking``).

    All that the rest of the program asks of a kind is here, with the answer of most kinds; one that
    is otherwise overrides it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shared: ClassVar[Shared | None] = None
    """What those have in common whom it counts; None: it counts all who hold a seat."""
    one_by_one: ClassVar[bool] = True
    """Whether its last seat can go to one of several who are equal."""
    ties_people: ClassVar[bool] = True
    """Whether a person's move can leave the others otherwise than by the place that it takes."""
    closes: ClassVar[bool] = False
    """Whether the offering is closed where the limit cannot be kept."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording
    source: str | None = None
    assumptions: Annotated[dict[str, Assumption], Frozen] = FrozenDict()

    @classmethod
    def kind_id(cls) -> str:
        """The kind, as rulebooks name it."""
        return str(cls.model_fields["kind"].default)

    def parameters(self) -> dict[str, Any]:
        """The parameters of the kind with their values, as a rule has them."""
        common = {*BaseLimit.model_fields, "kind"}
        return {name: getattr(self, name) for name in type(self).model_fields if name not in common}

    def bounds(self) -> tuple[tuple[str | None, int], ...]:
        """The seats that it states, each with the region that it is for, None where for all."""
        return ((None, int(self.parameters()["seats"])),)

    def keeps_tiers(self) -> bool | None:
        """Whether it reserves seats within a sector tier only; None where it reserves none."""
        return None

    def open_first(self) -> bool:
        """Whether the seats that it does not reserve are filled first."""
        return False

    def stands(self, taken: SeatsTaken, region: str | None, seats: int) -> bool:
        """Whether the bound of ``seats``, for ``region`` where it has one, keeps somebody out."""
        return taken.sharing(self.shared) >= seats

    def in_the_way(self) -> Wording:
        """What a letter says of it where it stood in somebody's way, with gaps for the bound."""
        return self.kind_words()["in-the-way"]

    def summands(self) -> tuple[Rule, ...]:
        """None: as of a rule that adds up nothing."""
        return ()


class RegionLimit(BaseLimit):
    """A limit that states seats for each of some regions."""

    shared = "region"
    seats: Mapping[Region, int]

    def bounds(self) -> tuple[tuple[str | None, int], ...]:
        return tuple(self.seats.items())


def _by_region(seats: Mapping[str, int], language: Language) -> str:
    each = [f"{choice_words('region', region, language)} {n}" for region, n in seats.items()]
    return numbers.listed(each, language)


Fill = Literal["reserves-first", "open-first"]


class RegionMinimum(RegionLimit):
    """Soft minimum per region, as far as qualified applicants wanting the region exist.

    ``reserves-first``: a region's best ``seats[region]`` come before all others, and the remaining
    seats go by rank. With oslo = 5 the first five who would join the group in Oslo are in, whoever
    else applies. ``open-first``: the seats that no region has go by rank, then a region's best of
    those left take its ``seats[region]``, and what stays unused goes by rank: with oslo = 5 five
    from Oslo are in besides those who would be anyway (Dur, Kominers, Pathak & Sönmez 2018).

    Within each sector tier: a reserve never puts a lower tier before a higher one, unless
    ``across_tiers``.
    """

    ties_people = False
    kind: Literal["region-minimum"] = "region-minimum"
    seats: Annotated[dict[Region, Seats], Field(min_length=1), Said(_by_region), Frozen]
    fill: Fill = "reserves-first"
    across_tiers: AcrossTiers = False

    def keeps_tiers(self) -> bool:
        return not self.across_tiers

    def open_first(self) -> bool:
        return self.fill == "open-first"

    def stands(self, taken: SeatsTaken, region: str | None, seats: int) -> bool:
        return region is not None and region != taken.region and taken.behind(region)

    def in_the_way(self) -> Wording:
        if self.open_first():
            return self.kind_words()["in-the-way-last"]
        return super().in_the_way()


class RegionMaximum(RegionLimit):
    """Hard maximum per region: at most ``seats[region]`` holders would join that group."""

    kind: Literal["region-maximum"] = "region-maximum"
    seats: Annotated[dict[Region, SeatsOrNone], Field(min_length=1), Said(_by_region), Frozen]

    def stands(self, taken: SeatsTaken, region: str | None, seats: int) -> bool:
        return region == taken.region and super().stands(taken, region, seats)


class ServiceMaximum(BaseLimit):
    """Hard maximum per service: at most ``seats`` holders from one service at this offering."""

    shared = "service"
    kind: Literal["service-maximum"] = "service-maximum"
    seats: Seats


class MunicipalityMaximum(BaseLimit):
    """Hard maximum per municipality: at most ``seats`` holders from its services at this offering.

    Whoever has no municipality is not counted. Not beside seats that are reserved: who goes for
    whom would then not be defined.
    """

    shared = "municipality"
    kind: Literal["municipality-maximum"] = "municipality-maximum"
    seats: Seats


class ServiceFirst(BaseLimit):
    """Soft limit per service, counted among those considered together.

    The best ``seats`` of each service, and whoever has none, come before every service's others,
    whoever else was turned away before: within each sector tier, so that a municipal service's
    third still comes before state and private employees, unless ``across_tiers``.
    ``service-limit`` (a criterion) counts among all applicants instead, and stands where the
    rulebook puts it.
    """

    shared = "service"
    kind: Literal["service-first"] = "service-first"
    seats: Seats
    across_tiers: AcrossTiers = False

    def keeps_tiers(self) -> bool:
        return not self.across_tiers


class ClassMinimum(BaseLimit):
    """Minimum class size: the offering is closed rather than run with fewer than ``seats``."""

    one_by_one = False
    closes = True
    kind: Literal["class-minimum"] = "class-minimum"
    seats: Seats

    def stands(self, taken: SeatsTaken, region: str | None, seats: int) -> bool:
        return not taken.sharing(None)


Limit = Annotated[
    RegionMinimum
    | RegionMaximum
    | ServiceMaximum
    | MunicipalityMaximum
    | ServiceFirst
    | ClassMinimum,
    Field(discriminator="kind"),
]
"""A limit at one offering, as a rulebook or scenario states it."""


class Quota(BaseModel):
    """A common quota: at most ``seats`` offers over all of ``offerings`` together.

    Of plans that are as fair and use as many offers, the one with most municipal employees is
    taken (the objective ``municipal-first``), unless ``across_tiers``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording
    offerings: tuple[str, ...] = Field(min_length=1)
    seats: SeatsOrNone
    across_tiers: bool = False

    @field_validator("offerings")
    @classmethod
    def _each_once(cls, offerings: tuple[str, ...]) -> tuple[str, ...]:
        twice = [name for name in offerings if offerings.count(name) > 1]
        if twice:
            raise MessageError(message("rulebooks.named-twice", name=twice[0]))
        return offerings


def limit_kinds() -> tuple[type[BaseLimit], ...]:
    """Every kind of limit, in the order in which they are listed."""
    kinds: tuple[type[BaseLimit], ...] = get_args(get_args(Limit)[0])
    return kinds


def refuse_together(limits: Sequence[Limit]) -> None:
    """Raises ValueError for limits that cannot stand together at one offering.

    Each kind at most once; no region's minimum above its maximum; service-first and service-maximum
    only where reserves are filled first, since who is counted for a service would depend on who
    holds open seats: then somebody could lose a reserved seat because another one withdraws; no
    municipality's maximum beside reserved seats.
    """
    kinds = [limit.kind for limit in limits]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise MessageError(message("rulebooks.two-limits", kind=kind))
    reserving = [limit.id for limit in limits if limit.keeps_tiers() is not None]
    if reserving and "municipality-maximum" in kinds:
        raise MessageError(message("rulebooks.municipality-beside", reserving=reserving[0]))
    minima = [limit for limit in limits if isinstance(limit, RegionMinimum)]
    maxima = [limit for limit in limits if isinstance(limit, RegionMaximum)]
    for region, seats in minima[0].seats.items() if minima and maxima else ():
        if seats > maxima[0].seats.get(region, seats):
            raise MessageError(
                message(
                    "rulebooks.reserves-above-maximum",
                    minimum=minima[0].id,
                    seats=seats,
                    region=region,
                    maximum=maxima[0].id,
                    most=maxima[0].seats[region],
                )
            )
    if minima and minima[0].open_first():
        for kind in ("service-first", "service-maximum"):
            if kind in kinds:
                raise MessageError(
                    message("rulebooks.open-first-beside", kind=kind, minimum=minima[0].id)
                )
