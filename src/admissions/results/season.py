"""The season folder: what it holds, how it begins, and how a call or an event gets into it.

A step is taken when ``events.csv`` gets its name, so that a season that is stopped at any moment is
the last whole one: a call's folder first, then the events that name it. A call's folder that no
event names was not finished, and is written anew. Two steps at once are taken in turn; the later
one is refused, since it was thought out for another season.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from admissions.allocation.problem import SolverReport
from admissions.model.errors import PromiseBrokenError, UsageError
from admissions.model.files import files_at
from admissions.model.lock import alone
from admissions.model.messages import message
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.policy import FILE as POLICY
from admissions.model.policy import Policy, policy_toml, read_policy
from admissions.model.version import __version__
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.model.words import words
from admissions.report.call import CallTold, NewOffer, call_page, offers_workbook
from admissions.report.cells import offering_names
from admissions.report.words import Words
from admissions.results.files import json_file, sha256_of, write_folder
from admissions.results.folder import read_inputs, read_scenario
from admissions.rulebooks.digest import digest_of
from admissions.season import events as event_rows
from admissions.season.call import CallPlan
from admissions.season.chains import COLUMNS as CHAIN_COLUMNS
from admissions.season.chains import Link, chains
from admissions.season.season import Season, begun, called, expired, published, refuse_day
from admissions.season.standing import Application, Beginning, Offer, Standing
from admissions.season.states import HAND_MADE, State
from admissions.season.status import status_of
from admissions.verification import Property, property_table, read_published
from admissions.verification.published import CERTIFICATE
from admissions.verification.season import season_promises
from admissions.verification.season_replay import SeasonFiles

SIGN = event_rows.FILE
STATE = "state.csv"
NEW_STATE = "state.csv.new"
LOCK = ".lock"
STATE_COLUMNS = (
    "person_id", "offering_id", "preference", "state", "deadline", "waiting_number",
)  # fmt: skip
OFFER_COLUMNS = ("person_id", "offering_id", "event")


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


def start_season(out: Path, place: Path, on: dt.date, by: str = "office") -> Season:
    """Begins the season of the result in ``out``, published ``on`` that day, in ``place``.

    Raises UsageError where ``place`` exists or ``out`` is no result folder.
    """
    sealed, round_ = sha256_of(_certificate(out)), read_inputs(out)
    season = begun(
        sealed, round_, read_scenario(out), _beginning(out),
        round_.policy or Policy(), on, by,
    )  # fmt: skip
    files = {f"call-1/{name}": content for name, content in files_at(out).items()}
    own = {
        POLICY: policy_toml(season.policy).encode(),
        SIGN: _with_bom(_events_csv(season)),
        STATE: state_table(season.standing).csv_file(),
    }
    write_folder({**files, **own}, place, overwrite=False, sign=SIGN, unlike=out)
    return season


def read_season(place: Path) -> Season:
    """The season in the folder ``place``. Raises UsageError when there is none."""
    if not (place / SIGN).is_file():
        raise UsageError(message("season.no-season", place=str(place)))
    if (place / NEW_STATE).exists():
        with alone(place / LOCK):
            _finish(place)
    return _read(place)


def _read(place: Path) -> Season:
    first = place / "call-1"
    found = event_rows.read_events((place / SIGN).read_text(encoding="utf-8-sig"))
    calls = [event.call for event in found if event.event == "call"]
    return Season(
        sealed=sha256_of(_certificate(first)),
        round=read_inputs(first),
        resolved=read_scenario(first),
        beginning=_beginning(first),
        policy=read_policy((place / POLICY).read_text(encoding="utf-8")),
        events=tuple(found),
        offers={number: _offers(place / f"call-{number}") for number in calls},
        certificates={
            number: sha256_of(_certificate(place / f"call-{number}")) for number in calls
        },
    )


def save_events(season: Season, place: Path) -> None:
    """Writes the events and the state that they add up to.

    Raises UsageError where somebody else has entered something since ``season`` was read, or has
    edited what was entered.
    """
    with alone(place / LOCK):
        _save(season, place)


def _save(season: Season, place: Path) -> None:
    """The new state beside the old one, then the events, then the state in its place.

    Whoever reads finishes what was begun: a new state that the events add up to is the state, and
    any other is left from a step that was not taken.
    """
    _finish(place)
    rows = _events_csv(season)
    before = (place / SIGN).read_text(encoding="utf-8-sig")
    if event_rows.broken_link(before, season.sealed) is not None:
        raise UsageError(message("season.edited", place=str(place)))
    if not rows.startswith(before):
        raise UsageError(message("season.changed-meanwhile", place=str(place)))
    _replace(place / NEW_STATE, state_table(season.standing).csv_file())
    _replace(place / SIGN, _with_bom(rows))
    (place / NEW_STATE).replace(place / STATE)


def _finish(place: Path) -> None:
    """Ends a step that was cut off between the events and their state."""
    new = place / NEW_STATE
    if not new.exists():
        return
    if new.read_bytes() == state_table(_read(place).standing).csv_file():
        new.replace(place / STATE)
    else:
        new.unlink()


def try_call(season: Season, on: dt.date, by: str = "office") -> Call:
    """The next call ``on`` that day; nothing is written.

    1. Offers whose deadline has passed expire. 2. The call is solved, and its seats are chained.
    3. The promises are checked. Raises UsageError for a day before the last event.
    """
    refuse_day(season, on)
    before = expired(season, on, by)
    plan: CallPlan = called(before)
    extra = tuple(before.standing.extra_seats)
    offers = tuple(sorted((*plan.offers, *extra), key=lambda one: (one.offering_id,)))
    links = tuple(chains(before.standing, offers))
    after = published(before, offers, on, "", by)
    call = season.standing.call
    gone = sum(event.event == "expire" and event.call == call for event in before.events)
    promises = promises_of(after, None, state_table(after.standing).texts_by_name())
    return Call(before, after, gone, offers, links, plan.solvers, promises)


def make_call(season: Season, place: Path, on: dt.date, by: str = "office") -> Call:
    """Makes the next call ``on`` that day and writes it.

    Raises PromiseBrokenError, having written nothing, where a promise would not hold.
    """
    call = try_call(season, on, by)
    broken = [one for one in call.promises if one.holds is False]
    if broken:
        lines = [f"  {one.id}: {one.statement}: {line}" for one in broken
                 for line in one.exceptions[:5]]  # fmt: skip
        raise PromiseBrokenError(message("results.would-break", lines="\n".join(lines)))
    number = call.after.standing.call
    folder = place / f"call-{number}"
    with alone(place / LOCK):
        _save(call.before, place)
        if folder.exists():
            shutil.rmtree(folder)
        files = {**call_files(call, on), **told_files(call, on, _language(place))}
        write_folder(files, folder, overwrite=False, sign=CERTIFICATE)
        _save(call.after, place)
    return call


def told_files(call: Call, on: dt.date, language: Language) -> dict[str, bytes]:
    """What a call's folder has for people to read: a page, and the offers as a workbook."""
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
    return {
        "offers.xlsx": offers_workbook(told, language),
        "report.html": call_page(told, language).encode(),
    }


