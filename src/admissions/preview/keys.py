"""An application's place as a key that can be held against a cut-off: larger is better."""

from __future__ import annotations

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.ranking import lottery
from admissions.ranking.tables import RankingTable
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import PERMUTING, ResolvedScenario

Key = tuple[int, ...]
"""The cells of a ranking table from left to right, the lottery's as minus the number drawn."""


def base_scenario(scenario: ResolvedScenario) -> ResolvedScenario:
    """``scenario`` where leaders only permute own staff: the order that they permute; else itself.

    Raises UsageError for a scenario whose columns depend on other services' people, so that own
    staff's data do not give them.
    """
    settings = scenario.scenario
    for offering, version in scenario.versions.items():
        for rule in version.criteria:
            if rule.of_others:
                raise UsageError(
                    message(
                        "comparing.ranks-by-others",
                        scenario=settings.id,
                        offering=offering,
                        rule=rule.id,
                    )
                )
    if settings.leader == "employer-first" or settings.ties != "lottery":
        raise UsageError(message("comparing.shares-places", scenario=settings.id))
    if settings.leader not in PERMUTING:
        return scenario
    return scenario.with_settings(leader="none")


def keys(table: RankingTable, round_: Round, scenario: ResolvedScenario) -> list[Key | None]:
    """The key of each row of ``table``; None where it is not qualified.

    The place in the draw depends on who else is drawn; the number does not, and orders alike.
    """
    columns = [rule.id for rule in table.version.rules()]
    cells = table.cells[:, [table.columns.index(name) for name in columns]].tolist()
    drawn = _numbers(table, round_, scenario)
    at = [n for n, rule in enumerate(table.version.rules()) if rule.drawn]
    found: list[Key | None] = []
    for row, qualified in enumerate(table.qualified.tolist()):
        for place in at:
            cells[row][place] = -drawn[row]
        found.append(tuple(cells[row]) if qualified else None)
    return found


def _numbers(table: RankingTable, round_: Round, scenario: ResolvedScenario) -> list[int]:
    ids = round_.applicants["person_id"].to_numpy()[table.person]
    single = scenario.scenario.lottery == "single"
    offering = None if single else table.offering
    return [int(n) for n in lottery.numbers(ids, scenario.scenario.seed, offering)]


def limited_regions(version: Version) -> bool:
    """Whether a limit tells regions apart, so that each has a cut-off of its own."""
    return any(limit.shared == "region" for limit in version.limits)
