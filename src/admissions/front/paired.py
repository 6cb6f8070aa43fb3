"""Paired draws that are kept, to try one scenario after another on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from admissions.front.opening import RoundLike, ScenarioLike, read_round, resolved
from admissions.front.simulation import checked_counts, people
from admissions.simulation.paired import DrawsUnderBase, Tried
from admissions.simulation.yields import shipped_yields


@dataclass(frozen=True, eq=False)
class PairedDraws:
    """Draws that are kept under a base; ``kept`` is the engine's own."""

    kept: DrawsUnderBase
    rules_on: dt.date | None

    def under(self, scenario: ScenarioLike, *, agreement: bool = False) -> Tried:
        """The same people, answers and lottery under ``scenario``, beside the base.

        ``agreement``: how alike the sites rank is counted too, for which everyone is ranked
        everywhere.
        """
        return self.kept.under(resolved(scenario, rules_on=self.rules_on), agreement=agreement)

    def __repr__(self) -> str:
        return f"<PairedDraws: {self.kept.draws} draws under {self.kept.base.scenario.id}>"


def paired_draws(
    base: ScenarioLike, *, draws: int, seed: int, round_: RoundLike | None = None
) -> PairedDraws:
    """The people of ``draws`` rounds, their answers and lottery, kept under ``base``.

    The draws are those of ``simulate`` with the same ``seed``, of ``round_`` or of synthetic
    people. ``under`` tries one scenario after another on them, ranking anew only where its rules
    differ from the base's.

    Example::

        kept = admissions.paired_draws("coordinated-2019", draws=200, seed=1)
        tried = kept.under("harmonised-points")
    """
    checked_counts(draws, 1)
    read = None if round_ is None else read_round(round_)
    rules_on = None if read is None else read.settings.rules_on
    rules = resolved(base, rules_on=rules_on)
    kept = DrawsUnderBase(seed, rules, people(read), shipped_yields(), draws)
    return PairedDraws(kept, rules_on)
