"""The scenario that a command uses for a round, and what is said aloud of where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from admissions.model.round import Round
    from admissions.rulebooks.scenario import ResolvedScenario


def resolved_for(
    round_: Round, name: str, seed: int | None = None, *, every_base: bool = False
) -> ResolvedScenario:
    """The scenario ``name`` for ``round_``; says so where the two state different dates.

    And what neither states, but a base of the scenario: of a scenario of one's own, with
    ``every_base`` of a shipped one too.
    """
    from admissions.cli import render
    from admissions.front.opening import resolved_for, scenario
    from admissions.model.messages import message

    found, settings = scenario(name), round_.settings
    stated = settings.rules_on
    if stated is not None and found.rules_on not in (None, stated):
        render.note(
            message(
                "terminal.other-date", stated=stated, scenario=found.id, rules_on=found.rules_on
            )
        )
    means = resolved_for(round_, name, seed)
    year = settings.year or (None if stated is None else stated.year)
    if year not in (None, means.rules_on.year):
        render.note(message("intake.year-of-rules", year=year, rules_on=means.rules_on))
    if means.inherited and (every_base or name.endswith(".toml")):
        render.note(means.inherited.said())
    return means
