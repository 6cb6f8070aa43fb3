"""A call of a season as a value: what it decides, promises and tells, before it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from admissions.allocation.problem import SolverReport
from admissions.allocation.run import How
from admissions.model.version import __version__
from admissions.model.vocabulary import Language
from admissions.report.call import CallTold, NewOffer, call_page, offers_workbook, public_call_page
from admissions.report.cells import offering_names
from admissions.report.words import Words
from admissions.results.files import json_file, sha256_of
from admissions.results.pages_again import PUBLIC
from admissions.results.season_tables import chains_table, offers_table, rows_of, state_table
from admissions.rulebooks.digest import digest_of
from admissions.season import events as event_rows
from admissions.season.call import CallPlan
from admissions.season.chains import Link, chains
from admissions.season.season import Season, called, expired, published, refuse_day
from admissions.season.standing import Offer
from admissions.season.states import HAND_MADE
from admissions.verification import Property, property_table
from admissions.verification.published import CERTIFICATE
from admissions.verification.season import season_promises
from admissions.verification.season_limits import bounds_of
from admissions.verification.season_replay import SeasonFiles

OFFERS_WORKBOOK = "offers.xlsx"


@dataclass(frozen=True, eq=False)
class Call:
    """A call that is made or tried: the season before it and after, its offers and chains."""

    before: Season
    after: Season
    expired: int
    offers: tuple[Offer, ...]
    chains: tuple[Link, ...]
    solvers: tuple[SolverReport, ...]
    promises: tuple[Property, ...]


def try_call(season: Season, on: dt.date, by: str = "office", solver: How = None) -> Call:
    """The next call ``on`` that day; nothing is written. By both solvers unless one is named.

    1. Offers whose deadline has passed expire. 2. The call is solved, and its seats are chained.
    3. The promises are checked. Raises UsageError for a day before the last event.
    """
    refuse_day(season, on)
    before = expired(season, on, by)
    plan: CallPlan = called(before, solver)
    extra = tuple(before.standing.extra_seats)
    offers = tuple(sorted((*plan.offers, *extra), key=lambda one: (one.offering_id,)))
    links = tuple(chains(before.standing, offers))
    after = published(before, offers, on, "", by)
    call = season.standing.call
    gone = sum(event.event == "expire" and event.call == call for event in before.events)
    told = state_table(after.standing).texts_by_name()
    promises = promises_of(after, None, told, forced_by(map(asdict, plan.solvers)))
    return Call(before, after, gone, offers, links, plan.solvers, promises)


def told_files(
    call: Call, on: dt.date, language: Language, *, public: bool = False
) -> dict[str, bytes]:
    """What a call's folder has for people to read: a page, and the offers as a workbook.

    ``public``: and a page fit to leave the office.
    """
    after = call.after
    names = offering_names(after.resolved, Words(language))
    told = CallTold(
        after.standing.call,
        on,
        call.expired,
        [
            NewOffer(one.person_id, one.offering_id, one.event,
                     after.standing.applications[one.person_id, one.offering_id].deadline)
            for one in call.offers
        ],
        call.chains,
        [(one.id, one.statement, one.holds) for one in call.promises],
        {name: names[name] for name in after.beginning.order},
    )  # fmt: skip
    files = {
        OFFERS_WORKBOOK: offers_workbook(told, language),
        "report.html": call_page(told, language).encode(),
    }
    if public:
        files[PUBLIC] = public_call_page(told, language).encode()
    return files


def call_files(
    call: Call, on: dt.date, told: Mapping[str, bytes] = MappingProxyType({})
) -> dict[str, bytes]:
    """What a call's folder has for others to check, by name: the same wherever it is made.

    ``told``: what it has for people to read, which the certificate states the hashes of.
    """
    number = call.after.standing.call
    files = {
        "offers.csv": offers_table(call.offers).csv_file(),
        "chains.csv": chains_table(call.chains).csv_file(),
    }
    former = call.before.certificates.get(number - 1, call.before.sealed)
    by_hand = [
        {"on": event.on.isoformat(), "event": event.event, "person_id": event.person_id,
         "offering_id": event.offering_id, "reason": event.reason}
        for event in call.before.events
        if event.event in HAND_MADE
    ]  # fmt: skip
    certificate = {
        "program": {"name": "admissions", "version": __version__},
        "call": number,
        "on": on.isoformat(),
        "scenario": call.after.resolved.scenario.id,
        "digest": digest_of(call.after.resolved),
        "previous": former,
        "events_head": call.before.head,
        "expired": call.expired,
        "policy": call.after.policy.model_dump(),
        "by_hand": by_hand,
        "solvers": [asdict(report) for report in call.solvers],
        "files": {name: sha256_of(data) for name, data in sorted(files.items())},
        "told": {name: sha256_of(data) for name, data in sorted(told.items())},
        "promises": {one.id: property_table(one) for one in call.promises},
    }
    return {**files, CERTIFICATE: json_file(certificate)}


def forced_by(reports: Iterable[Mapping[str, Any]]) -> int:
    """How many pairs block every plan, as the certificate's ``reports`` of solvers have proven."""
    return max(
        (
            objective["value"]
            for report in reports
            for objective in report["objectives"]
            if objective["name"] == "blocking-pairs"
        ),
        default=0,
    )


def promises_of(
    season: Season, broken: int | None, told: Sequence[Mapping[str, str]], forced: int = 0
) -> tuple[Property, ...]:
    """O1 to O8 of ``season``; ``told``: the rows of ``state.csv``; ``forced``: see ``forced_by``.

    Where limits bear, O2 is checked of a call that the season ends with, with the facts of then.
    """
    limited = [
        name
        for name, book in season.resolved.versions.items()
        if book.limits and name in season.beginning.order
    ]
    everywhere = len(season.round.leader_groups) or (
        season.round.services["max_students"].to_numpy() >= 0
    ).any() or season.resolved.scenario.quotas  # fmt: skip
    return season_promises(
        _files(season), season.fixed_target,
        list(season.beginning.order) if everywhere else limited, broken, told,
        bounds_of(season.round_now, season.resolved) if season.events[-1].event == "call" else None,
        forced,
    )  # fmt: skip


def _files(season: Season) -> SeasonFiles:
    decisions = [
        {
            "person_id": one.person_id, "offering_id": one.offering_id,
            "preference": str(one.preference), "outcome": one.state.value,
            "rank": str(season.beginning.order[one.offering_id].index(one.person_id) + 1)
            if one.person_id in season.beginning.order.get(one.offering_id, ()) else "",
            "waiting_number": str(one.waiting_number or ""),
        }
        for one in season.beginning.applications
    ]  # fmt: skip
    return SeasonFiles(
        decisions,
        rows_of(event_rows.events_csv(season.events, season.sealed)),
        {number: [asdict(offer) for offer in offers] for number, offers in season.offers.items()},
        season.policy.model_dump(),
        {name: day.isoformat() for name, day in season.beginning.stated.items() if day},
    )
