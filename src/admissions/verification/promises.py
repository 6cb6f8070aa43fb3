"""Which properties the rules and limits of a round let a coordinated plan promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from admissions.model.facts import Flags
from admissions.rulebooks.objectives import ObjectiveName, merit_first
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.case import Case
from admissions.verification.limits import LAST
from admissions.verification.property import Noted, both


def ranks_municipal_first(resolved: ResolvedScenario, offerings: Mapping[str, object]) -> bool:
    """Whether every rulebook's first criterion puts municipal employees before all others.

    Not where a minimum share moves people across it.
    """
    for offering in offerings:
        criteria = resolved.versions[offering].criteria
        if any(rule.keeps_tiers() is False for rule in criteria):
            return False
        if not criteria or criteria[0].first_sectors != ("municipal",):
            return False
    return True


@dataclass(frozen=True, eq=False)
class Unsettling:
    """A limit by name, and the offerings on which it bears, bool (k,)."""

    name: str
    bears: Flags


def stable_plan_exists(case: Case) -> bool:
    """Whether some plan that keeps every limit has no blocking pair, whoever wishes what.

    Yes, where every offering chooses *substitutably* (whom it turns away it would turn away from
    more applicants too): by rank, with reserves first, with one kind of maximum, or with two where
    each service's applicants share a region, so that the maxima are nested. A service that lets its
    first few go, in one order, chooses substitutably in its turn. Sources: Roth 1984; Hatfield &
    Kominers 2017. Minimum classes and groups change nothing: close every class, leave every group
    out, and their pairs are excused; so the fewest blocking pairs are none.

    Not with a quota over offerings (Kamada & Kojima 2015), maxima that overlap, or a service whose
    leader orders its people for each offering apart. Where equals are treated together, stable
    score-limits exist (Biró & Kiselgof 2015), shown where no service lets its first few go.
    """
    return not unsettling(case)


def unsettling(case: Case) -> list[Unsettling]:
    """The limits beside which no plan without blocking pairs may exist, as ``stable_plan_exists``.

    Where none does, a pair that remains is forced by those of them that bear on its offering.
    """
    limits = case.limits
    found = []
    for quota in limits.quotas:
        inside = np.zeros(len(case.offerings), dtype=np.bool_)
        inside[list(quota.offerings)] = True
        found.append(Unsettling(quota.id, inside))
    limited = limits.max_students < LAST
    if case.ties == "lottery":
        limited = limited & ~limits.ordered
    for service in np.flatnonzero(limited).tolist():
        theirs = np.zeros(len(case.offerings), dtype=np.bool_)
        theirs[case.offering[case.service == service]] = True
        found.append(Unsettling(Noted("max-students", service=limits.services[service]), theirs))
    for number in np.flatnonzero(_crossing(case)).tolist():
        here = np.arange(len(case.offerings)) == number
        stated = limits.names[number].items()
        names = [name for kind, name in stated if kind != "class-minimum"]
        found.append(Unsettling(both(names), here))
    return found


MOST_CLASSES = 12
"""More offerings with a minimum class size than that are not closed and opened one by one."""


def why_alone(case: Case, objectives: Sequence[ObjectiveName]) -> str | None:
    """Why deferred acceptance does not find the best plan, so that CP-SAT proves it alone; a code.

    None where it does: by substitutable choice (``stable_plan_exists``), or by closing every set of
    offerings with a minimum class size in turn.
    """
    limits = case.limits
    classes = int(np.count_nonzero(limits.class_minimum))
    limited = limits.max_students < LAST
    if not merit_first(objectives, case.absent):
        return "objectives"
    if limits.quotas:
        return "quota"
    if limits.groups:
        return "group"
    if (limited & ~limits.ordered).any():
        return "orders-apart"
    if case.ties != "lottery" and (classes or limited.any()):
        return "equals"
    if classes and limited.any():
        return "class-and-service"
    if classes > MOST_CLASSES:
        return "many-classes"
    if (_on_both(case) & ~_nested(case)).any():
        return "overlapping"
    return "municipalities" if _by_municipality_beside(case).any() else None


def best_plan_is_shown(case: Case) -> bool:
    """Whether a plan without a chain of P11 is the best for everyone.

    Shown where each offering chooses by one kind of limit, and nothing limits several together; a
    service that is below the number it can spare is not limited: the same people are placed in
    every stable plan, and so as many of it. Not where equals are treated together: how many an
    offering takes then depends on who asks.
    """
    limits = case.limits
    away = np.bincount(case.service[case.holders], minlength=len(limits.services))
    over = limits.quotas or limits.groups or (away >= limits.max_students)[1:].any()
    together = case.ties != "lottery" or case.together.any() or _bounded_twice(case).any()
    return not (over or together or limits.class_minimum.any())


def can_try_alternatives(case: Case) -> bool:
    """Whether a plan made by the offerings' own choices has no blocking pair, as P15 needs.

    Not under quotas, with maxima that overlap, or where equals are treated together.
    """
    overlapping = bool((_on_both(case) & ~_nested(case)).any())
    return not (case.limits.quotas or overlapping or case.ties != "lottery")


def _on_both(case: Case) -> Flags:
    """Where services are limited, and regions too, bool (k,)."""
    limits = case.limits
    on_services = (limits.service_maximum < LAST) | (limits.service_first > 0)
    maxima, minima = limits.region_maximum < LAST, limits.region_minimum > 0
    both: Flags = on_services & (maxima | minima).any(axis=1)
    return both


def _by_municipality_beside(case: Case) -> Flags:
    """Where municipalities are limited, and services or regions too, bool (k,)."""
    limits = case.limits
    others = (limits.service_maximum < LAST) | (limits.region_maximum < LAST).any(axis=1)
    beside: Flags = others & (limits.municipality_maximum < LAST)
    return beside


def _crossing(case: Case) -> Flags:
    """Where the groups that limits count are not, or not shown to be, nested, bool (k,)."""
    return (_on_both(case) & ~_nested(case)) | _by_municipality_beside(case)


def _bounded_twice(case: Case) -> Flags:
    """Where limits count more than one kind of group, bool (k,)."""
    return _on_both(case) | _by_municipality_beside(case)


def _nested(case: Case) -> Flags:
    """Whether the qualified of each service share one region, bool (k,)."""
    rows = np.flatnonzero(case.qualified & (case.service > 0))
    order = rows[np.lexsort((case.region[rows], case.service[rows], case.offering[rows]))]
    one, other = order[:-1], order[1:]
    same = (case.offering[one] == case.offering[other]) & (case.service[one] == case.service[other])
    nested = np.ones(len(case.offerings), dtype=np.bool_)
    nested[case.offering[one[same & (case.region[one] != case.region[other])]]] = False
    return nested
