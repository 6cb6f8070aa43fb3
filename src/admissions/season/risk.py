"""How many offers to have out, so that more than the seats take theirs up at a stated risk only.

What is known before any answer counts as so many answers (``prior_yes``, ``prior_no`` of the
policy): the chance of a yes has a Beta distribution with these as its parameters, and after y yes
and n no one with ``prior_yes + y`` and ``prior_no + n``. Of N offers that nobody has answered yet,
K are then taken with the beta-binomial chance (Skellam 1948)

    P(K = k) = C(N, k) · a(a+1)…(a+k-1) · b(b+1)…(b+N-k-1) / (a+b)(a+b+1)…(a+b+N-1)

where a is all yes, b all no. Of those who have said yes, each meets with the same stated chance.
Whole numbers throughout, so that the number is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from admissions.model.policy import Policy
from admissions.season.drawn_year import DrawnYear
from admissions.season.standing import Standing
from admissions.season.states import ANSWERED_YES, HOLDING, State

SAID_YES = ANSWERED_YES | {State.NO_SHOW, State.DROPPED_OUT}
SAID_NO = frozenset({State.DECLINED, State.EXPIRED, State.WITHDRAWN})
"""The answers that count; a no does not where the person holds something wanted more."""


@dataclass(frozen=True)
class Seen:
    """What is known at one offering when a call is made.

    ``taken``: seats held by who has said yes, and ``silent``: offers without an answer, none of
    them extra; ``yes`` and ``no``: all answers so far; ``waiting``: how many can be called.
    """

    taken: int
    silent: int
    yes: int
    no: int
    waiting: int


def out_by_risk(seats: int, seen: Seen, policy: Policy, offering: str) -> int:
    """How many offers ``offering`` shall have out: taken, silent and new ones.

    The most with which more than ``seats`` meet with at most the policy's risk, as far as people
    wait; never fewer than there are.
    """
    prior_yes, prior_no = policy.prior(offering)
    new = more_offers(
        seats, seen.taken, seen.silent, prior_yes + seen.yes, prior_no + seen.no,
        policy.no_show_percent, policy.risk_percent, seen.waiting,
    )  # fmt: skip
    return seen.taken + seen.silent + new


@cache
def more_offers(
    seats: int,
    taken: int,
    silent: int,
    yes: int,
    no: int,
    no_show_percent: int,
    risk_percent: int,
    most: int,
) -> int:
    """The largest number of new offers, at most ``most``, within the risk; see the module."""
    new = min(most, max(0, seats - taken - silent))
    limit = Fraction(risk_percent, 100)
    while new < most:
        offers = silent + new + 1
        if chance_of_too_many(seats, taken, offers, yes, no, no_show_percent) > limit:
            break
        new += 1
    return new


def chance_of_too_many(
    seats: int, taken: int, offers: int, yes: int, no: int, no_show_percent: int
) -> Fraction:
    """The chance that more than ``seats`` meet, of ``taken`` and those who take the ``offers``."""
    found = sum(
        comb(offers, k)
        * _rising(yes, k)
        * _rising(no, offers - k)
        * _ways_to_exceed(taken + k, seats, no_show_percent)
        * 100 ** (offers - k)
        for k in range(offers + 1)
    )
    return Fraction(found, _rising(yes + no, offers) * 100 ** (taken + offers))


@cache
def _ways_to_exceed(people: int, seats: int, no_show_percent: int) -> int:
    """The chance that more than ``seats`` of ``people`` meet, times 100 to the power of people."""
    meets = 100 - no_show_percent
    return sum(
        comb(people, met) * meets**met * no_show_percent ** (people - met)
        for met in range(seats + 1, people + 1)
    )


def _rising(first: int, factors: int) -> int:
    return prod(range(first, first + factors))


def seen_by_events(standing: Standing) -> Mapping[str, Seen]:
    """What a season's events say of each offering."""
    found = {}
    best = {
        person: min((o.preference for o in standing.of(person) if o.holds), default=None)
        for person in standing.persons
    }
    for offering in standing.order:
        here = [one for one in standing.applications.values() if one.offering_id == offering]
        normal = [one for one in here if not one.extra]
        no = [one for one in here if one.state in SAID_NO]
        found[offering] = Seen(
            taken=sum(one.state in ANSWERED_YES for one in normal),
            silent=sum(one.state is State.OFFERED for one in normal),
            yes=sum(one.state in SAID_YES for one in here),
            no=sum((held := best[o.person_id]) is None or held > o.preference for o in no),
            waiting=sum(one.state is State.WAITING for one in here),
        )
    return found


def aimed_on_arrays(year: DrawnYear, seats: NDArray[np.int64]) -> NDArray[np.int64]:
    """What a drawn year's next call aims at by risk, int64 (k,)."""
    problem = year.problem
    held = problem.best_wish(year.in_state(*HOLDING))[problem.person]
    counts = [
        np.bincount(problem.offering[rows], minlength=len(seats)).tolist()
        for rows in (
            year.in_state(*ANSWERED_YES),
            year.in_state(State.OFFERED),
            year.in_state(*SAID_YES),
            year.in_state(*SAID_NO) & (held > problem.preference),
            year.in_state(State.WAITING),
        )
    ]
    aimed = [
        out_by_risk(int(seats[at]), Seen(*seen), year.policy, problem.offerings[at])
        for at, seen in enumerate(zip(*counts, strict=True))
    ]
    return np.array(aimed, dtype=np.int64)
