"""The ways into an offering that treats equals together, down to a score limit.

A pair blocks when the person wants the offering more than what they hold and 1. somebody who is
equal to them, or behind, holds an offer there; or 2. nobody does, and the limit can be lowered to
them: under ``accept-all`` an offer is unused; under ``reject-all`` those who hold offers and those
who want one, down to the person and all equals, are together no more than the offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.problem import Problem

if TYPE_CHECKING:
    from admissions.allocation.cp_sat.stability import StabilityModel

Rows = list[int]


def constrain_together(
    stability: StabilityModel, problem: Problem, offering: int, rows: Rows
) -> None:
    """Adds what bounds the holders of ``offering``, and for each way into it the clause.

    ``rows`` are its applications, first rank first.
    """
    offers = int(problem.offers[offering])
    blocks = [list(equals) for _, equals in groupby(rows, key=lambda a: int(problem.rank[a]))]
    not_ahead = _holding_from(stability, blocks)
    accepting = problem.ties == "accept-all"
    ways = (
        _seats_out(stability, blocks, not_ahead, offers)
        if accepting
        else _equals_too_many(stability, blocks, offers)
    )
    for block, somebody, out in zip(blocks, not_ahead, ways, strict=True):
        for a in block:
            stability.unless(a, [~somebody])
            stability.unless(a, [out])


def _holding_from(stability: StabilityModel, blocks: list[Rows]) -> list[Literal]:
    """A literal for each block: implied where somebody in it, or behind it, holds."""
    found: list[Literal] = []
    for block in reversed(blocks):
        somebody = stability.new()
        for literal in [stability.held[a] for a in block] + found[-1:]:
            stability.model.add_implication(literal, somebody)
        found.append(somebody)
    return found[::-1]


def _seats_out(
    stability: StabilityModel, blocks: list[Rows], not_ahead: list[Literal], offers: int
) -> Iterator[Literal]:
    """All offers are out; and whoever holds has fewer ahead than offers, equals apart."""
    rows = [a for block in blocks for a in block]
    out = stability.at_least(rows, offers)
    ahead: Rows = []
    for block, somebody in zip(blocks, not_ahead, strict=True):
        stability.model.add(stability.total(ahead) <= offers - 1).only_enforce_if(somebody)
        ahead += block
        yield out


def _equals_too_many(
    stability: StabilityModel, blocks: list[Rows], offers: int
) -> Iterator[Literal]:
    """Holders, and those who want in down to a block, are more than the offers."""
    rows = [a for block in blocks for a in block]
    stability.model.add(stability.total(rows) <= offers)
    wanting: list[Literal] = []
    for block in blocks:
        wanting += [stability.wanting(a) for a in block]
        too_many = stability.new()
        together = cp_model.LinearExpr.sum([*(stability.held[a] for a in rows), *wanting])
        stability.model.add(together >= offers + 1).only_enforce_if(too_many)
        yield too_many
