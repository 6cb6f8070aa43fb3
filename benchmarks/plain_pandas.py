"""The denominator of "faster": current-2019 as a straightforward pandas script would simulate it.

Run with: python -m benchmarks.plain_pandas [DRAWS]
The people of each draw, their answers and the lottery are the simulation's own, as frames; rules,
calls, answers and measures are written out with pandas, and nothing is shared with the engine but
the yield model's chances. The measures that both count are compared, draw by draw: the same model.
"""

from __future__ import annotations

import hashlib
import sys
import time
from itertools import pairwise

import numpy as np
import pandas as pd

from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.draws import Draws
from admissions.pool.synthetic import shipped_pool
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.drawn import seed_of
from admissions.simulation.job import Job
from admissions.simulation.measures import Key
from admissions.simulation.simulate import scenario_job
from admissions.simulation.sources import synthetic
from admissions.simulation.yields import Willing, shipped_yields, willing

SEED, CALL_ROUNDS, FINE = 1, 2, 2**30
LEADING = [VOCABULARIES["position"].index(name) for name in ("leader", "deputy-leader")]
STAFF = VOCABULARIES["position"].index("staff")
MUNICIPAL, OUTSIDE = (VOCABULARIES["sector"].index(name) for name in ("municipal", "none"))
RELEVANT = VOCABULARIES["master"].index("relevant")

RANKED_BY = {
    "hvl-barnets-beste": ["municipal", "hvl"],
    "ntnu-ledelse": ["municipal", "leads_staff", "grade"],
    "oslomet-barnets-beste": ["municipal", "oslomet"],
    "oslomet-juss": ["municipal", "oslomet"],
    "uis-juss": ["municipal", "two_years", "among_two", "grade", "years"],
    "uit-veiledning": [
        "municipal", "supervisor_responsibility", "beyond_three", "relevant_master", "has_course",
        "no_leader", "years", "further_education_count",
    ],
    "vid-minoritet": ["municipal", "grade"],
    "vid-relasjon": ["municipal", "relasjon"],
}  # fmt: skip


