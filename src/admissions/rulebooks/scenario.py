"""Scenarios: a base plus changes of rules, seats, mechanism and leader influence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from admissions.model.errors import DataError, first_error
from admissions.model.files import Place
from admissions.model.frozen import Frozen, FrozenDict
from admissions.model.hundredths import Hundredths
from admissions.model.messages import MessageError, message
from admissions.model.policy import Policy
from admissions.model.resources import offering_ids
from admissions.model.round import Round
from admissions.model.seeds import LARGEST_SEED
from admissions.model.vocabulary import Ties
from admissions.model.wording import Wording
from admissions.rulebooks.changes import Change, changed
from admissions.rulebooks.inherited import Inherited
from admissions.rulebooks.known import known_rulebooks
from admissions.rulebooks.limits import Quota, SeatsOrNone
from admissions.rulebooks.objectives import STANDARD, ObjectiveName, fairness_first, refuse_disorder
from admissions.rulebooks.rulebook import (
    NotOffered,
    Rulebook,
    Version,
    load_rulebooks,
    rulebook_toml,
)
from admissions.rules.base import Assumption

Mechanism = Literal["coordinated", "independent", "serial"]
Seed = Annotated[int, Field(strict=True, ge=0, le=LARGEST_SEED)]

LeaderMode = Literal["none", "tie-break", "within-service", "points", "employer-first"]

PERMUTING: tuple[LeaderMode, ...] = ("tie-break", "within-service")
"""The leader modes that leave the sequence of services unchanged."""


class Scenario(BaseModel):
    """What a scenario file says once its bases are laid under it.

    ``seats`` and ``offers`` are by offering; ``offers`` (offers to make) default to the seats.
    ``objectives`` are what the plan shall be best at, in that order (others are not pursued).
    ``leader_points`` are for the leader's first, second, … in the mode ``points``. ``ties`` says
    whether the lottery decides between equals, or they are treated together. ``turns`` are the
    offerings in the order in which the serial mechanism fills them. ``policy``: what answers mean
    in the year that follows, as far as the scenario states it (the round's own policy wins).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Wording | None = None
    why: Wording | None = None
    sources: tuple[str, ...] = ()
    rules_on: dt.date | None = None
    mechanism: Mechanism
    call_rounds: int = Field(default=2, strict=True, ge=1)
    turns: tuple[str, ...] = ()
    leader: LeaderMode = "none"
    leader_points: tuple[Annotated[Hundredths, Field(ge=0)], ...] = Field(
        default=(300, 200, 100), min_length=1
    )
    ties: Ties = "lottery"
    lottery: Literal["single", "per-offering"] = "single"
    seed: Seed
    seats: Annotated[dict[str, SeatsOrNone], Frozen]
    offers: Annotated[dict[str, SeatsOrNone], Frozen] = FrozenDict()
    quotas: tuple[Quota, ...] = ()
    objectives: tuple[ObjectiveName, ...] = STANDARD
    policy: Policy | None = None
    changes: tuple[Change, ...] = ()
    assumptions: Annotated[dict[str, Assumption], Frozen] = FrozenDict()

    @model_validator(mode="after")
    def _decides(self) -> Scenario:
        refuse_disorder(self.objectives)
        ids = [quota.id for quota in self.quotas]
        twice = [name for name in ids if ids.count(name) > 1]
        if twice:
            raise MessageError(message("rulebooks.two-quotas", quota=twice[0]))
        unknown = [name for name in self.assumptions if name not in type(self).model_fields]
        if unknown:
            raise MessageError(message("rulebooks.assumption-of-nothing", name=unknown[0]))
        if self.mechanism != "coordinated" and self.objectives != STANDARD:
            raise MessageError(
                message("rulebooks.objectives-need-solver", mechanism=self.mechanism)
            )
        if self.ties != "lottery" and not fairness_first(self.objectives):
            raise MessageError(message("rulebooks.fairness-first"))
        return self

    def with_settings(self, **values: object) -> Scenario:
        """This scenario with other ``values``, as a file states them; itself is not altered.

        The only way to change a setting; binary fractions are taken as the shortest decimal that
        is written for them. Raises DataError where they do not hang together.
        """
        stated = self.model_dump(exclude_unset=True)
        try:
            return type(self).model_validate({**stated, **exact_table(values)})
        except ValidationError as error:
            raise DataError(
                message("problems.at", place=self.id, said=first_error(error))
            ) from None

    def changed(self, offering: str | Sequence[str], rule: str, **values: object) -> Scenario:
        """The scenario with other ``values`` for parameters of ``rule`` at ``offering``.

        ``offering``: one, several, or ``"all"``; ``rule``: its id (``points.grade`` is a part of a
        sum). The id says what was changed. Raises DataError for a change that names nothing or
        changes nothing, here where the scenario states its date, else when it is allocated.

            scenario("coordinated-2019").changed("uis-juss", "grade", factor=1.5)
        """
        change = {
            "offerings": [offering]
            if isinstance(offering, str) and offering != "all"
            else offering,
            "rule": rule,
            "set": exact_table(values),
        }
        said = (offering if isinstance(offering, str) else "-".join(offering), rule)
        told = (f"{name} {value}" for name, value in values.items())
        found = self.with_settings(
            id=re.sub("[^a-z0-9]+", "-", " ".join((self.id, *said, *told)).lower()).strip("-"),
            title=None,
            why=None,
            changes=[*self.model_dump(exclude_unset=True).get("changes", ()), change],
        )
        if found.rules_on is not None:
            resolve(found)
        return found


@dataclass(frozen=True)
class ResolvedScenario:
    """A scenario with the rules it means: one version for each offering, changes made.

    ``rulebooks`` are the originals (programme, site) and ``versions`` the rules that apply, both
    by offering id. ``inherited``: what of it is stated by the scenario's base alone, for whoever
    reads what was decided; it means nothing else.
    """

    scenario: Scenario
    rules_on: dt.date
    rulebooks: Mapping[str, Rulebook]
    versions: Mapping[str, Version]
    inherited: Inherited | None = field(default=None, compare=False)

    @cached_property
    def rules_written(self) -> Mapping[str, str]:
        """The rules of the run, one TOML text by offering, each with the version that applied."""
        return {
            offering: rulebook_toml(self.rulebooks[offering].only(version))
            for offering, version in self.versions.items()
        }

    def __getstate__(self) -> dict[str, Any]:
        """What is stated; what can be written again is not sent along."""
        return {stated.name: getattr(self, stated.name) for stated in fields(self)}

    def with_settings(self, **values: Any) -> ResolvedScenario:
        """The same rules under other settings (``Scenario.with_settings``)."""
        return replace(self, scenario=self.scenario.with_settings(**values))

    @property
    def year(self) -> int:
        """The year of the admission, that of ``rules_on``."""
        return self.rules_on.year

    def offers_to_make(self, offering: str) -> int:
        """How many offers ``offering`` makes. Raises DataError when no seats are stated."""
        seats = self.scenario.offers.get(offering, self.scenario.seats.get(offering))
        if seats is None:
            raise DataError(
                message("rulebooks.no-seats", scenario=self.scenario.id, offering=offering)
            )
        return seats


def exact_table(table: Mapping[str, Any]) -> dict[str, Any]:
    """``table`` with each binary fraction in it as the shortest decimal written for it."""
    return {name: _exactly(value) for name, value in table.items()}


def _exactly(value: object) -> object:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return exact_table(value)
    if isinstance(value, list | tuple):
        return [_exactly(one) for one in value]
    return value


def resolve(
    scenario: Scenario,
    *,
    round_rules_on: dt.date | None = None,
    rules: Place | None = None,
) -> ResolvedScenario:
    """``scenario`` with the rules of its date, its changes made; the scenario is not altered.

    ``round_rules_on`` stands in where the scenario states no date. ``rules``: where its rulebooks
    are [those that are known]. Offerings that do not exist on that day are left out. Raises
    DataError for a change that names nothing or changes nothing.
    """
    rules_on = scenario.rules_on or round_rules_on
    if rules_on is None:
        raise DataError(message("rulebooks.no-date", scenario=scenario.id))
    rulebooks = known_rulebooks() if rules is None else load_rulebooks(rules)
    _refuse_unknown_offerings(scenario, rulebooks)
    twice = [name for name in scenario.turns if scenario.turns.count(name) > 1]
    if twice:
        raise DataError(message("rulebooks.turn-twice", scenario=scenario.id, offering=twice[0]))
    versions, ships = dict[str, Version](), offering_ids()
    for offering, rulebook in rulebooks.items():
        if offering not in ships and rulebook.entries()[0].valid_from > rules_on:
            continue
        entry = rulebook.on(rules_on)
        if not isinstance(entry, NotOffered):
            versions[offering] = entry
    base = ResolvedScenario(scenario, rules_on, rulebooks, versions)
    return with_changes(base, scenario.changes)


def with_own_seats(resolved: ResolvedScenario, round_: Round) -> ResolvedScenario:
    """``resolved`` with the seats and offers that offerings of ``round_`` state for themselves.

    Own seats take the scenario's offers with them: without own ones, offers are as many as seats.
    """
    own = {name: stated for name, stated in round_.own.items() if stated.seats is not None}
    if not own:
        return resolved
    settings = resolved.scenario
    seats = {**settings.seats, **{name: stated.seats for name, stated in own.items()}}
    offers = {name: offers for name, offers in settings.offers.items() if name not in own}
    offers |= {name: stated.offers for name, stated in own.items() if stated.offers is not None}
    settings = settings.model_copy(update={"seats": seats, "offers": offers})
    return replace(resolved, scenario=settings)


def _refuse_unknown_offerings(scenario: Scenario, rulebooks: Mapping[str, Rulebook]) -> None:
    """Raises DataError for seats, a turn, a prior or a quota of what is no offering ever."""
    quotas = (
        (message("rulebooks.quota-over", quota=quota.id), quota.offerings)
        for quota in scenario.quotas
    )
    seats = (*scenario.seats, *scenario.offers, *scenario.turns)
    priors = scenario.policy.priors if scenario.policy is not None else ()
    own = ((message("rulebooks.seats-for"), seats), (message("rulebooks.priors-for"), priors))
    for what, named in (*own, *quotas):
        unknown = sorted(set(named) - set(rulebooks))
        if unknown:
            raise DataError(
                message(
                    "rulebooks.no-offering",
                    scenario=scenario.id,
                    what=what,
                    offering=unknown[0],
                    known=tuple(rulebooks),
                )
            )


def with_changes(base: ResolvedScenario, changes: Sequence[Change]) -> ResolvedScenario:
    """``base`` with ``changes`` made to its rules, in order; ``base`` is not altered.

    Raises DataError for a change that names nothing or changes nothing.
    """
    versions = dict(base.versions)
    for number, change in enumerate(changes, start=1):
        where = message("rulebooks.change-of", scenario=base.scenario.id, number=number)
        targets = tuple(versions) if change.offerings == "all" else change.offerings
        for offering in targets:
            if offering not in versions:
                raise DataError(
                    message(
                        "rulebooks.no-offering-then",
                        where=where,
                        offering=offering,
                        day=base.rules_on,
                    )
                )
            versions[offering] = changed(versions[offering], change, where)
    _refuse_strict_orders(base.scenario, versions)
    return replace(base, versions=versions)


def _refuse_strict_orders(scenario: Scenario, versions: Mapping[str, Version]) -> None:
    """Raises DataError where equals shall stay together and something puts them one by one."""
    if scenario.ties == "lottery":
        return
    leader = message("rulebooks.leader-mode", leader=scenario.leader)
    one_by_one = [leader] if scenario.leader in PERMUTING else []
    one_by_one += [
        message("rulebooks.share-of", rule=rule.id, version=version.id)
        for version in versions.values()
        for rule in version.criteria
        if rule.share is not None
    ]
    if one_by_one:
        raise DataError(
            message(
                "rulebooks.strict-order",
                scenario=scenario.id,
                ties=scenario.ties,
                what=one_by_one[0],
            )
        )
