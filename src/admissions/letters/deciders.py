"""Who decides on each offering, and whether that is said as far as a decision must say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.model.round import OfferingSettings, Round, RoundSettings

ROUND_KEYS = ("decided_on", "signatory")
OFFERING_KEYS = ("institution", "case", "appeal_body")
"""What every individual decision (*enkeltvedtak*) says besides rules and reasons."""


@dataclass(frozen=True)
class Decider:
    """Who has decided on an offering, when, in which case, and where an appeal goes.

    ``answer_deadline``: of the first offers; ``contact`` and ``rules_url``: "" where not stated.
    """

    institution: str
    case: str
    decided_on: dt.date
    signatory: str
    appeal_body: str
    answer_deadline: dt.date | None = None
    contact: str = ""
    rules_url: str = ""


def deciders(
    round_: Round,
    offerings: Collection[str],
    *,
    answered: Collection[str] = (),
    otherwise: RoundSettings | None = None,
) -> dict[str, Decider]:
    """Who decides on each of ``offerings``.

    ``answered``: where an offer waits for its answer and no deadline is known but the round's;
    ``otherwise``: what to take where the round states nothing. Raises UsageError that names every
    key that is missing, and where.
    """
    settings = {name: _settings(round_, name, otherwise) for name in sorted(offerings)}
    missing = [key for key in ROUND_KEYS if any(getattr(s, key) is None for s in settings.values())]
    said: list[str | Message] = list(missing)
    for key in (*OFFERING_KEYS, "answer_deadline"):
        needed = answered if key == "answer_deadline" else settings
        lacking = [name for name in settings if name in needed and not getattr(settings[name], key)]
        if lacking:
            everywhere = len(lacking) == len(settings)
            said.append(key if everywhere else message("letters.missing-at", key=key,
                                                       offerings=lacking))  # fmt: skip
    if said:
        raise UsageError(message("letters.missing", missing=said))
    return {name: _decider(found, round_.own.get(name)) for name, found in settings.items()}


def _settings(round_: Round, offering: str, otherwise: RoundSettings | None) -> RoundSettings:
    found = round_.settings_of(offering)
    if otherwise is None:
        return found
    stated = found.model_dump(exclude_none=True)
    return RoundSettings(**{**otherwise.model_dump(exclude_none=True), **stated})


def _decider(settings: RoundSettings, own: OfferingSettings | None) -> Decider:
    stated: Mapping[str, object] = {
        name: getattr(settings, name) for name in (*ROUND_KEYS, *OFFERING_KEYS, "answer_deadline")
    }
    texts = {name: (getattr(own, name) if own else None) or "" for name in ("contact", "rules_url")}
    return Decider(**stated, **texts)  # type: ignore[arg-type]