def with_columns(round_: Round, seed: int) -> pd.DataFrame:
    """The applications with their applicants' facts, points and places in the draw."""
    people = round_.applicants.copy()
    drawn = [
        int.from_bytes(hashlib.sha256(f"{seed}:{person}".encode()).digest()[:8])
        for person in people["person_id"]
    ]
    people["drawn"] = pd.Series(drawn, dtype="uint64").rank(method="first").astype(int)
    people["number"] = np.arange(len(people))
    years = people[["experience_municipal", "experience_state", "experience_private"]].sum(axis=1)
    grade = people["bachelor_grade"].mask(people["bachelor_passed"], 300).clip(lower=0)
    leads = people["position"].isin(LEADING)
    people = people.assign(
        years=years,
        grade=grade,
        municipal=(people["sector"] == MUNICIPAL).astype(int),
        hvl=10 * grade + (people["education_ects"] // 3000 * 100).clip(upper=400),
        oslomet=grade
        + (years // 100 * 25).clip(upper=100)
        + (people["relevant_education_ects"] // 3000 * 25).clip(upper=100),
        relasjon_experience=(years // 100 * 100).clip(upper=400),
        relasjon_education=(people["relevant_education_ects"] // 3000 * 100).clip(upper=200),
        two_years=(years >= 200).astype(int),
        beyond_three=(years > 300).astype(int),
        relevant_master=(people["master"] == RELEVANT).astype(int),
        has_course=(people["competence_courses"] >= 1).astype(int),
        leads_staff=(leads & people["personnel_responsibility"]).astype(int),
        no_leader=(~(leads | people["personnel_responsibility"] | people["leader_tasks"])).astype(
            int
        ),
        qualified=(people["bachelor_ects"] >= 18000)
        & (people["sector"] != OUTSIDE)
        & people["experience_documented"],
    )
    return round_.applications.merge(people, on="person_id")


def ranked(applications: pd.DataFrame) -> pd.DataFrame:
    """The qualified applications, each offering's in its order."""
    leading = (applications["position"] != STAFF) | applications["leader_tasks"]
    fits = applications["qualified"] & (leading | (applications["offering_id"] != "ntnu-ledelse"))
    lists = []
    for offering, rows in applications[fits].groupby("offering_id"):
        columns = list(RANKED_BY[str(offering)])
        if offering == "vid-relasjon":
            columns[1:] = ["grade", "relasjon_experience", "relasjon_education"]
        here = rows
        if "among_two" in columns:
            base = [name for name in columns if name != "among_two"]
            order = here.sort_values([*base, "drawn"], ascending=[*[False] * len(base), True])
            place = order[order["municipal"] == 1].groupby("service_id").cumcount()
            here = here.assign(among_two=(place.reindex(here.index, fill_value=0) < 2).astype(int))
        ascending = [*[False] * len(columns), True]
        here = here.sort_values([*columns, "drawn"], ascending=ascending)
        lists.append(here.assign(rank=np.arange(1, len(here) + 1)))
    return pd.concat(lists)


def called(rows: pd.DataFrame, offers: dict[str, int], will: Willing) -> pd.DataFrame:
    """Two rounds of calls: everyone keeps the best offer held, and declines it or not."""
    yields = shipped_yields()
    chances = {offering: yields.chances(offering) for offering in offers}

    def happens(numbers: np.ndarray, chance: str) -> pd.Series:
        limits = {o: FINE * getattr(c, chance) // 1 for o, c in chances.items()}
        return pd.Series(numbers[rows["number"]], rows.index) < rows["offering_id"].map(limits)

    declines = happens(will.declines, "declines")
    rows = rows.assign(called=False, held=False)
    for _ in range(CALL_ROUNDS):
        for offering, line in rows.groupby("offering_id"):
            free = offers[str(offering)] - int(line["held"].sum())
            waiting = line[~line["called"]]
            if offering == "uit-veiledning":
                left = 5 - line[line["held"]].groupby("region").size().reindex(range(4)).fillna(0)
                place = waiting.groupby("region").cumcount()
                reserved = place < waiting["region"].map(left).fillna(0)
                waiting = waiting.assign(later=~reserved).sort_values(
                    ["municipal", "later", "rank"], ascending=[False, True, True]
                )
            chosen = waiting.index[: max(free, 0)]
            rows.loc[chosen, ["called", "held"]] = True
        held = rows[rows["held"]]
        best = held.groupby("number")["preference"].transform("min")
        rows.loc[held.index[held["preference"] > best], "held"] = False
        rows.loc[rows["held"] & declines, "held"] = False
    met = rows["held"] & ~happens(will.no_show, "no_show")
    return rows.assign(met=met, completed=met & happens(will.completes, "completes"))


def measures(rows: pd.DataFrame) -> dict[Key, int]:
    """Some of the simulation's measures."""
    found = {}
    names = (("offers", "called"), ("accepted", "held"), ("met", "met"), ("completed", "completed"))
    for name, column in names:
        found[Key(name)] = int(rows[column].sum())
        for offering, number in rows.groupby("offering_id")[column].sum().items():
            found[Key(name, str(offering))] = int(number)
    found[Key("qualified")] = len(rows)
    home = rows[rows["completed"]].groupby("municipality_no").size()
    found[Key("municipalities")] = len(home)
    found[Key("municipalities-four-or-more")] = int((home >= 4).sum())
    found[Key("services")] = rows.loc[
        rows["met"] & (rows["service_id"] != ""), "service_id"
    ].nunique()
    found[Key("first-wish")] = int((rows["held"] & (rows["preference"] == 1)).sum())
    return found


def simulated(draws: int, offers: dict[str, int]) -> list[dict[Key, int]]:
    pool, told = shipped_pool(2019), []
    for draw in range(draws):
        round_ = pool.round(seed_of(SEED, "people", draw))
        will = willing(Draws(seed_of(SEED, "answers", draw)), len(round_.applicants))
        rows = ranked(with_columns(round_, seed_of(SEED, "lottery", draw)))
        told.append(measures(called(rows, offers, will)))
    return told


def by_the_engine() -> Job:
    scenario = resolve(load_scenario("current-2019"))
    pool = shipped_pool(2019)
    return scenario_job(SEED, [scenario], synthetic(pool.population), shipped_yields())


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    job = by_the_engine()
    case = job.cases[0]
    offers = dict(zip(case.offerings, case.offers, strict=True))
    job.draws(0, 1)
    simulated(1, offers)
    moments = [time.process_time()]
    values = job.draws(0, draws)[:, 0]
    moments.append(time.process_time())
    plain = simulated(draws, offers)
    moments.append(time.process_time())
    at = {key: n for n, key in enumerate(job.keys)}
    for draw, found in enumerate(plain):
        for key, number in found.items():
            if values[draw, at[key]] != number:
                raise SystemExit(f"draw {draw}, {key}: {values[draw, at[key]]} and {number}")
    engine, script = (1000 * (end - begin) / draws for begin, end in pairwise(moments))
    print(f"pandas {pd.__version__}, {draws} draws of current-2019, CPU milliseconds a draw")
    print(f"the engine, all {len(job.keys)} values: {engine:.1f}")
    times = f"{script / engine:.0f} times"
    print(f"a pandas script, {len(plain[0])} of them, the same: {script:.1f} ({times})")


if __name__ == "__main__":
    main()
