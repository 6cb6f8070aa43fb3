"""The scenario that a command uses for a round, and what is said aloud of where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from admissions.model.messages import Message
    from admissions.model.round import Round
    from admissions.rulebooks.scenario import ResolvedScenario, Scenario


def resolved_for(round_: Round, name: str, seed: int | None = None) -> ResolvedScenario:
    """The scenario ``name`` for ``round_``; says so where the two state different dates."""
    from admissions.cli.language import spoken
    from admissions.front.opening import resolved, scenario
    from admissions.model.messages import message
    from admissions.rulebooks.scenario import with_own_seats

    found, stated = scenario(name), round_.settings.rules_on
    if stated is not None and found.rules_on not in (None, stated):
        said = message(
            "terminal.other-date", stated=stated, scenario=found.id, rules_on=found.rules_on
        )
        typer.echo(message("terminal.note", said=said).in_(spoken()), err=True)
    means = resolved(found, rules_on=stated, seed=seed)
    year = round_.settings.year
    if year is not None and stated is None and means.rules_on.year != year:
        said = message("intake.year-of-rules", year=year, rules_on=means.rules_on)
        typer.echo(message("terminal.note", said=said).in_(spoken()), err=True)
    inherited = _from_base(name, means.scenario, round_, seed)
    if inherited is not None:
        typer.echo(message("terminal.note", said=inherited).in_(spoken()), err=True)
    return with_own_seats(means, round_)


def _from_base(name: str, scenario: Scenario, round_: Round, seed: int | None) -> Message | None:
    """What a scenario file leaves to its base: seats, seed, date that no round states either."""
    import tomllib

    from admissions.model.messages import message

    if not name.endswith(".toml"):
        return None
    own = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    if "extends" not in own:
        return None
    stated = {*own.get("seats", {}), *(o for o, said in round_.own.items() if said.seats)}
    seats = [
        f"{offering} {scenario.seats[offering]}"
        for offering in round_.offerings
        if offering in scenario.seats and offering not in stated
    ]
    found = [message("terminal.base-seats", seats=seats)] if seats else []
    if "seed" not in own and seed is None:
        found.append(message("terminal.base-seed", seed=scenario.seed))
    if "rules_on" not in own and round_.settings.rules_on is None and scenario.rules_on:
        found.append(message("terminal.base-date", day=scenario.rules_on))
    if not found:
        return None
    return message("terminal.from-base", base=str(own["extends"]), found=found)
