"""What sets two scenarios apart: rules on the one side, mechanism, seats and offers on the other.

The effect of rules can be told only against the same mechanism, seats and offers, that of seats
only against the same mechanism. Where two scenarios differ in more, others stand between them:
``between``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import count

from admissions.model.errors import DataError
from admissions.model.wording import Wording
from admissions.rulebooks.scenario import ResolvedScenario, Scenario

RULES = ("leader", "leader_points", "ties", "lottery")
"""The settings of a scenario that are rules, beside the rulebooks' versions."""
PROCESS = ("mechanism", "call_rounds", "turns", "objectives", "quotas", "policy")
"""The settings that say how places are given and answered, beside seats and offers."""
SEATS = ("seats", "offers")


class Effect(StrEnum):
    """What sets a scenario apart from the one that it is held against."""

    NONE = "none"
    """Nothing, or there is none."""
    RULES = "rules"
    """Rules alone: mechanism, seats and offers are the same."""
    MECHANISM = "mechanism"
    """How places are given alone."""
    SEATS = "seats"
    """Seats or offers alone."""
    PROCESS = "process"
    """Mechanism and seats, by the same rules."""
    ALL = "all"
    """Rules and mechanism or seats, which do not go together otherwise."""


def same_rules(one: ResolvedScenario, other: ResolvedScenario, offerings: Sequence[str]) -> bool:
    """Whether both rank applicants at ``offerings`` by the same rules."""
    alike = all(one.versions[o] == other.versions[o] for o in offerings)
    return alike and one.year == other.year and _stated(one, RULES) == _stated(other, RULES)


def same_mechanism(one: ResolvedScenario, other: ResolvedScenario) -> bool:
    """Whether both give places in the same way."""
    return _stated(one, PROCESS) == _stated(other, PROCESS)


def same_seats(one: ResolvedScenario, other: ResolvedScenario, offerings: Sequence[str]) -> bool:
    """Whether both have the same seats, and make the same offers, at ``offerings``."""
    return all(
        found.seats.get(o) == others.seats.get(o) and found.offers.get(o) == others.offers.get(o)
        for found, others in ((one.scenario, other.scenario),)
        for o in offerings
    )


def effect_of(
    scenario: ResolvedScenario, other: ResolvedScenario, offerings: Sequence[str]
) -> Effect:
    """What sets ``scenario`` apart from ``other``."""
    mechanism = same_mechanism(scenario, other)
    seats = same_seats(scenario, other, offerings)
    if not same_rules(scenario, other, offerings):
        return Effect.RULES if mechanism and seats else Effect.ALL
    if mechanism:
        return Effect.NONE if seats else Effect.SEATS
    return Effect.MECHANISM if seats else Effect.PROCESS


def with_between(
    scenarios: Sequence[ResolvedScenario], offerings: Sequence[str]
) -> tuple[list[ResolvedScenario], list[int]]:
    """``scenarios`` and after them what stands between the first and the others.

    Beside them for each the position of the one that it is held against, from which one thing alone
    sets it apart; of the first its own.
    """
    found, against = list(scenarios), list[int]()
    while len(against) < len(found):
        middle = between(found[0], found[len(against)], offerings)
        against.append(0 if middle is None else _position(found, middle, offerings))
    return found, against


def _position(
    found: list[ResolvedScenario], middle: ResolvedScenario, offerings: Sequence[str]
) -> int:
    """Where ``found`` has what ``middle`` says; it is added where nothing does."""
    for n, other in enumerate(found):
        if effect_of(other, middle, offerings) is Effect.NONE:
            return n
    ids = [other.scenario.id for other in found]
    name = middle.scenario.id
    number = next(n for n in count(1) if (name if n == 1 else f"{name}-{n}") not in ids)
    found.append(middle if number == 1 else middle.with_settings(id=f"{name}-{number}"))
    return len(found) - 1


def between(
    reference: ResolvedScenario, scenario: ResolvedScenario, offerings: Sequence[str]
) -> ResolvedScenario | None:
    """What stands next between ``reference`` and ``scenario``, so that one thing differs at a time.

    1. Where rules differ, and mechanism or seats: the rules of ``reference`` under the mechanism
    and seats of ``scenario``. 2. Where mechanism and seats differ: rules and seats of ``reference``
    under the mechanism of ``scenario``. None where one thing differs at most, or where the two do
    not go together.
    """
    mechanism = same_mechanism(reference, scenario)
    seats = same_seats(reference, scenario, offerings)
    try:
        if not same_rules(reference, scenario, offerings):
            if mechanism and seats:
                return None
            return _mixed(reference, scenario, (*RULES, *SEATS) if seats else RULES)
        return None if mechanism or seats else _mixed(reference, scenario, (*RULES, *SEATS))
    except DataError:
        return None


def _mixed(
    reference: ResolvedScenario, scenario: ResolvedScenario, kept: Sequence[str]
) -> ResolvedScenario:
    """``reference`` with the settings of ``scenario``, but for those that are ``kept``."""
    seats = "seats" in kept
    title = _SEATS_TITLE if seats else _RULES_TITLE
    theirs = scenario.scenario.mechanism if seats else f"as-{scenario.scenario.id}"
    own, other = _title(reference.scenario), _title(scenario.scenario)
    changed = {
        **reference.scenario.model_dump(include=set(kept)),
        "id": f"{reference.scenario.id}-{theirs}",
        "title": {
            "nb": title.nb.format(own.nb, other.nb),
            "nn": title.nn.format(own.nn, other.nn),
            "en": title.en.format(own.en, other.en),
        },
        "why": None,
        "sources": reference.scenario.sources,
        "changes": (),
    }
    return replace(reference, scenario=scenario.scenario.with_settings(**changed))


def _stated(found: ResolvedScenario, names: Sequence[str]) -> list[object]:
    settings = found.scenario
    left_out = set()
    if settings.mechanism != "serial":
        left_out.add("turns")
    if settings.leader != "points":
        left_out.add("leader_points")
    return [getattr(settings, name) if name not in left_out else None for name in names]


def _title(scenario: Scenario) -> Wording:
    return scenario.title or Wording(nb=scenario.id, nn=scenario.id, en=scenario.id)


_RULES_TITLE = Wording(
    nb="Reglene i «{}» med opptaksmåten og plassene i «{}»",
    nn="Reglane i «{}» med opptaksmåten og plassane i «{}»",
    en="The rules of “{}” with the mechanism and seats of “{}”",
)
_SEATS_TITLE = Wording(
    nb="Reglene og plassene i «{}» med opptaksmåten i «{}»",
    nn="Reglane og plassane i «{}» med opptaksmåten i «{}»",
    en="The rules and seats of “{}” with the mechanism of “{}”",
)
