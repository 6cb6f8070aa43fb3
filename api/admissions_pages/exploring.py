"""What an analyst tries on the synthetic year: a scenario put together from settings of the page.

The settings are a value, ``Explored``; what differs from the base is a scenario like any other, so
that it can be kept as a file, simulated at length, or allocated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import tomli_w

from admissions.front.opening import resolved
from admissions.front.paired import PairedDraws, paired_draws
from admissions.model.messages import Message, message
from admissions.model.resources import shipped
from admissions.model.wording import Wording
from admissions.model.words import wordings
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rules.base import Rule
from admissions.simulation.paired import Tried

DRAWS = 100
"""So many drawn years a change is judged by on the page."""
SEED = 1
_BASES_KEPT = 3
"""So many bases have their drawn years kept: some 40 MB each."""
OWN_ID = "explored"
BASES = (
    "coordinated-2019", "current-2019", "seats-2020", "harmonised-2023", "harmonised-points",
)  # fmt: skip
"""The scenarios that one can begin with."""
LEADERS = ("none", "tie-break", "within-service", "points", "employer-first")
SPREADS = ("none", "spread-breadth", "spread-proportional", "spread-need")
"""The shipped scenarios whose change of the rules stands for a reading of "the whole country"."""
FURTHER_FIRST = "least-education-first"
FAR_AWAY = (5, 6)
"""The centrality classes that a share is for: the least central ones."""
Number = int | Decimal
WHOLE: Mapping[str, tuple[int, int]] = {"seats": (-10, 20), "share": (0, 60), "together": (0, 10)}
"""The whole numbers that can be set, each with the smallest and the largest."""
_LARGEST = 1000


@dataclass(frozen=True)
class Parameter:
    """A number in a rule of one offering: what it is in the base, and where it comes from."""

    offering: str
    rule: str
    name: str
    title: Wording
    value: Number
    source: str | None
    why: Wording | None

    @property
    def key(self) -> str:
        """How an address names it: ``uis-juss:service-limit:maximum``."""
        return f"{self.offering}:{self.rule}:{self.name}"

    @property
    def whole(self) -> bool:
        """Whether it is stated as a whole number where it is stated now."""
        return isinstance(self.value, int)

    @property
    def most(self) -> int:
        """The end of its slider: a number that is out of the way of most questions."""
        return max(4, 2 * int(self.value))


@dataclass(frozen=True)
class Explored:
    """All settings. ``values``: the rules' numbers that are others than in the base, by key."""

    base: str = BASES[0]
    leader: str = "none"
    spread: str = "none"
    further: bool = False
    seats: int = 0
    share: int = 0
    together: int = 0
    values: tuple[tuple[str, str], ...] = ()

    @property
    def changes_something(self) -> bool:
        """Whether anything differs from the base."""
        return self != Explored(self.base)


@dataclass(frozen=True)
class Read:
    """What an address says: settings, and what of it could not be used, by name."""

    tried: Explored
    wrong: Mapping[str, Message]


@cache
def base(scenario_id: str) -> ResolvedScenario:
    """A scenario to begin with, with its rules."""
    return resolved(scenario_id)


@cache
def parameters(scenario_id: str) -> Mapping[str, Parameter]:
    """Every number in the rules of a scenario to begin with, by key."""
    found = {}
    for offering, version in base(scenario_id).versions.items():
        for rule in version.rules():
            for name, one in _with_parts(rule):
                for parameter in _numbers(offering, name, one):
                    found[parameter.key] = parameter
    return found


def _with_parts(rule: Rule) -> Iterator[tuple[str, Rule]]:
    yield rule.id, rule
    for part in rule.summands():
        yield f"{rule.id}.{part.id}", part


def _numbers(offering: str, rule_id: str, rule: Rule) -> Iterator[Parameter]:
    table = rule.table()
    for name in rule.parameters():
        value = table.get(name)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            continue
        assumed = rule.assumptions.get(name) or rule.assumptions.get("rule")
        yield Parameter(
            offering,
            rule_id,
            name,
            rule.title,
            value,
            rule.source,
            assumed.why if assumed else None,
        )


def read(query: Mapping[str, str]) -> Read:
    """The settings in an address. What is no setting is told, and the base's value stands."""
    wrong: dict[str, Message] = {}

    def chosen(name: str, known: Sequence[str]) -> str:
        given = query.get(name, known[0])
        if given not in known:
            wrong[name] = message("pages-explore.no-choice", value=given)
            return known[0]
        return given

    def whole(name: str) -> int:
        least, most = WHOLE[name]
        given = query.get(name, "").strip() or "0"
        if given.removeprefix("-").isdecimal() and least <= int(given[:9]) <= most:
            return int(given)
        wrong[name] = message("pages-explore.no-whole", value=given, least=least, most=most)
        return 0

    tried = Explored(
        chosen("base", BASES), chosen("leader", LEADERS), chosen("spread", SPREADS),
        query.get("further") == "yes", whole("seats"), whole("share"), whole("together"),
    )  # fmt: skip
    return _with_values(tried, query, wrong)


