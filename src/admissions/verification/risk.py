"""How many offers a stated risk allows, worked out a second time: by drawing from an urn.

Each offer that nobody has answered draws a ball: yes or no as likely as the balls in the urn, and
it goes back with another of its kind (Pólya's urn). That is what the beta-binomial formula of the
call says in one step; nothing of its code is used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from admissions.verification.season_replay import HOLDS, Moment

YES = ("accepted", "enrolled", "met", "completed")
SAID_YES = (*YES, "no-show", "dropped-out")
SAID_NO = ("declined", "expired", "withdrawn")


def allowed(moment: Moment, offering: str, seats: int, policy: Mapping[str, Any]) -> int:
    """The most offers, but extra ones, that ``offering`` may have out after a call."""
    prior = policy["priors"].get(offering, (policy["prior_yes"], policy["prior_no"]))
    yes, no = prior
    taken = silent = waiting = 0
    for (person, at), place in moment.places.items():
        if at != offering:
            continue
        normal = not place.extra
        taken += place.state in YES and normal
        silent += place.state == "offered" and normal
        waiting += place.state == "waiting"
        yes += place.state in SAID_YES
        if place.state in SAID_NO:
            held = [p.preference for _, p in moment.own(person) if p.state in HOLDS]
            no += not held or min(held) > place.preference
    stays = Fraction(100 - policy["no_show_percent"], 100)
    limit = Fraction(policy["risk_percent"], 100)
    out, drawn = taken + silent, _drawn([Fraction(1)], yes, no, silent)
    while waiting:
        drawn, waiting = _drawn(drawn, yes, no, 1), waiting - 1
        if _too_many(drawn, taken, seats, stays) > limit:
            break
        out += 1
    return out


def _drawn(chances: list[Fraction], yes: int, no: int, more: int) -> list[Fraction]:
    """The chances of 0, 1, 2 … yes after ``more`` balls, given those of one fewer than listed."""
    for _ in range(more):
        balls = yes + no + len(chances) - 1
        after = [Fraction(0)] * (len(chances) + 1)
        for said, chance in enumerate(chances):
            after[said + 1] += chance * Fraction(yes + said, balls)
            after[said] += chance * Fraction(no + len(chances) - 1 - said, balls)
        chances = after
    return chances


def _too_many(chances: list[Fraction], taken: int, seats: int, stays: Fraction) -> Fraction:
    """The chance that more than ``seats`` meet of ``taken`` and of those who say yes."""
    met = [Fraction(1)]
    total = Fraction(0)
    for people in range(taken + len(chances)):
        if people >= taken:
            total += chances[people - taken] * sum(met[seats + 1 :], Fraction(0))
        with_one = [Fraction(0), *(chance * stays for chance in met)]
        met = [a + b for a, b in zip(with_one, [c * (1 - stays) for c in met] + [0], strict=True)]
    return total