def _language(place: Path) -> Language:
    """The language of the decisions that the season began with."""
    stated = json.loads(_certificate(place / "call-1")).get("language")
    return next((one for one in LANGUAGES if one == stated), LANGUAGES[0])


def call_files(call: Call, on: dt.date) -> dict[str, bytes]:
    """What a call's folder has for others to check, by name: the same wherever it is made."""
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
        "promises": {one.id: property_table(one) for one in call.promises},
    }
    return {**files, CERTIFICATE: json_file(certificate)}


def verify_season(place: Path) -> tuple[Property, ...]:
    """O1 to O8 of the season in ``place``, from its files; calls are made again and compared."""
    season = read_season(place)
    text = (place / SIGN).read_text(encoding="utf-8-sig")
    broken = event_rows.broken_link(text, season.sealed)
    told = _rows((place / STATE).read_text(encoding="utf-8-sig"))
    found = list(promises_of(season, broken, told))
    faults = [*_calls_again(season, place)]
    if faults:
        fifth = next(n for n, one in enumerate(found) if one.id == "O5")
        old = found[fifth]
        counted = {**old.counted, "broken": old.counted["broken"] + len(faults)}
        found[fifth] = Property(old.id, old.statement, False, counted, (*old.exceptions, *faults))
    return tuple(found)


def _calls_again(season: Season, place: Path) -> Iterable[str]:
    """What is not as it would be if the calls were made again from the events."""
    at, events = begun(
        season.sealed, season.round, season.resolved, season.beginning, season.policy,
        season.events[0].on, season.events[0].by,
    ), list(season.events)  # fmt: skip
    at = Season(season.sealed, season.round, season.resolved, season.beginning, season.policy, ())
    for event in events:
        if event.event != "call":
            at = (
                at.with_events([event])
                if at.events
                else Season(at.sealed, at.round, at.resolved, at.beginning, at.policy, (event,))
            )
            continue
        call = try_call(at, event.on, event.by)
        folder = place / f"call-{event.call}"
        for name, data in call_files(call, event.on).items():
            path = folder / name
            if not path.is_file() or _canonical(name, path.read_bytes()) != _canonical(name, data):
                yield f"call-{event.call}/{name} is not what the call gives"
        certificate = sha256_of(_certificate(folder))
        at = published(call.before, call.offers, event.on, certificate, event.by)