def _with_values(tried: Explored, query: Mapping[str, str], wrong: dict[str, Message]) -> Read:
    """The rules' numbers; those of a form that was made for another base count where changed."""
    known, before = parameters(tried.base), parameters(_shown_for(query, tried.base))
    values = {}
    for key in (key for key in query if key.count(":") == 2):
        given = query[key].strip().replace(",", ".")
        shown = before.get(key)
        if shown is not None and given == str(shown.value):
            continue
        one, number = known.get(key), _number(given)
        if one is None:
            wrong[key] = message("pages-explore.no-parameter", name=key)
        elif number is None:
            wrong[key] = message("pages-explore.no-number", value=given, most=_LARGEST)
        elif number != one.value:
            values[key] = str(number)
    return Read(replace(tried, values=tuple(sorted(values.items()))), wrong)


def _shown_for(query: Mapping[str, str], scenario_id: str) -> str:
    """The base whose numbers the form showed that was sent."""
    shown = query.get("of", scenario_id)
    return shown if shown in BASES else scenario_id


def _number(text: str) -> Number | None:
    whole, _, part = text.partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(text) > 9:
        return None
    number = Decimal(text)
    if number > _LARGEST:
        return None
    return int(number) if number == int(number) else number


def query_of(tried: Explored) -> dict[str, str]:
    """The shortest address that means ``tried``: what is as in the base is left out."""
    plain = Explored()
    found = {"base": tried.base}
    for name in ("leader", "spread", *WHOLE):
        value = getattr(tried, name)
        if value != getattr(plain, name):
            found[name] = str(value)
    if tried.further:
        found["further"] = "yes"
    return {**found, **dict(tried.values)}


def table_of(tried: Explored) -> dict[str, Any]:
    """The scenario that ``tried`` means, as a table."""
    said = wordings("pages-explore")
    table: dict[str, Any] = {
        "id": OWN_ID,
        "extends": tried.base,
        "title": said["scenario-title"].model_dump(),
        "why": said["scenario-why"].model_dump(),
    }
    if tried.leader != "none":
        table["leader"] = tried.leader
    if tried.seats:
        seats = base(tried.base).scenario.seats
        table["seats"] = {name: max(1, n + tried.seats) for name, n in seats.items()}
    changes = list(_changes(tried))
    if changes:
        table["changes"] = changes
    return table


def _changes(tried: Explored) -> Iterator[dict[str, Any]]:
    for key, value in tried.values:
        offering, rule, name = key.split(":")
        yield {"offerings": [offering], "rule": rule, "set": {name: _number(value)}}
    if tried.share:
        yield {"offerings": "all", "place": "before-points", "add": _share(tried.share)}
    for name, wanted in ((FURTHER_FIRST, tried.further), (tried.spread, tried.spread != "none")):
        if wanted:
            yield from _shipped_changes(name)
    if tried.together:
        yield {"offerings": "all", "add_limit": _together(tried.together)}


def _shipped_changes(scenario_id: str) -> list[dict[str, Any]]:
    """What a shipped scenario changes in the rules."""
    text = (shipped("scenarios") / f"{scenario_id}.toml").read_text(encoding="utf-8")
    changes: list[dict[str, Any]] = tomllib.loads(text, parse_float=Decimal)["changes"]
    return changes


def _share(percent: int) -> dict[str, Any]:
    said = wordings("pages-explore")
    return {
        "id": "explored-share",
        "kind": "minimum-share",
        "centralities": list(FAR_AWAY),
        "percent": percent,
        "not_documented": "not-member",
        **_assumed(said["share-rule"], said["share-why"], "share", percent),
    }


def _together(seats: int) -> dict[str, Any]:
    said = wordings("pages-explore")
    return {
        "id": "explored-together",
        "kind": "service-maximum",
        "seats": seats,
        **_assumed(said["together-rule"], said["together-why"], "together", seats),
    }


def _assumed(title: Wording, why: Wording, setting: str, value: int) -> dict[str, Any]:
    """What a rule of the page's own is called, and that it is nobody's but the analyst's."""
    least, most = WHOLE[setting]
    assumption = {"why": why.model_dump(), "range": sorted({least + 1, value, most})}
    return {"title": title.model_dump(), "assumptions": {"rule": assumption}}


def toml_of(tried: Explored) -> str:
    """The scenario as a file that every command takes."""
    return tomli_w.dumps(table_of(tried))


@lru_cache(maxsize=_BASES_KEPT)
def _kept(scenario_id: str) -> PairedDraws:
    return paired_draws(base(scenario_id), draws=DRAWS, seed=SEED)


@lru_cache(maxsize=128)
def outcome(explored: Explored) -> Tried:
    """What is tried on the drawn years, beside the base; where nothing is, the base itself.

    Raises DataError where the scenario cannot be: a rule refuses a number, or two changes clash.
    """
    own = table_of(explored) if explored.changes_something else base(explored.base)
    return _kept(explored.base).under(own, agreement=True)
