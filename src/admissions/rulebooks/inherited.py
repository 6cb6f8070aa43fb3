"""What a scenario leaves to its base: seats, seed and date that neither it nor the round states."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from admissions.model.messages import Message, message
from admissions.model.round import Round
from admissions.rulebooks.scenario import Scenario
from admissions.rulebooks.scenario_files import scenario_path


@dataclass(frozen=True)
class Inherited:
    """Seats by offering, seed and date that decide a run and come from ``base`` alone."""

    base: str
    seats: tuple[tuple[str, int], ...]
    seed: int | None
    rules_on: dt.date | None

    def __bool__(self) -> bool:
        return bool(self.seats) or self.seed is not None or self.rules_on is not None

    def said(self) -> Message:
        """All of it, to be said aloud."""
        return message("rulebooks.from-base", base=self.base, found=self.found())

    def found(self) -> tuple[Message, ...]:
        """Each thing by itself."""
        seats = tuple(f"{offering} {seats}" for offering, seats in self.seats)
        told = [message("rulebooks.base-seats", seats=seats)] if seats else []
        if self.seed is not None:
            told.append(message("rulebooks.base-seed", seed=self.seed))
        if self.rules_on is not None:
            told.append(message("rulebooks.base-date", day=self.rules_on))
        return tuple(told)


def inherited(
    source: str | Path | Mapping[str, Any], scenario: Scenario, round_: Round, seed: int | None
) -> Inherited | None:
    """What ``scenario``, read from ``source``, has from its base; None where that is nothing.

    ``seed``: the one that is asked for besides.
    """
    stated = source if isinstance(source, Mapping) else _table(scenario_path(str(source)))
    base = stated.get("extends")
    if base is None:
        return None
    own = {*stated.get("seats", {}), *(o for o, said in round_.own.items() if said.seats)}
    seats = tuple(
        (offering, scenario.seats[offering])
        for offering in round_.offerings
        if offering in scenario.seats and offering not in own
    )
    dated = "rules_on" in stated or round_.settings.rules_on is not None
    found = Inherited(
        str(base),
        seats,
        None if "seed" in stated or seed is not None else scenario.seed,
        None if dated else scenario.rules_on,
    )
    return found or None


def _table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