def _canonical(name: str, data: bytes) -> object:
    """A certificate of another version of the program may differ in that; else the bytes."""
    if name != CERTIFICATE:
        return data
    table = json.loads(data)
    table.pop("program", None)
    return table


def promises_of(
    season: Season, broken: int | None, told: Sequence[Mapping[str, str]]
) -> tuple[Property, ...]:
    """O1 to O8 of ``season``; ``told``: the rows of ``state.csv``."""
    limited = [
        name
        for name, book in season.resolved.versions.items()
        if book.limits and name in season.beginning.order
    ]
    everywhere = len(season.round.leader_groups) or (
        season.round.services["max_students"].to_numpy() >= 0
    ).any() or season.resolved.scenario.quotas  # fmt: skip
    return season_promises(
        _files(season), season.target, list(season.beginning.order) if everywhere else limited,
        broken, told,
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
        _rows(_events_csv(season)),
        {number: [asdict(offer) for offer in offers] for number, offers in season.offers.items()},
        season.policy.model_dump(),
        {name: day.isoformat() for name, day in season.beginning.stated.items() if day},
    )


def state_table(standing: Standing) -> OutputTable:
    """``state.csv``: a row an application, by person and preference."""
    ordered = sorted(standing.applications.values(), key=lambda o: (o.person_id, o.preference))
    rows = (
        (
            one.person_id, one.offering_id, one.preference, one.state.value,
            one.deadline.isoformat() if one.deadline else None, one.waiting_number or None,
        )
        for one in ordered
    )  # fmt: skip
    return _table("state", STATE_COLUMNS, rows)


def offers_table(offers: Iterable[Offer]) -> OutputTable:
    """``offers.csv``: a row an offer that the call makes, or that an event made since the last."""
    rows = ((one.person_id, one.offering_id, one.event) for one in offers)
    return _table("offers", OFFER_COLUMNS, rows)


def chains_table(links: Iterable[Link]) -> OutputTable:
    """``chains.csv``: a row a step."""
    return _table("chains", CHAIN_COLUMNS, (link.row() for link in links))


def _table(name: str, columns: Sequence[str], rows: Iterable[tuple[Value, ...]]) -> OutputTable:
    return OutputTable(name, tuple(OutputColumn(one, "text") for one in columns), tuple(rows))


def status_workbook(season: Season, language: Language) -> bytes:
    """The status as a workbook: a row an offering."""
    said = words("season", language)
    names = ("offering", "seats", "out", "yes", "no", "silent", "free", "next")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes
        sheet = book.add_worksheet("status")
        sheet.write_row(0, 0, [said[f"columns.{name}"] for name in names])
        sheet.freeze_panes(1, 1)
        for number, (offering, one) in enumerate(status_of(season).items(), start=1):
            sheet.write_row(number, 0, [offering, *asdict(one).values()])
        sheet.autofit()
    return out.getvalue()


def _beginning(out: Path) -> Beginning:
    """What the sealed decision says, from ``decisions.csv`` and the round's settings."""
    rows = read_published(out).decisions.to_dict("records")
    applications = [
        Application(
            row["person_id"], row["offering_id"], int(row["preference"]),
            State.REPLACED if row["outcome"] == "declined" else State(row["outcome"]),
            int(row["waiting_number"] or 0),
        )
        for row in rows
    ]  # fmt: skip
    round_ = read_inputs(out)
    offerings = sorted({*round_.offerings, *(row["offering_id"] for row in rows)})
    order = {
        name: [
            row["person_id"]
            for row in sorted(
                (row for row in rows if row["offering_id"] == name and row["rank"]),
                key=lambda row: (int(row["rank"]), row["person_id"]),
            )
        ]
        for name in offerings
    }
    stated = {name: round_.settings_of(name).answer_deadline for name in offerings}
    return Beginning(applications, order, stated)


def _offers(folder: Path) -> tuple[Offer, ...]:
    rows = _rows((folder / "offers.csv").read_text(encoding="utf-8-sig"))
    return tuple(Offer(row["offering_id"], row["person_id"], row["event"]) for row in rows)


def _certificate(folder: Path) -> bytes:
    path = folder / CERTIFICATE
    if not path.is_file():
        raise UsageError(message("season.no-result", place=str(folder)))
    return path.read_bytes()


def _events_csv(season: Season) -> str:
    return event_rows.events_csv(season.events, season.sealed)


def _rows(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text)))


def _with_bom(text: str) -> bytes:
    return text.encode("utf-8-sig")


def _replace(path: Path, data: bytes) -> None:
    """Writes ``data`` beside ``path`` and gives it that name: the old file or the new, whole."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
        try:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
            Path(new.name).chmod(0o644)
            Path(new.name).replace(path)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
