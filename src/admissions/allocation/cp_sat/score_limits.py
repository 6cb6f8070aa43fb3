"""The ways into an offering that treats equals together, down to a score limit.

A pair blocks when the person wants the offering more than what they hold and 1. somebody who is
equal to them, or behind, holds an offer there; or 2. nobody does, and the limit can be lowered to
them: under ``accept-all`` an offer is unused; under ``reject-all`` those who hold offers and those
who want one, down to the person and all equals, are together no more than the offers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.cp_sat.model import PlanModel, Rows
from admissions.allocation.cp_sat.offering import Offering


def constrain_together(at: Offering, ranks: Mapping[int, int], *, accepting: bool) -> None:
    """Adds what bounds the holders of the offering, and for each way into it the clause.

    ``ranks`` are equal for equals; ``accepting``: all equal to the last one who fits are admitted.
    """
    plans = at.plans
    blocks = [list(equals) for _, equals in groupby(at.rows, key=ranks.__getitem__)]
    not_ahead = _holding_from(plans, blocks)
    ways = (
        _seats_out(plans, blocks, not_ahead, at.offers)
        if accepting
        else _equals_too_many(plans, blocks, at.offers)
    )
    for block, somebody, out in zip(blocks, not_ahead, ways, strict=True):
        for a in block:
            plans.unless(a, [~somebody])
            plans.unless(a, [out])


def _holding_from(plans: PlanModel, blocks: list[Rows]) -> list[Literal]:
    """A literal for each block: implied where somebody in it, or behind it, holds."""
    found: list[Literal] = []
    for block in reversed(blocks):
        somebody = plans.new()
        for literal in [plans.held[a] for a in block] + found[-1:]:
            plans.model.add_implication(literal, somebody)
        found.append(somebody)
    return found[::-1]


def _seats_out(
    plans: PlanModel, blocks: list[Rows], not_ahead: list[Literal], offers: int
) -> Iterator[Literal]:
    """All offers are out; and whoever holds has fewer ahead than offers, equals apart."""
    rows = [a for block in blocks for a in block]
    out = plans.at_least(rows, offers)
    ahead: Rows = []
    for block, somebody in zip(blocks, not_ahead, strict=True):
        plans.model.add(plans.total(ahead) <= offers - 1).only_enforce_if(somebody)
        ahead += block
        yield out


def _equals_too_many(plans: PlanModel, blocks: list[Rows], offers: int) -> Iterator[Literal]:
    """Holders, and those who want in down to a block, are more than the offers."""
    rows = [a for block in blocks for a in block]
    plans.model.add(plans.total(rows) <= offers)
    wanting: list[Literal] = []
    for block in blocks:
        wanting += [plans.wanting(a) for a in block]
        too_many = plans.new()
        together = cp_model.LinearExpr.sum([*(plans.held[a] for a in rows), *wanting])
        plans.model.add(together >= offers + 1).only_enforce_if(too_many)
        yield too_many
