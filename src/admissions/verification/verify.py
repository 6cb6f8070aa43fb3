"""Verifies a published result: re-derives it from the inputs, without any solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admissions.model.round import Round
from admissions.rulebooks.objectives import fairness_first, merit_first
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification import offers, promises, stability
from admissions.verification.alternatives import nothing_left_out
from admissions.verification.calls import calls_repeated
from admissions.verification.case import Case, build_case
from admissions.verification.chains import people_optimal
from admissions.verification.decisions import decisions_follow
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits_kept import limits_kept
from admissions.verification.objectives import objectives_recomputed
from admissions.verification.outcomes import read_outcomes
from admissions.verification.plain import read_rows
from admissions.verification.promises import Unsettling
from admissions.verification.property import Property
from admissions.verification.provenance import findings_as_stated, inputs_as_named
from admissions.verification.published import Published
from admissions.verification.ranked import Ranked, rank_plainly
from admissions.verification.shares import shares_counted
from admissions.verification.tables import ranks_follow, services_keep_their_places


def best_plan_is_shown(properties: Sequence[Property]) -> bool:
    """Whether ``properties`` show that no other plan would have been better, as was promised.

    P11 does where it is promised, P13 where sites call on their own; else allocating again does,
    which is no property of ``verify`` but may stand beside them.
    """
    shown = {one.id for one in properties if one.holds}
    return not shown.isdisjoint({"P11", "P13", ALLOCATED_AGAIN})


ALLOCATED_AGAIN = "again"
"""What allocating again found: the check of whoever may know a solver."""


def verify(
    round_: Round,
    resolved: ResolvedScenario,
    published: Published,
    *,
    inputs_sha256: Mapping[str, str],
    draft: bool = False,
    sentences: Sequence[str] = (),
    copies: Mapping[str, str] = {},
    workbook_wrong: Sequence[str] = (),
) -> tuple[Property, ...]:
    """Every property of ``published``, P0 to P15, in order.

    ``draft``: the certificate states no findings yet (the run that makes it is being verified);
    otherwise those it states must be those found here. ``sentences``: what each application's
    explanation must be, and ``copies``: the SHA-256 of each file of the folder's copy of the round;
    empty where the caller does not know them. ``workbook_wrong``: where the folder's workbook is
    not that of its decisions.

    Promised by the coordinated mechanism: P1-P9, P11, P12 and P15 (P4-P6, P11 and P15 as
    ``promises`` says, and where no objective stands before fairness).
    By the independent one: P1-P3, P7, P8, P12 and P13. P10 by the leader modes that permute, P14
    where a rulebook has a minimum share. All linear up to a sort.
    """
    rows = read_rows(round_)
    ranked = rank_plainly(rows, round_, resolved, published.rankings)
    outcomes = read_outcomes(round_, published.decisions)
    case = build_case(round_, resolved, ranked, outcomes)
    exchanges, settings = Exchanges(case), resolved.scenario
    promised = _promised(case, resolved, ranked)
    unsettling, fair, shown = promised.unsettling, promised.fair, promised.shown
    found = (
        offers.only_qualified(case, outcomes.strays),
        offers.one_offer_each(case),
        offers.within_offers(case),
        stability.municipal_first(exchanges, promised=promised.municipal, unsettling=unsettling),
        stability.no_justified_envy(exchanges, promised=fair, unsettling=unsettling),
        stability.no_offer_unused(exchanges, promised=fair, unsettling=unsettling),
        limits_kept(exchanges, unsettling if case.coordinated else ()),
        ranks_follow(round_, ranked, case, outcomes, published),
        objectives_recomputed(exchanges, round_, settings, published.certificate),
        services_keep_their_places(rows, round_, resolved, published),
        people_optimal(exchanges, promised=shown),
        decisions_follow(
            round_, resolved, ranked, case, outcomes, published, sentences, workbook_wrong
        ),
        calls_repeated(case, settings.call_rounds),
        shares_counted(ranked, case, published),
        nothing_left_out(case, promised=promised.alternatives, shown=shown),
    )
    provenance = inputs_as_named(resolved, tuple(ranked), published, inputs_sha256, copies)
    if not draft:
        provenance = findings_as_stated(provenance, found, published.certificate)
    return (provenance, *found)


@dataclass(frozen=True)
class _Promised:
    """What the coordinated mechanism promises of a plan, as ``promises`` says.

    ``alternatives``: that no other set of classes and groups is better; ``shown``: that nobody
    could do better; ``unsettling``: the limits that can leave no stable plan.
    """

    fair: bool
    municipal: bool
    shown: bool
    alternatives: bool
    unsettling: Sequence[Unsettling]


def _promised(case: Case, resolved: ResolvedScenario, ranked: Mapping[str, Ranked]) -> _Promised:
    objectives = resolved.scenario.objectives
    fair = case.coordinated and fairness_first(objectives)
    best = fair and merit_first(objectives, case.absent | {"service-order"})
    return _Promised(
        fair=fair,
        municipal=fair and promises.ranks_municipal_first(resolved, ranked),
        shown=best and promises.best_plan_is_shown(case),
        alternatives=best and promises.can_try_alternatives(case),
        unsettling=promises.unsettling(case),
    )
