"""Fills the budget: from requests and who holds which seat to who is granted how much, and why not.

Nobody who has a grant loses it but by giving up the seat. What is free then goes to the next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from admissions.grants.rulebook import GrantsRulebook


class Refusal(StrEnum):
    """Why there is no grant: the four causes of the report (statusmåling 2, §3.3.8)."""

    NO_SEAT = "no-seat"
    NOT_EMPLOYED = "not-employed"
    NOT_PRIORITISED = "not-prioritised"
    ALREADY_GRANTED = "already-granted"


class GrantOutcome(StrEnum):
    """What a request has come to; ``NEXT``: all is met, and no money is left."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NEXT = "next"


@dataclass(frozen=True)
class Request:
    """One request of an employer, for a person at an offering.

    ``asked``: NOK; ``sector``: where the person works; ``draw``: the place in the draw;
    ``granted_before``: the person has had a grant already.
    """

    person_id: str
    offering_id: str
    sector: str
    asked: int
    draw: int
    granted_before: bool = False


@dataclass(frozen=True)
class GrantDecision:
    """What a request has come to: the ``amount`` (NOK, 0 where nothing is granted).

    ``refusal``: why it is refused; ``number``: 1 = the next when money is freed; ``call``: in which
    call the grant was made or given up, 0 where neither.
    """

    request: Request
    outcome: GrantOutcome
    amount: int = 0
    refusal: Refusal | None = None
    number: int = 0
    call: int = 0


@dataclass
class Book:
    """The grants of a year, call by call. ``grants``: what each request has come to so far."""

    rulebook: GrantsRulebook
    requests: Sequence[Request]
    grants: dict[Request, GrantDecision] = field(default_factory=dict)
    called_in: dict[tuple[str, str], int] = field(default_factory=dict)

    def after(self, call: int, held: frozenset[tuple[str, str]]) -> None:
        """What the grants are once the seats ``held`` (person, offering) are those of ``call``.

        1. A grant whose seat is given up is withdrawn. 2. Those who meet the criteria are granted,
        who moves to another seat with a grant first, then tier by tier, as far as the money goes;
        who comes first but asks for more than is left waits for it, and nobody passes. 3. The
        others wait, or are refused with the cause.
        """
        movers = set()
        for key in sorted(held):
            self.called_in.setdefault(key, call)
        for request, grant in self.grants.items():
            gone = (request.person_id, request.offering_id) not in held
            if grant.outcome is GrantOutcome.GRANTED and gone:
                self.grants[request] = GrantDecision(request, GrantOutcome.WITHDRAWN, call=call)
                movers.add(request.person_id)
        for request in self.requests:
            refusal = self._refusal(request, held)
            settled = self.grants.get(request)
            if refusal is not None and (settled is None or not settled.call):
                self.grants[request] = GrantDecision(request, GrantOutcome.REFUSED, refusal=refusal)
        self._fill(call, held, movers)

    @property
    def granted(self) -> int:
        """What is granted in all, NOK."""
        return sum(grant.amount for grant in self.grants.values())

    @property
    def left(self) -> int:
        """What is left of the budget, NOK."""
        return self.rulebook.budget.value - self.granted

    def _fill(self, call: int, held: frozenset[tuple[str, str]], movers: Collection[str]) -> None:
        number, granted_now = 0, self._persons_granted()
        line = sorted(
            self.requests, key=lambda one: (one.person_id not in movers, *self._place(one))
        )
        for request in line:
            grant = self.grants.get(request)
            if grant is not None and grant.outcome is GrantOutcome.GRANTED:
                continue
            if self._refusal(request, held) is not None:
                continue
            if request.person_id in granted_now:
                self.grants[request] = GrantDecision(
                    request, GrantOutcome.REFUSED, refusal=Refusal.ALREADY_GRANTED
                )
                continue
            amount = self.amount(request)
            if number == 0 and amount <= self.left:
                self.grants[request] = GrantDecision(
                    request, GrantOutcome.GRANTED, amount, call=call
                )
                granted_now.add(request.person_id)
            else:
                number += 1
                self.grants[request] = GrantDecision(request, GrantOutcome.NEXT, number=number)

    def _persons_granted(self) -> set[str]:
        return {
            request.person_id
            for request, grant in self.grants.items()
            if grant.outcome is GrantOutcome.GRANTED
        }

    def _refusal(self, request: Request, held: frozenset[tuple[str, str]]) -> Refusal | None:
        """The first cause that applies to ``request`` by itself, in the report's order."""
        sectors = [sector for tier in self.rulebook.tiers.sectors for sector in tier]
        if (request.person_id, request.offering_id) not in held:
            return Refusal.NO_SEAT
        if request.sector not in sectors:
            return Refusal.NOT_EMPLOYED
        if request.offering_id in self.rulebook.programmes.left_out:
            return Refusal.NOT_PRIORITISED
        return Refusal.ALREADY_GRANTED if request.granted_before else None

    def _place(self, request: Request) -> tuple[int, ...]:
        """Who comes first: prioritised programmes, then the tier, then the rulebook's order."""
        book = self.rulebook
        tier = next(
            (n for n, sectors in enumerate(book.tiers.sectors) if request.sector in sectors),
            len(book.tiers.sectors),
        )
        last = request.offering_id in book.programmes.if_money_is_left
        key = (request.person_id, request.offering_id)
        within = {"call": self.called_in.get(key, 0), "draw": request.draw}
        return (last, tier, *(within[name] for name in book.order.value))

    def amount(self, request: Request) -> int:
        """What ``request`` can be granted, NOK: what is asked for, at most the rulebook's most."""
        return min(request.asked, self.rulebook.most)
