"""Problems of any size, drawn from a seed, built straight as the arrays that solvers read."""

from __future__ import annotations

import numpy as np

from admissions.allocation.problem import Problem, offering_limits

POPULARITY = 0.8
"""How fast popularity falls: the n-th offering is wanted in proportion to n to the power -0.8."""

OWN_VIEW = 0.3
"""How far an offering's view of a person can lie from the others' (whose scores are 0 to 1)."""

MUNICIPAL = 0.95
"""In a skewed problem the first so many of the persons are municipal, and ranked first."""


def drawn(
    persons: int, wishes: int, offerings: int, *, seats: float, skewed: bool, seed: int = 1
) -> Problem:
    """Each person wants ``wishes`` offerings; ``seats`` offers are made for each person.

    Not ``skewed``: every offering is as likely to be wanted, has as many seats, and ranks in an
    order of its own. ``skewed``: few are wanted by many and have more seats, and all rank alike but
    for ``OWN_VIEW``, municipal employees first.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    weight = np.arange(1, offerings + 1) ** (-POPULARITY if skewed else 0.0)
    wanted = _different(draw, np.cumsum(weight) / weight.sum(), persons, wishes)
    offering = wanted.reshape(-1)
    score = draw.random(len(offering))
    if skewed:
        outside = 2 * (np.arange(persons) >= MUNICIPAL * persons)
        score = np.repeat(outside + draw.random(persons), wishes) + OWN_VIEW * score
    applicants = np.bincount(offering, minlength=offerings)
    order = np.lexsort((score, offering))
    rank = np.empty_like(offering)
    rank[order] = ranks_within(applicants)
    share = weight / weight.sum() / 2 + 1 / (2 * offerings)
    person = np.repeat(np.arange(persons), wishes)
    return problem(
        persons=persons,
        person=person,
        offering=offering,
        preference=np.tile(np.arange(1, wishes + 1), persons),
        rank=rank,
        offers=np.maximum(1, np.round(seats * persons * share)).astype(np.int64),
    )


def chain(persons: int, wishes: int = 10) -> Problem:
    """One seat everywhere, and each arrival sets off the longest possible chain.

    Person n wants offering n first, then the following ones; each offering ranks first who wants
    it less, and one person more than there are seats turns up at the first offering.
    """
    person = np.repeat(np.arange(persons), wishes)
    preference = np.tile(np.arange(1, wishes + 1), persons)
    offering = (np.maximum(person - 1, 0) + preference - 1) % (persons - 1)
    order = np.lexsort((person, -preference, offering))
    rank = np.empty_like(offering)
    rank[order] = ranks_within(np.bincount(offering, minlength=persons - 1))
    offers = np.ones(persons - 1, dtype=np.int64)
    return problem(
        persons=persons, person=person, offering=offering, preference=preference, rank=rank,
        offers=offers,
    )  # fmt: skip


def ranks_within(count: np.ndarray) -> np.ndarray:
    """1, 2, 3 … for each offering, one after another, given how many each has."""
    first = np.cumsum(count) - count
    within: np.ndarray = np.arange(count.sum()) - np.repeat(first, count) + 1
    return within


def problem(
    *,
    persons: int,
    person: np.ndarray,
    offering: np.ndarray,
    preference: np.ndarray,
    rank: np.ndarray,
    offers: np.ndarray,
) -> Problem:
    """The problem of these columns, without limits, services or regions."""
    count = len(person)
    return Problem(
        persons=persons,
        offerings=tuple(f"o{number}" for number in range(len(offers))),
        person=person,
        offering=offering,
        preference=preference,
        rank=rank,
        weight=np.zeros(count, dtype=np.int64),
        application=np.arange(count),
        service=np.full(count, -1),
        region=np.full(count, -1),
        offers=offers,
        limits=offering_limits([[] for _ in range(len(offers))]),
    )


def _different(
    draw: np.random.Generator, popularity: np.ndarray, persons: int, wishes: int
) -> np.ndarray:
    """``wishes`` different offerings a person; whoever drew one twice draws again."""
    wanted = np.searchsorted(popularity, draw.random((persons, wishes)))
    while True:
        ordered = np.sort(wanted, axis=1)
        again = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
        if not len(again):
            return wanted
        wanted[again] = np.searchsorted(popularity, draw.random((len(again), wishes)))
