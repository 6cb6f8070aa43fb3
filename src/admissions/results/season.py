"""The season folder: what it holds, how it begins, and how a call or an event gets into it.

A step is taken when ``events.csv`` gets its name, so that a season that is stopped at any moment is
the last whole one: a call's folder first, then the events that name it. A call's folder that no
event names was not finished, and is written anew. Two steps at once are taken in turn; the later
one is refused, since it was thought out for another season.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from admissions.model.errors import PromiseBrokenError, UsageError
from admissions.model.files import Place, files_at
from admissions.model.lock import alone
from admissions.model.messages import message
from admissions.model.policy import FILE as POLICY
from admissions.model.policy import Policy, over, policy_toml, read_policy
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.model.wording import Wording
from admissions.results.files import sha256_of, write_folder
from admissions.results.folder import read_inputs, read_scenario
from admissions.results.season_calls import Call, call_files, told_files, try_call
from admissions.results.season_tables import rows_of, state_table
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.season import events as event_rows
from admissions.season.season import Season, begun
from admissions.season.standing import Application, Beginning, Offer
from admissions.season.states import State
from admissions.verification import Property, read_published
from admissions.verification.property import in_words
from admissions.verification.published import CERTIFICATE

SIGN = event_rows.FILE
STATE = "state.csv"
NEW_STATE = "state.csv.new"
LOCK = ".lock"


def start_season(out: Path, place: Path, on: dt.date, by: str = "office") -> Season:
    """Begins the season of the result in ``out``, published ``on`` that day, in ``place``.

    Raises UsageError where ``place`` exists or ``out`` is no result folder.
    """
    season = first_season(out, on, by)
    files = {f"call-1/{name}": content for name, content in files_at(out).items()}
    own = {
        POLICY: policy_toml(season.policy).encode(),
        SIGN: _with_bom(event_rows.events_csv(season.events, season.sealed)),
        STATE: state_table(season.standing).csv_file(),
    }
    write_folder({**files, **own}, place, overwrite=False, sign=SIGN, unlike=out)
    return season


def first_season(
    out: Place, on: dt.date, by: str = "office", policy: Policy | None = None
) -> Season:
    """The season that begins with the result ``out`` (a folder's path, or its files).

    Its policy is the round's with the scenario's over it, unless one is given.
    """
    sealed, round_ = sha256_of(certificate_bytes(out)), read_inputs(out)
    resolved = read_scenario(out)
    policy = policy or over(round_.policy, resolved.scenario.policy)
    _refuse_unknown(policy, resolved)
    return begun(sealed, round_, resolved, _beginning(out), policy, on, by)


def is_season(place: Path) -> bool:
    """Whether the folder ``place`` is a season's."""
    return (place / SIGN).is_file()


def _refuse_unknown(policy: Policy, resolved: ResolvedScenario) -> None:
    """Raises UsageError where the policy knows something of what is no offering."""
    for offering in policy.priors:
        if offering not in resolved.versions:
            known = list(resolved.versions)
            raise UsageError(message("season.no-prior-offering", offering=offering, known=known))


def read_season(place: Path) -> Season:
    """The season in the folder ``place``. Raises UsageError when there is none."""
    if not is_season(place):
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
        sealed=sha256_of(certificate_bytes(first)),
        round=read_inputs(first),
        resolved=read_scenario(first),
        beginning=_beginning(first),
        policy=read_policy((place / POLICY).read_text(encoding="utf-8")),
        events=tuple(found),
        offers={number: _offers(place / f"call-{number}") for number in calls},
        certificates={
            number: sha256_of(certificate_bytes(place / f"call-{number}")) for number in calls
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
    rows = event_rows.events_csv(season.events, season.sealed)
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


def _broken_lines(broken: Sequence[Property], language: Language) -> str:
    return "\n".join(
        f"  {one.id}: {one.statement_in(language)}: {in_words(line, language)}"
        for one in broken
        for line in one.exceptions[:5]
    )


def refuse_broken_call(call: Call) -> None:
    """Raises PromiseBrokenError where a promise would not hold."""
    broken = [one for one in call.promises if one.holds is False]
    if broken:
        lines = Wording(**{language: _broken_lines(broken, language) for language in LANGUAGES})
        raise PromiseBrokenError(message("results.would-break", lines=lines))


def make_call(
    season: Season, place: Path, on: dt.date, by: str = "office", *, public: bool = False
) -> Call:
    """Makes the next call ``on`` that day and writes it; ``public``: with a page for everybody.

    Raises PromiseBrokenError, having written nothing, where a promise would not hold.
    """
    call = try_call(season, on, by)
    refuse_broken_call(call)
    number = call.after.standing.call
    folder = place / f"call-{number}"
    with alone(place / LOCK):
        _save(call.before, place)
        if folder.exists():
            shutil.rmtree(folder)
        told = told_files(call, on, decision_language(place), public=public)
        files = {**told, **call_files(call, on, told)}
        write_folder(files, folder, overwrite=False, sign=CERTIFICATE)
        _save(call.after, place)
    return call


def decision_language(place: Path) -> Language:
    """The language of the decisions that the season began with."""
    stated = json.loads(certificate_bytes(place / "call-1")).get("language")
    return next((one for one in LANGUAGES if one == stated), LANGUAGES[0])


def _beginning(out: Place) -> Beginning:
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
    rows = rows_of((folder / "offers.csv").read_text(encoding="utf-8-sig"))
    return tuple(Offer(row["offering_id"], row["person_id"], row["event"]) for row in rows)


def certificate_bytes(folder: Place) -> bytes:
    """The certificate in ``folder`` (or its files). Raises UsageError when there is none."""
    if isinstance(folder, Mapping):
        found = folder.get(CERTIFICATE)
    else:
        path = Path(folder) / CERTIFICATE
        found = path.read_bytes() if path.is_file() else None
    if found is None:
        raise UsageError(message("season.no-result", place=str(folder)))
    return found


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
