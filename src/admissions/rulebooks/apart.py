"""What sets two scenarios apart: rules on the one side, mechanism, seats and offers on the other.

The effect of rules can be told only against the same mechanism, seats and offers, that of seats
only against the same mechanism. Where two scenarios differ in more, others stand between them:
``between``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from admissions.model.wording import Wording
from admissions.rulebooks.scenario import ResolvedScenario, Scenario

RULES = ("leader", "leader_points", "ties", "lottery")
"""The settings of a scenario that are rules, beside the rulebooks' versions."""
PROCESS = ("mechanism", "call_rounds", "turns", "objectives", "quotas")
"""The settings that say how places are given, beside seats and offers."""
SEATS = ("seats", "offers")


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


def same_process(one: ResolvedScenario, other: ResolvedScenario, offerings: Sequence[str]) -> bool:
    """Whether mechanism, seats and offers are the same."""
    return same_mechanism(one, other) and same_seats(one, other, offerings)


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
            return None if mechanism and seats else _with_rules_of(reference, scenario)
        return None if mechanism or seats else _with_rules_and_seats_of(reference, scenario)
    except ValidationError:
        return None


def _with_rules_of(reference: ResolvedScenario, scenario: ResolvedScenario) -> ResolvedScenario:
    name = f"{reference.scenario.id}-as-{scenario.scenario.id}"
    return _mixed(reference, scenario, RULES, name, _RULES_TITLE)


def _with_rules_and_seats_of(
    reference: ResolvedScenario, scenario: ResolvedScenario
) -> ResolvedScenario:
    name = f"{reference.scenario.id}-{scenario.scenario.mechanism}"
    return _mixed(reference, scenario, (*RULES, *SEATS), name, _SEATS_TITLE)


def _mixed(
    reference: ResolvedScenario,
    scenario: ResolvedScenario,
    kept: Sequence[str],
    name: str,
    title: Wording,
) -> ResolvedScenario:
    """``reference`` with the settings of ``scenario``, but for those that are ``kept``."""
    own, other = _title(reference.scenario), _title(scenario.scenario)
    stated = reference.scenario.model_dump(include=set(kept))
    changed = {
        **scenario.scenario.model_dump(exclude={"changes"}),
        **stated,
        "id": name,
        "title": Wording(
            nb=title.nb.format(own.nb, other.nb),
            nn=title.nn.format(own.nn, other.nn),
            en=title.en.format(own.en, other.en),
        ),
        "why": None,
        "sources": reference.scenario.sources,
    }
    return replace(reference, scenario=Scenario.model_validate(changed))


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
