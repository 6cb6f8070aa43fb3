"""Ranks applicants and allocates places in further education for child-welfare workers.

From Python, in a script or a notebook::

    import admissions as ad

    plan = ad.allocate(ad.read_round("my-round"), "coordinated-2019")
    plan.decisions
    plan.letter("P0185", "nn")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from admissions.model.version import __version__ as __version__

if TYPE_CHECKING:
    from admissions.front.allocation import Allocation as Allocation
    from admissions.front.allocation import Verification as Verification
    from admissions.front.allocation import allocate as allocate
    from admissions.front.allocation import explain as explain
    from admissions.front.allocation import verify as verify
    from admissions.front.comparison import ScenarioComparison as ScenarioComparison
    from admissions.front.comparison import compare as compare
    from admissions.front.frontier import MeritAndSpread as MeritAndSpread
    from admissions.front.frontier import frontier as frontier
    from admissions.front.opening import read_round as read_round
    from admissions.front.opening import scenario as scenario
    from admissions.front.paired import PairedDraws as PairedDraws
    from admissions.front.paired import paired_draws as paired_draws
    from admissions.front.ranking import Rankings as Rankings
    from admissions.front.ranking import rank as rank
    from admissions.front.sensitivity import Sensitivity as Sensitivity
    from admissions.front.sensitivity import sensitivity as sensitivity
    from admissions.front.simulation import Simulation as Simulation
    from admissions.front.simulation import simulate as simulate

    def rulebooks() -> dict[str, Rulebook]:
        """The shipped rulebooks, each with all its dated versions, by offering."""

    from admissions.model.round import Round as Round
    from admissions.results.letters import Letter as Letter
    from admissions.rulebooks.rulebook import Rulebook as Rulebook
    from admissions.rulebooks.scenario import Scenario as Scenario

_HOMES = {
    "Allocation": "front.allocation",
    "Letter": "results.letters",
    "MeritAndSpread": "front.frontier",
    "PairedDraws": "front.paired",
    "Rankings": "front.ranking",
    "Round": "model.round",
    "Rulebook": "rulebooks.rulebook",
    "Scenario": "rulebooks.scenario",
    "ScenarioComparison": "front.comparison",
    "Sensitivity": "front.sensitivity",
    "Simulation": "front.simulation",
    "Verification": "front.allocation",
    "allocate": "front.allocation",
    "compare": "front.comparison",
    "explain": "front.allocation",
    "frontier": "front.frontier",
    "paired_draws": "front.paired",
    "rank": "front.ranking",
    "read_round": "front.opening",
    "scenario": "front.opening",
    "sensitivity": "front.sensitivity",
    "simulate": "front.simulation",
    "verify": "front.allocation",
}
"""Where each name lives; its module is loaded when the name is first asked for."""

__all__ = [
    "Allocation",
    "Letter",
    "MeritAndSpread",
    "PairedDraws",
    "Rankings",
    "Round",
    "Rulebook",
    "Scenario",
    "ScenarioComparison",
    "Sensitivity",
    "Simulation",
    "Verification",
    "allocate",
    "compare",
    "explain",
    "frontier",
    "rank",
    "read_round",
    "rulebooks",
    "scenario",
    "sensitivity",
    "simulate",
    "verify",
]


def __getattr__(name: str) -> object:
    if name == "rulebooks":
        return import_module("admissions.rulebooks")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'admissions' has no attribute {name!r}")
    found = getattr(import_module(f"admissions.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
