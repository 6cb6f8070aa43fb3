"""Years drawn at random, played through the engine, and held against the promises.

``play(seed)`` draws a small round (services, regions, several wishes), a policy, and some calls
with answers, silence, withdrawals, corrections, late applicants and what is done by hand between.
What it asserts of each call is derived from the promises in words, not from the engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

import tomli_w

from admissions.allocation.run import How, Run, allocate_fast
from admissions.explanation.decisions import decide_outcomes
from admissions.intake import read_round
from admissions.intake.findings import Findings
from admissions.model.errors import DataError, InputError, UsageError
from admissions.model.policy import Policy
from admissions.model.round import Round
from admissions.results.season_calls import try_call
from admissions.rulebooks.scenario import ResolvedScenario, Scenario, resolve
from admissions.rulebooks.scenario_files import load_scenario, scenario_of_toml
from admissions.season.answers import Answer, answered
from admissions.season.record import Record
from admissions.season.records import recorded
from admissions.season.season import Season, begun
from admissions.season.standing import Application, Beginning, fold
from admissions.season.states import State

OFFERINGS = ("uis-juss", "uit-veiledning", "vid-minoritet", "vid-relasjon")
MUNICIPALITIES = ("0301", "4601", "5001")
REGIONS = ("oslo", "bergen", "trondheim", "tromso")


TITLE = {"nb": "-", "nn": "-", "en": "-"}


def _limit(kind: str, least: int, most: int) -> Callable[[Random], dict[str, object]]:
    return lambda draw: {
        "kind": kind,
        "id": kind,
        "title": TITLE,
        "seats": draw.randint(least, most),
    }


def _regional(kind: str, least: int) -> Callable[[Random], dict[str, object]]:
    def limit(draw: Random) -> dict[str, object]:
        seats = {region: draw.randint(least, 2) for region in draw.sample(REGIONS, 2)}
        return {"kind": kind, "id": kind, "title": TITLE, "seats": seats}

    return limit


LIMITS: dict[str, Callable[[Random], dict[str, object]]] = {
    "region-minimum": _regional("region-minimum", 1),
    "region-maximum": _regional("region-maximum", 0),
    "service-maximum": _limit("service-maximum", 1, 2),
    "municipality-maximum": _limit("municipality-maximum", 1, 2),
    "service-first": _limit("service-first", 1, 2),
    "class-minimum": _limit("class-minimum", 2, 3),
}
NO_LIMITS = "no limits"
FEATURES = (*LIMITS, "independent", "quota", "group", "max-students")
FACTS: dict[str, Callable[[Random], str]] = {
    "bachelor_grade": lambda draw: str(draw.randint(250, 500) / 100),
    "experience_municipal": lambda draw: str(draw.randint(0, 12)),
    "experience_documented": lambda draw: draw.choice(["yes", "no"]),
    "region": lambda draw: draw.choice(REGIONS),
    "sector": lambda draw: draw.choice(["municipal", "state"]),
}


@dataclass(frozen=True)
class Played:
    """How a year went: what was counted in it, and each promise that was broken."""

    calls: int
    offers: int
    worse_off: int
    broken: tuple[str, ...]


def play(seed: int, *, years_a_round: int = 1, solver: How = None) -> Played:
    """One year. ``years_a_round``: so many seeds in a row begin with the same decided round."""
    draw = Random(seed)
    season = _under(_first(seed // years_a_round), _policy(draw))
    day, calls, offers, worse = dt.date(2019, 6, 3), 0, 0, 0
    broken: list[str] = []
    for _ in range(draw.randint(1, 4)):
        day += dt.timedelta(days=draw.randint(1, 5))
        season = _answers(draw, season, day)
        season = _records(draw, season, day)
        day += dt.timedelta(days=draw.randint(0, 14))
        held = _held(season)
        call = try_call(season, day, solver=solver)
        broken += [f"{one.id}: {one.exceptions}" for one in call.promises if one.holds is False]
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
            break
    folded = fold(season.beginning, season.policy, season.events, season.offers)
    if folded.applications != season.standing.applications or folded.order != season.standing.order:
        broken.append("what was taken step by step is not what the events add up to")
    return Played(calls, offers, worse, tuple(broken))


def _held(season: Season) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in season.standing.applications.values():
        if one.holds:
            found[one.person_id] = min(one.preference, found.get(one.person_id, 99))
    return found


@lru_cache(maxsize=1)
def _first(number: int) -> Season:
    season = _season(_decided(Random(f"round {number}")), Policy())
    assert season.posed.problem.persons, "the round is ranked once, and shared by all its years"
    return season


def _under(season: Season, policy: Policy) -> Season:
    return season.shared_with(replace(season, policy=policy))


def _policy(draw: Random) -> Policy:
    return Policy(
        better_offer=draw.choice(["replace", "replace", "choose"]),
        silence=draw.choice(["lose-all", "lose-offer"]),
        late=draw.choice(["behind", "among"]),
        appeal=draw.choice(["extra-seat", "next-free"]),
        target=draw.choice(["seats", "offers"]),
        answer_days=draw.choice([3, 8]),
        waiting_needs_yes=draw.random() < 0.2,
    )


def _season(run: Run, policy: Policy) -> Season:
    round_, resolved = run.round, run.scenario
    decided = decide_outcomes(run)
    applications = [
        Application(
            row["person_id"], row["offering_id"], int(row["preference"]),
            State.REPLACED if row["outcome"] == "declined" else State(row["outcome"]),
            int(row["waiting_number"]),
        )
        for row in decided.to_dict("records")
    ]  # fmt: skip
    order = {
        name: decided[(decided.offering_id == name) & decided.qualified]
        .sort_values("rank")["person_id"]
        .tolist()
        for name in round_.offerings
    }
    beginning = Beginning(applications, order, dict.fromkeys(round_.offerings))
    return begun("0" * 64, round_, resolved, beginning, policy, dt.date(2019, 6, 3))


def small_season(draw: Random) -> Season:
    """A season of few people without limits, in which a better offer replaces the held one."""
    run = allocate_fast(_round(draw, (), most=7), _scenario(draw, (NO_LIMITS,)))
    policy = Policy(target=draw.choice(["seats", "offers"]), silence="lose-offer")
    return _season(run, policy)


def some_answers(draw: Random, season: Season, day: dt.date) -> Season:
    """The season with answers drawn for those who hold and wait."""
    return _answers(draw, season, day)


def _decided(draw: Random) -> Run:
    """The first decision; what the program refuses (limits that do not go together) is redrawn."""
    while True:
        features = {one for one in FEATURES if draw.random() < 0.2}
        try:
            return allocate_fast(_round(draw, features), _scenario(draw, features))
        except (UsageError, DataError, InputError):
            continue


def _round(draw: Random, features: Collection[str], most: int = 24) -> Round:
    people = [f"p{number:02d}" for number in range(draw.randint(6, most))]
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
    away = "max-students" in features
    lines = [
        f"{one},{draw.randint(1, 3) if away else ''},{draw.choice(MUNICIPALITIES)}"
        for one in services
    ]
    files = {
        "applicants.csv": "\n".join(applicants),
        "applications.csv": "\n".join(applications),
        "services.csv": "\n".join(["service_id,max_students,municipality_no", *lines]),
    }
    if "group" in features:
        row = f"{draw.choice(services)},{draw.choice(OFFERINGS)},2"
        files["leader_groups.csv"] = f"service_id,offering_id,at_least\n{row}"
    return read_round(
        {name: f"{text}\n".encode() for name, text in files.items()}, offerings=OFFERINGS
    )


def _scenario(draw: Random, features: Collection[str]) -> ResolvedScenario:
    base = load_scenario("coordinated-2019")
    most = 2 if NO_LIMITS in features else 6
    seats = {name: draw.randint(1, most) for name in OFFERINGS}
    more = {name: number + draw.randint(0, 2) for name, number in seats.items()}
    table = {
        "id": "drawn",
        "extends": "coordinated-2019",
        "seed": draw.randint(0, 99),
        "seats": {**base.seats, **seats},
        "offers": more if draw.random() < 0.5 else {},
    }
    if "independent" in features:
        table |= {"mechanism": "independent", "call_rounds": draw.randint(1, 3)}
    if "quota" in features:
        together = draw.sample(OFFERINGS, 2)
        quota = {"id": "both", "title": TITLE, "offerings": together, "seats": draw.randint(1, 7)}
        table["quotas"] = [quota]
    table["changes"] = [
        {"offerings": [name], "limits": limits}
        for name in OFFERINGS
        if (
            limits := [
                LIMITS[one](draw) for one in LIMITS if one in features and draw.random() < 0.6
            ]
        )
    ]
    if NO_LIMITS in features:
        table["changes"] = [{"offerings": ["uit-veiledning"], "limits": []}]
    return resolve(scenario_from(table))


def scenario_from(table: dict[str, object]) -> Scenario:
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


EVENTS = (
    "correct", "appeal-upheld", "late-application", "newcomer", "reinstate", "place",
    "annul", "defer", "enrolled", "met", "no-show", "dropped-out", "expire", "appeal-received",
    "appeal-refused",
)  # fmt: skip


def _records(draw: Random, season: Season, day: dt.date) -> Season:
    for number in range(draw.randint(0, 3)):
        try:
            season = recorded(season, _record(draw, season, day, number))
        except (UsageError, InputError):
            continue  # what the state does not allow is refused, and the year goes on
    if draw.random() < 0.03:
        season = recorded(season, Record("close-lists", day, reason="start"))
    return season


def _record(draw: Random, season: Season, day: dt.date, number: int) -> Record:
    event, person = draw.choice(EVENTS), draw.choice(season.standing.persons)
    facts: dict[str, str] = {}
    if event == "newcomer":
        event, person = "late-application", f"n{len(season.events)}-{number}"
        facts = {"person_id": person, "sector": "state", "bachelor_ects": "180"}
        facts |= {name: FACTS[name](draw) for name in FACTS if name != "sector"}
    fact = draw.choice(list(FACTS)) if event in ("correct", "appeal-upheld") else ""
    everywhere = bool(fact) and draw.random() < 0.7
    return Record(
        event, day, person, "" if everywhere else draw.choice(OFFERINGS), reason="office-error",
        fact=fact, value=FACTS[fact](draw) if fact else None, facts=facts,
    )  # fmt: skip


def coordinated_season(draw: Random) -> tuple[Run, Season]:
    """A decision by one common call, whatever its limits, and the season that it begins."""
    while True:
        run = _decided(draw)
        if run.scenario.scenario.mechanism == "coordinated":
            break
    policy = Policy(
        better_offer=draw.choice(["replace", "choose"]),
        silence=draw.choice(["lose-all", "lose-offer"]),
        waiting_needs_yes=draw.random() < 0.3,
        target=draw.choice(["seats", "offers"]),
    )
    return run, _season(run, policy)
