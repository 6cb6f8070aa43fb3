"""The analyst's map: how many have a seat in each municipality of the invented year of 2019.

The invented country has the few municipalities that the report names; the others are invented, lie
nowhere, and are told by how central they are.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import Response

from admissions.front.allocation import allocate
from admissions.front.opening import ScenarioLike, read_round
from admissions.model.errors import AdmissionsError
from admissions.model.messages import Message
from admissions.model.resources import shipped
from admissions.model.round import Round
from admissions_api.turns import Turns
from admissions_pages.exploring import Explored, query_of, read, table_of
from admissions_pages.page import PageRequest

BOUNDARIES = Path(__file__).parent / "maps" / "municipalities-2020.tsv"
VIEW = "0 0 594 744"
"""The corner and the size of the map, in steps of two kilometres."""
BANDS = (1, 2, 4, 10)
"""The least number of people of each colour."""
_turns = Turns(1, "others look at the map just now")


@dataclass(frozen=True)
class Area:
    """A municipality on the map."""

    number: str
    name: str
    path: str


@dataclass(frozen=True)
class Counted:
    """How many have a seat: with the base and with what is tried, by municipality and class."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    classes: Mapping[str, int]


@cache
def areas() -> Mapping[str, Area]:
    """Every municipality of 2020, by number."""
    with BOUNDARIES.open(encoding="utf-8", newline="") as file:
        return {row[0]: Area(*row) for row in csv.reader(file, delimiter="\t")}


@cache
def _round() -> Round:
    return read_round(shipped("scenarios") / "rounds" / "2019")


@lru_cache(maxsize=64)
def counted(tried: Explored) -> Counted:
    """Seats by municipality. Raises AdmissionsError where what is tried cannot be allocated so."""
    before = _seats(tried.base)
    after = _seats(table_of(tried)) if tried.changes_something else before
    municipalities = _round().municipalities
    classes = dict(
        zip(municipalities["municipality_no"], municipalities["centrality"], strict=True)
    )
    return Counted(before, after, classes)


def _seats(scenario: ScenarioLike) -> Mapping[str, int]:
    round_ = _round()
    decisions = allocate(round_, scenario, solver="deferred-acceptance").decisions
    holders = decisions.loc[decisions["outcome"] == "offered", "person_id"]
    where = round_.applicants.set_index("person_id")["municipality_no"]
    return Counter(where.reindex(holders).dropna())


def band(count: int) -> int:
    """The colour of a count: 0 for nobody."""
    return sum(count >= least for least in BANDS)


async def show(page: PageRequest) -> Response:
    """The map and the table beside it."""
    tried = read(page.request.query_params).tried
    found: Counted | None = None
    refused: Message | None = None
    try:
        found = await _turns.run(counted, tried)
    except AdmissionsError as error:
        refused = error.message
    shown = page.show(
        "analyst-map.html",
        status=422 if refused else 200,
        areas=areas().values(),
        view=VIEW,
        band=band,
        bands=BANDS,
        tried=tried,
        known=set(found.classes) & set(areas()) if found else set(),
        after=found.after if found else {},
        named=_named(found) if found else [],
        by_class=_by_class(found) if found else [],
        invented=len(set(found.classes) - set(areas())) if found else 0,
        refused=refused.in_(page.language) if refused else "",
        query=urlencode(query_of(tried)),
    )
    return _compressed(page, shown)


def _compressed(page: PageRequest, shown: Response) -> Response:
    """The page as it is sent to who can read that: its boundaries are five times as long plain.

    Other pages are sent plain. What this one says back of its address are known words and numbers,
    so that its length tells nothing of the form token in it.
    """
    shown.headers["Vary"] = "Accept-Encoding"
    if "gzip" in page.request.headers.get("accept-encoding", ""):
        shown.body = gzip.compress(bytes(shown.body), mtime=0)
        shown.headers["Content-Encoding"] = "gzip"
        shown.headers["Content-Length"] = str(len(shown.body))
    return shown


def _named(found: Counted) -> list[tuple[str, int, int]]:
    """The municipalities that there are: name, seats before and after, most first."""
    real = [one for one in areas().values() if one.number in found.classes]
    rows = [(a.name, found.before.get(a.number, 0), found.after.get(a.number, 0)) for a in real]
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def _by_class(found: Counted) -> list[tuple[int, ...]]:
    """The invented ones by centrality: how many, people before and after, places before, after."""
    rows: list[tuple[int, ...]] = []
    for one in sorted(set(found.classes.values())):
        own = [n for n, c in found.classes.items() if c == one and n not in areas()]
        before = [found.before.get(n, 0) for n in own]
        after = [found.after.get(n, 0) for n in own]
        reached = sum(map(bool, before)), sum(map(bool, after))
        rows.append((int(one), len(own), sum(before), sum(after), *reached))
    return rows
