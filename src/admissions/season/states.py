"""The states of an application, and the one table of what may happen in which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from admissions.model.policy import Policy
from admissions.model.vocabulary import LANGUAGES
from admissions.model.wording import Wording
from admissions.model.words import section


class State(StrEnum):
    """What an application has come to (``state`` in ``state.csv``)."""

    NOT_QUALIFIED = "not-qualified"
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REPLACED = "replaced"
    LAPSED = "lapsed"
    LEFT = "left"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ANNULLED = "annulled"
    DEFERRED = "deferred"
    ENROLLED = "enrolled"
    MET = "met"
    NO_SHOW = "no-show"
    COMPLETED = "completed"
    DROPPED_OUT = "dropped-out"


S = State
HOLDING = frozenset({S.OFFERED, S.ACCEPTED, S.ENROLLED, S.MET, S.COMPLETED})
"""Who is in one of these has a seat that no call may take."""

ANSWERED_YES = frozenset({S.ACCEPTED, S.ENROLLED, S.MET, S.COMPLETED})
GIVEN_UP = frozenset({S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.ANNULLED, S.DEFERRED, S.NO_SHOW})
"""Who is in one of these had an offer, and has it no more by an answer, silence or the office."""

ANSWERS = ("accept", "accept-final", "decline", "leave", "withdraw")
FOR_A_PERSON = ("correct", "appeal-received", "appeal-upheld", "appeal-refused")
"""Events of the office about a person; they change facts or nothing, not one application's state
alone."""

HAND_MADE = ("place", "reinstate", "annul")
"""What the office does by hand: only with a reason from ``REASONS``."""

MET = ("enrolled", "met", "no-show", "completed", "dropped-out")
"""What the office learns when a programme begins and ends."""

REASONS = (
    "office-error", "appeal", "authority", "false-information", "duplicate", "force-majeure",
)  # fmt: skip
OTHER_REASON = "other: "

_GIVEN_BACK = (
    S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.ANNULLED, S.LEFT, S.CLOSED, S.NO_SHOW, S.DEFERRED,
)  # fmt: skip
_PLACED = (
    S.WAITING, S.LAPSED, S.DECLINED, S.EXPIRED, S.LEFT, S.CLOSED, S.WITHDRAWN, S.NOT_QUALIFIED,
)  # fmt: skip

NEXT: Mapping[str, Mapping[State, State]] = MappingProxyType(
    {
        "accept": {S.OFFERED: S.ACCEPTED},
        "accept-final": {S.OFFERED: S.ACCEPTED, S.ACCEPTED: S.ACCEPTED},
        "decline": {S.OFFERED: S.DECLINED},
        "leave": {S.WAITING: S.LEFT},
        "withdraw": {S.ACCEPTED: S.WITHDRAWN, S.ENROLLED: S.WITHDRAWN},
        "expire": {S.OFFERED: S.EXPIRED},
        "close-lists": {S.WAITING: S.CLOSED},
        "annul": {
            S.OFFERED: S.ANNULLED, S.ACCEPTED: S.ANNULLED, S.ENROLLED: S.ANNULLED,
            S.MET: S.ANNULLED, S.WAITING: S.ANNULLED,
        },
        "defer": {S.ACCEPTED: S.DEFERRED, S.ENROLLED: S.DEFERRED},
        "enrolled": {S.ACCEPTED: S.ENROLLED},
        "met": {S.ACCEPTED: S.MET, S.ENROLLED: S.MET},
        "no-show": {S.ACCEPTED: S.NO_SHOW, S.ENROLLED: S.NO_SHOW},
        "completed": {S.MET: S.COMPLETED},
        "dropped-out": {S.MET: S.DROPPED_OUT},
        "reinstate": dict.fromkeys(_GIVEN_BACK, S.OFFERED),
        "place": dict.fromkeys(_PLACED, S.OFFERED),
    }
)  # fmt: skip
"""For each event of one application, from which state it leads to which. What is not here is
refused with what is possible."""


def possible(state: State) -> list[str]:
    """The events that an application in ``state`` allows, by name."""
    return [event for event, ways in NEXT.items() if state in ways]


def event_wording(event: str) -> Wording:
    """What people call an answer, with its code; whatever else is recorded goes by its code."""
    said = section("report-decisions", "answer").get(event)
    if said is None:
        return Wording(nb=event, nn=event, en=event)
    both = {language: _with_code(said.in_(language), event) for language in LANGUAGES}
    return Wording(**both)


def _with_code(said: str, code: str) -> str:
    return code if said == code else f"{said} ({code})"


def state_wording(state: State) -> Wording:
    """What people call a state; files and JSON have its code."""
    return section("season-history", "state")[state.value]


def of_others(event: str, policy: Policy) -> Mapping[State, State]:
    """What an event of one application does to the same person's others: from which state to which.

    ``offered`` is the new offer itself, of which only those wanted less lapse.
    """
    if event == "offered":
        held = dict.fromkeys(HOLDING, S.REPLACED) if policy.better_offer == "replace" else {}
        return {S.WAITING: S.LAPSED, **held}
    gone = {
        "accept-final": S.LEFT,
        "withdraw": S.LEFT,
        "annul": S.LEFT,
        "expire": S.EXPIRED if policy.silence == "lose-all" else None,
        "accept": S.LEFT if policy.waiting_needs_yes else None,
    }.get(event)
    waiting = {} if gone is None else {S.WAITING: gone}
    held = dict.fromkeys(HOLDING, S.DECLINED) if event in ("accept", "accept-final") else {}
    return {**waiting, **held}
