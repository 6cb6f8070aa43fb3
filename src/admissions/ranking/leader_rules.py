"""The columns that the scenario's leader influence adds to a rulebook."""

from __future__ import annotations

from pydantic import ValidationError

from admissions.model.errors import DataError, first_error
from admissions.model.messages import message
from admissions.model.words import wordings
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import Scenario
from admissions.rules.base import Rule
from admissions.rules.leader_first_choice import LeaderFirstChoice
from admissions.rules.leader_points import LeaderPoints
from admissions.rules.leader_proportional import LeaderProportional

_TITLES = wordings("leader-rules")
_FIRST_CHOICE = LeaderFirstChoice(
    id="leader-first-choice",
    title=_TITLES["leader-first-choice"],
    source="Kompetanse for kvalitet: every employer gets its top-ranked application",
)
_PROPORTIONAL = LeaderProportional(
    id="leader-proportional",
    title=_TITLES["leader-proportional"],
    source="Kompetanse for kvalitet: places are shared in proportion to positions",
)


def first_points_criterion(version: Version) -> Rule | None:
    """The first criterion that counts points, or None where the rulebook counts none."""
    for rule in version.criteria:
        if rule.counts_points:
            return rule
    return None


def with_leader_rules(version: Version, scenario: Scenario) -> Version:
    """``version`` with the columns that ``scenario.leader`` adds; the same object where none.

    Raises DataError where they do not go together with the version's own rules.
    """
    criteria: tuple[Rule, ...]
    if scenario.leader == "employer-first":
        after = max((n for n, r in enumerate(version.criteria, 1) if r.role == "tier"), default=0)
        added = (_FIRST_CHOICE, _PROPORTIONAL)
        criteria = (*version.criteria[:after], *added, *version.criteria[after:])
    elif scenario.leader == "points" and first_points_criterion(version) is None:
        column = LeaderPoints.model_validate(
            {
                "id": "leader-points",
                "title": _TITLES["leader-points"],
                "points": [f"{p // 100}.{p % 100:02d}" for p in scenario.leader_points],
                "source": f"scenario {scenario.id}",
            }
        )
        criteria = (*version.criteria, column)
    else:
        return version
    try:
        return version.with_lists(criteria=criteria)
    except ValidationError as error:
        raise DataError(
            message(
                "rulebooks.leader-columns",
                scenario=scenario.id,
                leader=scenario.leader,
                version=version.id,
                said=first_error(error),
            )
        ) from None
