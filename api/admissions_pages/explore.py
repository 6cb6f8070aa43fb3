"""The analyst's page to explore: settings, and at once who gains, who loses, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from admissions.comparison.groups import GROUPINGS
from admissions.model.errors import DataError
from admissions.model.messages import Message
from admissions.report.simulation_tables import MAIN, group_text, key_name, number
from admissions.report.words import Words
from admissions.simulation.measures import ALL, COMPARED, Key
from admissions.simulation.paired import Tried
from admissions.simulation.statistics import Summary
from admissions_api.turns import Turns
from admissions_pages.asking import RefusedError
from admissions_pages.exploring import (
    BASES,
    DRAWS,
    LEADERS,
    SPREADS,
    WHOLE,
    Explored,
    Parameter,
    Read,
    outcome,
    parameters,
    query_of,
    read,
    table_of,
    toml_of,
)
from admissions_pages.page import HEADERS, PageRequest

PAGE = "/analyst/explore"
_LONG_DRAWS = 200
_GROUPINGS = ("centrality", "further-education", "experience", "service-size", "sector")
_FROM = {"leader": "pages-explore.leader-from", "spread": "pages-explore.spread-from"}
_turns = Turns(1, "others explore just now")


@dataclass(frozen=True)
class ExploredRow:
    """One measure: what the base gives, what is tried gives, and the difference."""

    said: str
    base: str
    tried: str
    change: str
    error: str


async def explore(page: PageRequest) -> Response:
    """The settings and what they give; the address says all of them, and nothing else."""
    asked = page.request.query_params
    found = read(asked)
    offering = asked.get("offering") or _first_offering(found.tried)
    query = {**query_of(found.tried), "offering": offering}
    part = "hx-request" in page.request.headers and (
        "hx-history-restore-request" not in page.request.headers
    )
    stated = {name: value for name, value in asked.items() if name != "language"}
    if stated and not part and not found.wrong and stated != query:
        return page.go(f"{PAGE}?{urlencode(query)}")
    result, refused = await _outcome(found.tried)
    titles = await _titles(page)
    response = page.show(
        "analyst-explored.html" if part else "analyst-explore.html",
        status=422 if found.wrong or refused else 200,
        part=part,
        **_settings(found, offering),
        **_results(page, result, compared=found.tried.changes_something),
        refused=refused.in_(page.language) if refused else "",
        query=urlencode(query_of(found.tried)),
        settings=query_of(found.tried),
        called=lambda kind, value: _called(page, titles, kind, value),
        say_from=lambda name: "" if name == "base" else page.say(_FROM[name]),
        origin=lambda one: _origin(page, one),
    )
    response.headers["HX-Push-Url"] = f"{PAGE}?{urlencode(query)}"
    return response


async def scenario_file(page: PageRequest) -> Response:
    """What is tried as a scenario's file."""
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="explored.toml"'}
    text = toml_of(read(page.request.query_params).tried)
    return Response(text, 200, headers, "application/toml; charset=utf-8")


async def simulate(page: PageRequest) -> Response:
    """Asks for a long simulation of the base and what is tried, as a job."""
    tried = read({name: str(value) for name, value in page.held.items()}).tried
    body = {
        "scenarios": [tried.base], "own": table_of(tried), "draws": _LONG_DRAWS, "seed": 1,
    }  # fmt: skip
    answer = await page.api.ask("POST", "/v1/simulations", body=body)
    if not answer.good:
        raise RefusedError(answer)
    return page.go(f"/jobs/{answer.json()['id']}")


async def _outcome(tried: Explored) -> tuple[Tried | None, Message | None]:
    try:
        return await _turns.run(outcome, tried), None
    except DataError as error:
        return None, error.message


def _first_offering(tried: Explored) -> str:
    return next(iter(parameters(tried.base).values())).offering


def _settings(found: Read, offering: str) -> dict[str, Any]:
    known = parameters(found.tried.base)
    changed = dict(found.tried.values)
    return {
        "tried": found.tried,
        "wrong": found.wrong,
        "bases": BASES,
        "leaders": LEADERS,
        "spreads": SPREADS,
        "bounds": WHOLE,
        "offerings": list(dict.fromkeys(one.offering for one in known.values())),
        "chosen": offering,
        "shown": [one for one in known.values() if one.offering == offering],
        "elsewhere": {k: v for k, v in changed.items() if known[k].offering != offering},
        "changed": changed,
        "draws": DRAWS,
        "long_draws": _LONG_DRAWS,
    }


def _results(page: PageRequest, found: Tried | None, *, compared: bool) -> dict[str, Any]:
    if found is None:
        return {"rows": [], "groups": [], "compared": False, "headline": None}
    words = Words(page.language, "simulation")
    keys = [key for key in MAIN if key.measure not in COMPARED]
    told = {name: _told(page, Key(name), found.summary(Key(name))) for name in COMPARED}
    return {
        "rows": [_row(page, words, found, key) for key in keys],
        "groups": list(_groups(page, words, found)) if compared else [],
        "compared": compared,
        "headline": told if compared else None,
    }


def _row(page: PageRequest, words: Words, found: Tried, key: Key) -> ExploredRow:
    difference = found.difference(key)
    twice = None if difference.se is None else 2 * difference.se
    return ExploredRow(
        key_name(key, words),
        _told(page, key, found.base_summary(key)),
        _told(page, key, found.summary(key)),
        _told(page, key, difference, signed=True),
        page.number(str(number(key, twice, mean=True))) if twice is not None else "",
    )


def _groups(
    page: PageRequest, words: Words, found: Tried
) -> Iterator[tuple[str, Sequence[Mapping[str, str]]]]:
    """For each way of grouping people: who wins and who loses in each group that has anybody."""
    for grouping in _GROUPINGS:
        rows = []
        for group in GROUPINGS[grouping]:
            name = f"{grouping}/{group}"
            if not found.summary(Key("accepted", ALL, name)).mean:
                continue
            told = {m: _told(page, k := Key(m, ALL, name), found.summary(k)) for m in COMPARED}
            said = group_text(Key("winners", ALL, name), words)
            rows.append({"said": said.partition(": ")[2], **told})
        yield words.of("group", grouping).unescape(), rows


def _told(page: PageRequest, key: Key, of: Summary, *, signed: bool = False) -> str:
    """Mean and, in brackets, the middle nine tenths of the drawn years."""
    ends = (number(key, of.mean, mean=True), number(key, of.p5), number(key, of.p95))
    if None in ends:
        return "–"
    texts = [page.number(f"{n:+}" if signed else str(n)).replace("-", "−") for n in ends]
    return page.say("pages-explore.with-range", mean=texts[0], low=texts[1], high=texts[2])


async def _titles(page: PageRequest) -> dict[str, str]:
    """What the shipped scenarios are called."""
    listed = await page.api.get("/v1/scenarios")
    return {one["id"]: one["title"][page.language] for one in listed if one["title"]}


def _called(page: PageRequest, titles: Mapping[str, str], kind: str, value: str) -> str:
    """A choice in words."""
    if kind == "leader":
        return page.term("leader-mode", value)
    if value == "none":
        return page.say("pages-explore.spread-none")
    return titles.get(value, value)


def _origin(page: PageRequest, one: Parameter) -> str:
    """What a number is in the rules, and its source or the assumption that it is."""
    was = page.say("pages-explore.was", value=page.number(str(one.value)))
    if one.why is not None:
        return f"{was} {page.say('pages-explore.assumed', why=one.why.in_(page.language))}"
    return f"{was} {page.say('pages-explore.source', source=one.source or '')}"
