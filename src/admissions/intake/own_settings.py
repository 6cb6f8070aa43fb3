"""What offerings state for themselves: ``offerings.csv``."""

from __future__ import annotations

import datetime as dt

import numpy as np

from admissions.intake.findings import Findings
from admissions.intake.typed import Typed
from admissions.model.messages import message
from admissions.model.round import OfferingSettings
from admissions.model.tables import OFFERINGS


def own_settings(typed: Typed) -> dict[str, OfferingSettings]:
    """What each offering of ``typed`` states, by its id."""
    found = {}
    for row, offering in enumerate(typed.columns["offering_id"].tolist()):
        stated: dict[str, object] = {}
        for column in OFFERINGS.columns[1:]:
            if typed.given[column.name][row]:
                value = typed.columns[column.name][row]
                stated[column.name] = _day(int(value)) if column.kind == "date" else value
        found[offering] = OfferingSettings.model_validate(stated)
    return found


def _day(value: int) -> dt.date:
    return dt.date(value // 1_00_00, value // 1_00 % 1_00, value % 1_00)


def check_offers(typed: Typed, findings: Findings) -> None:
    """Offers stand beside seats, and are no fewer; what wins over the scenario is noted."""
    seats, offers = typed.columns["seats"], typed.columns["offers"]
    stated = typed.given["offers"]
    without = np.flatnonzero(stated & ~typed.given["seats"])
    said = message("intake.offers-without-seats")
    typed.complain(findings, without, "offers", [said] * len(without))
    fewer = np.flatnonzero(stated & typed.given["seats"] & (offers < seats))
    said = message("intake.fewer-offers-than-seats")
    typed.complain(findings, fewer, "offers", [said] * len(fewer))
    ids = typed.columns["offering_id"]
    own = [f"{ids[row]} {seats[row]}" for row in np.flatnonzero(typed.given["seats"])]
    if own:
        findings.note(typed.file, message("intake.own-seats", seats=sorted(own)))
