"""Cut-offs: the last admitted's place at each offering, as the round stands and as it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from pydantic import BaseModel, ConfigDict

from admissions.allocation.run import Run, allocate_fast
from admissions.explanation.decisions import points_texts
from admissions.model.facts import Flags
from admissions.model.output_table import HIDDEN
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.model.wishes import best_wish
from admissions.preview.keys import Key, base_scenario, keys, limited_regions
from admissions.ranking.tables import RankingTable, rank_round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation.drawn import seed_of
from admissions.simulation.sources import resampled
from admissions.suppression import SMALL

DRAWS = 1000
EVERY_REGION = ""

ByRegion = dict[str, Key | None]


class CutOffs(BaseModel):
    """The cut-offs of one offering.

    ``last`` has the key of the last admitted, ``drawn`` one a draw; by region's code, or ``""``
    where regions are alike. None: whoever is qualified gets in. ``points`` are the last admitted's
    as the site writes them, "" where it counts none; None where nobody was turned away, and
    ``HIDDEN`` where few enough are admitted that they would be a person's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: str | None
    seats: int
    last: dict[str, Key | None]
    drawn: dict[str, tuple[Key | None, ...]]


class Snapshot(BaseModel):
    """What a preview may know of others: the cut-offs of every offering, and how they came about.

    ``offerings`` by id. What is published of it are the points; the keys stay inside, because the
    last admitted's row is a person's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    draws: int
    seed: int
    offerings: dict[str, CutOffs]


def snapshot(
    round_: Round,
    scenario: ResolvedScenario,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    told: Callable[[int], None] = lambda done: None,
) -> Snapshot:
    """The cut-offs of ``round_`` under ``scenario``, and of ``draws`` resamples of its people.

    1. The round is decided as it stands. 2. For each draw its persons are drawn with replacement
    within each sector, and decided. 3. Each time the last admitted's key at each offering is kept.
    Wishes for several together are left out: they say nothing of a draw, which may hold fewer of a
    service than are wanted; a preview warns of them. ``told`` hears how many draws are done.

    Raises UsageError for a scenario that own staff's data cannot be held against, or a round that
    cannot be resampled.
    """
    base_scenario(scenario)
    round_ = replace(round_, leader_groups=round_.leader_groups.iloc[:0])
    run = allocate_fast(round_, scenario)
    stated = _cut_offs(run)
    people = resampled(round_)
    drawn: list[dict[str, ByRegion]] = []
    for number in range(draws):
        redrawn = people.round(seed_of(seed, "cut-offs", number))
        drawn.append(_cut_offs(allocate_fast(redrawn, scenario)))
        told(number + 1)
    return Snapshot(
        scenario=scenario.scenario.id,
        draws=draws,
        seed=seed,
        offerings={
            offering: CutOffs(
                points=_points(run, offering, last),
                seats=scenario.offers_to_make(offering),
                last=last,
                drawn=_by_region([one[offering] for one in drawn], last),
            )
            for offering, last in stated.items()
        },
    )


def _by_region(drawn: Sequence[ByRegion], stated: ByRegion) -> dict[str, tuple[Key | None, ...]]:
    return {region: tuple(one.get(region) for one in drawn) for region in stated}


def _cut_offs(run: Run) -> dict[str, ByRegion]:
    """By offering and region the place of the last admitted, as the base order has it.

    Where leaders permute own staff, the sequence of services stays: a place is worth what the base
    order has there, whoever is put into it.
    """
    base = base_scenario(run.scenario)
    tables = run.rankings if base is run.scenario else rank_round(run.round, base)
    held = np.zeros(len(run.round.applications), dtype=np.bool_)
    held[run.problem.application] = run.plan.held | run.plan.released
    waiting = _waiting(run.round, held)
    found = {}
    for offering, table in run.rankings.items():
        rows = table.application
        key = keys(tables[offering], run.round, base)
        places = [key[row] for row in tables[offering].by_rank().tolist()]
        wanted = waiting[rows] & table.qualified
        found[offering] = _last(table, places, held[rows], wanted, base.offers_to_make(offering))
    return found


def _waiting(round_: Round, held: Flags) -> Flags:
    """The applications that their persons want more than what they hold, shape (applications,)."""
    person = round_.applications["person"].to_numpy()
    preference = round_.applications["preference"].to_numpy()
    kept = best_wish(len(round_.applicants), person, preference, held)
    wanted: Flags = preference < kept[person]
    return wanted


def _last(
    table: RankingTable, places: Sequence[Key | None], held: Flags, waiting: Flags, offers: int
) -> ByRegion:
    """The last admitted's place, by region; None where seats are left and nobody waits."""
    here = {EVERY_REGION: np.ones(len(held), dtype=np.bool_)}
    if limited_regions(table.version):
        region = table.facts.codes("region")
        here = {str(code): region == code for code in range(-1, len(VOCABULARIES["region"]))}
    filled = int(held.sum()) >= offers
    found: ByRegion = {}
    for name, rows in here.items():
        last = int(table.rank[held & rows].max(initial=0))
        counts = bool(last) and (filled or bool((waiting & rows).any()))
        found[name] = places[last - 1] if counts else None
    return found


def _points(run: Run, offering: str, last: ByRegion) -> str | None:
    """The points of the last admitted, as the site writes them, or ``HIDDEN``.

    Hidden where no more than ``SMALL`` of the last admitted's sector are admitted: sectors come in
    turn, so that the last one of a sector stands for its few alone.
    """
    if all(key is None for key in last.values()):
        return None
    table = run.rankings[offering]
    held = np.zeros(len(run.round.applications), dtype=np.bool_)
    held[run.problem.application] = run.plan.held
    here = held[table.application]
    if not here.any():
        return None
    last_row = int(np.where(here, table.rank, 0).argmax())
    sector = table.facts.codes("sector")
    told = str(points_texts(table)[last_row])
    few = int((here & (sector == sector[last_row])).sum()) <= SMALL
    return HIDDEN if told and few else told
