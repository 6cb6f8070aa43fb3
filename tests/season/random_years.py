"""Years drawn at random, played through the engine, and held against the promises.

``play(seed)`` draws a small round (services, regions, several wishes), a policy, and some calls
with answers, silence, withdrawals, corrections, late applicants and what is done by hand between.
What it asserts of each call is derived from the promises in words, not from the engine.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

import tomli_w

from admissions.allocation.run import allocate_fast
from admissions.explanation.decisions import decide_outcomes
from admissions.intake import read_round
from admissions.intake.findings import Findings
from admissions.model.errors import UsageError
from admissions.model.policy import Policy
from admissions.model.round import Round
from admissions.results.season import promises_of, state_table, try_call
from admissions.rulebooks.scenario import (
    ResolvedScenario,
    load_scenario,
    resolve,
    scenario_of_toml,
)
from admissions.season.answers import Answer, answered
from admissions.season.records import Record, recorded
from admissions.season.season import Season, begun
from admissions.season.standing import Application, Beginning
from admissions.season.states import State

OFFERINGS = ("uis-juss", "uit-veiledning", "vid-minoritet", "vid-relasjon")
REGIONS = ("oslo", "bergen", "trondheim", "tromso")


@dataclass(frozen=True)
class Played:
    """How a year went: what was counted in it, and each promise that was broken."""

    calls: int
    offers: int
    worse_off: int
    broken: tuple[str, ...]


def play(seed: int) -> Played:
    draw = Random(seed)
    season = _begun(draw)
    day, calls, offers, worse = dt.date(2019, 6, 3), 0, 0, 0
    for _ in range(draw.randint(1, 4)):
        day += dt.timedelta(days=draw.randint(1, 5))
        season = _answers(draw, season, day)
        season = _records(draw, season, day)
        day += dt.timedelta(days=draw.randint(0, 14))
        held = _held(season)
        call = try_call(season, day)
        broken = [f"{one.id}: {one.exceptions}" for one in call.promises if one.holds is False]
        season = call.after
        now = _held(season)
        silent = {e.person_id for e in call.before.events if e.event == "expire"}
        worse += sum(
            1
            for person, preference in held.items()
            if person not in silent and now.get(person, 99) > preference
        )
        calls, offers = calls + 1, offers + len(call.offers)
        if broken:
            return Played(calls, offers, worse, tuple(broken))
    told = state_table(season.standing).texts_by_name()
    last = promises_of(season, None, told)
    failed = tuple(f"{one.id}: {one.exceptions}" for one in last if one.holds is False)
    return Played(calls, offers, worse, failed)


def _held(season: Season) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in season.standing.applications.values():
        if one.holds:
            found[one.person_id] = min(one.preference, found.get(one.person_id, 99))
    return found


def _begun(draw: Random) -> Season:
    round_, resolved = _round(draw), _scenario(draw)
    run = allocate_fast(round_, resolved)
    decided = decide_outcomes(run)
    applications = [
        Application(
            row.person_id, row.offering_id, int(row.preference), State(row.outcome),
            int(row.waiting_number),
        )
        for row in decided.itertuples()
    ]  # fmt: skip
    order = {
        name: decided[(decided.offering_id == name) & decided.qualified]
        .sort_values("rank")["person_id"]
        .tolist()
        for name in round_.offerings
    }
    policy = Policy(
        better_offer=draw.choice(["replace", "replace", "choose"]),
        silence=draw.choice(["lose-all", "lose-offer"]),
        late=draw.choice(["behind", "among"]),
        appeal=draw.choice(["extra-seat", "next-free"]),
        target=draw.choice(["seats", "offers"]),
        answer_days=draw.choice([3, 8]),
    )
    beginning = Beginning(applications, order, dict.fromkeys(round_.offerings))
    return begun("0" * 64, round_, resolved, beginning, policy, dt.date(2019, 6, 3))


def _round(draw: Random) -> Round:
    people = [f"p{number:02d}" for number in range(draw.randint(6, 24))]
    services = [f"S{number}" for number in range(draw.randint(2, 8))]
    applicants = [
        "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal,region,"
        "supervisor_responsibility"
    ]
    applications = ["person_id,offering_id,preference"]
    for person in people:
        grade, years = draw.randint(250, 500) / 100, draw.randint(0, 12)
        applicants.append(
            f"{person},{draw.choice(['municipal'] * 5 + ['state'])},{draw.choice(services)},180,"
            f"{grade},{years},{draw.choice(REGIONS)},{draw.choice(['yes', 'no'])}"
        )
        wished = draw.sample(OFFERINGS, draw.randint(1, len(OFFERINGS)))
        applications += [f"{person},{name},{n}" for n, name in enumerate(wished, start=1)]
    away = draw.random() < 0.2
    lines = [f"{one},{draw.randint(1, 3) if away else ''}" for one in services]
    files = {
        "applicants.csv": "\n".join(applicants),
        "applications.csv": "\n".join(applications),
        "services.csv": "\n".join(["service_id,max_students", *lines]),
    }
    return read_round(
        {name: f"{text}\n".encode() for name, text in files.items()}, offerings=OFFERINGS
    )


def _scenario(draw: Random) -> ResolvedScenario:
    base = load_scenario("coordinated-2019")
    seats = {name: draw.randint(1, 6) for name in OFFERINGS}
    more = {name: number + draw.randint(0, 2) for name, number in seats.items()}
    table = {
        "id": "drawn",
        "extends": "coordinated-2019",
        "seed": draw.randint(0, 99),
        "seats": {**base.seats, **seats},
        "offers": more if draw.random() < 0.5 else {},
    }
    return resolve(scenario_from(table))


def scenario_from(table: dict[str, object]):

    plain = {name: value for name, value in table.items() if value not in ({}, None)}
    return scenario_of_toml(tomli_w.dumps(plain).encode(), "drawn.toml")


def _answers(draw: Random, season: Season, day: dt.date) -> Season:
    rows = []
    for number, (key, one) in enumerate(sorted(season.standing.applications.items()), start=2):
        chance = draw.random()
        if one.state is State.OFFERED and one.deadline is not None and day <= one.deadline:
            answer = next(
                (name for name, below in (("accept", 0.5), ("accept-final", 0.6),
                                          ("decline", 0.8)) if chance < below),
                None,
            )  # fmt: skip
        elif one.state is State.WAITING:
            answer = "leave" if chance < 0.05 else None
        elif one.state is State.ACCEPTED:
            answer = "withdraw" if chance < 0.1 else None
        else:
            answer = None
        if answer:
            rows.append(Answer("drawn", number, *key, answer, day))
    findings = Findings()
    after, _ = answered(season, rows, findings)
    if findings.any_error:  # two answers of one person can exclude each other
        for row in rows:
            alone = Findings()
            season, _ = answered(season, [row], alone)
        return season
    return after


def _records(draw: Random, season: Season, day: dt.date) -> Season:
    people = season.standing.persons
    for _ in range(draw.randint(0, 3)):
        person = draw.choice(people)
        offering = draw.choice(OFFERINGS)
        event = draw.choice(["correct", "appeal-upheld", "late-application", "reinstate", "place",
                             "annul", "defer"])  # fmt: skip
        record = Record(
            event, day, person, offering, reason="office-error",
            fact="bachelor_grade" if event in ("correct", "appeal-upheld") else "",
            value=str(draw.randint(250, 500) / 100),
        )  # fmt: skip
        try:
            season = recorded(season, record)
        except UsageError:
            continue  # what the state does not allow is refused, and the year goes on
    return season
