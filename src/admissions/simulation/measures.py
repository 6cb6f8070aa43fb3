"""What is measured of a decided round: every measure's id, keys, unit and meaning.

A measure has one value for each key: ``measure``, ``offering`` (an offering's id, both law
offerings together, or ``all``) and ``group`` (``grouping/group`` of
``admissions.comparison.groups``, ``all``, or what the measure's meaning says). Values are whole
numbers in the smallest step of the measure's unit, so that they add up alike on every machine.

Words of the process, of one application each, in this order:

- an *offer* is sent (called); it is *released* when the person ends with one wanted more,
  *declined* when given up otherwise, else *accepted*;
- who accepted *met* at the start or stayed away (*no-show*); who met *completed* or dropped out.

*Admitted* are the offers that were not released.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np

from admissions.comparison.groups import GROUPINGS

ALL = "all"
UNDEFINED = int(np.iinfo(np.int64).min)
"""Stands where a draw has no value: a share of nobody, an agreement about nobody."""

Unit = Literal[
    "applications", "offers", "people", "seats", "municipalities", "services", "orders",
    "percent", "tau", "NOK", "days",
]  # fmt: skip

DECIMALS: dict[Unit, int] = {"percent": 2, "tau": 4, "days": 2}
"""How many decimals a stored whole number of that unit has; 0 where not named."""


def named_group(grouping: str, group: str) -> str:
    """The key of one of ``admissions.comparison.groups``: ``sector/municipal``."""
    return f"{grouping}/{group}"


def _groups(grouping: str, *left_out: str) -> tuple[str, ...]:
    return tuple(named_group(grouping, g) for g in GROUPINGS[grouping] if g not in left_out)


GROUPS = tuple(group for grouping in GROUPINGS for group in _groups(grouping))
SECTORS = _groups("sector", "none")
CLASSES = _groups("centrality", "unknown")
EXPERIENCE = (*_groups("experience"), named_group("experience", "under-5"))
FURTHER = _groups("further-education")
LEADERS = ("own-order", "other-services")

LEADERSHIP = "ntnu-ledelse"
"""Its students are not in the report's shares of students, and it gives no grant."""
LAW = ("oslomet-juss", "uis-juss")
LAW_TOGETHER = "+".join(LAW)
"""The key of both law offerings together, as the report gives their students' experience."""

ANSWERS = (
    (LAW, 20),
    (("vid-relasjon",), 18),
    (("uit-veiledning",), 25),
    (("hvl-barnets-beste", "oslomet-barnets-beste"), 19),
    (("vid-minoritet",), 17),
)
"""The answers to the survey by programme, per cent (statusmåling 2, §3.3.1: 99 by rounding)."""


class Key(NamedTuple):
    """Which value of which measure."""

    measure: str
    offering: str = ALL
    group: str = ALL


@dataclass(frozen=True)
class Measure:
    """One measure; ``meaning`` says what is counted, and of whom.

    ``groups``: counted over all offerings; ``by_offering``: at each offering besides all together;
    ``at_each``: the groups counted at each offering. A share has no value for everyone together
    (``total`` false). ``pairs``: a key for each pair of offerings.
    """

    id: str
    unit: Unit
    meaning: str
    by_offering: bool = False
    groups: tuple[str, ...] = ()
    at_each: tuple[str, ...] = ()
    total: bool = True
    pairs: bool = False


MEASURES: tuple[Measure, ...] = (
    # ------------------------------------------------------------------ Table 3-3, row by row
    Measure("qualified", "applications", "Applications of qualified applicants.",
            by_offering=True, groups=SECTORS, at_each=SECTORS),
    Measure("offers", "offers", "Offers sent, in all calls together.",
            by_offering=True, groups=SECTORS, at_each=SECTORS),
    Measure("released", "offers", "Offers given up by who ends with one wanted more.",
            by_offering=True),
    Measure("admitted", "offers", "Offers sent and not released.",
            by_offering=True, groups=SECTORS, at_each=SECTORS),
    Measure("declined", "offers", "Offers given up otherwise.", by_offering=True),
    Measure("accepted", "people", "Hold an offer when the calls end.",
            by_offering=True, groups=GROUPS),
    Measure("no-show", "people", "Accepted, and did not meet.", by_offering=True),
    Measure("met", "people", "Met at the start: the students.", by_offering=True, groups=GROUPS),
    Measure("completed", "people", "Completed and passed.", by_offering=True, groups=GROUPS),
    # ------------------------------------------------------------------------------- seats
    Measure("seats-empty", "seats", "Seats that nobody met for at the start.", by_offering=True),
    Measure("too-many", "people", "Students beyond the seats.", by_offering=True),
    Measure("offers-needed", "offers",
            "How far down its list an offering must call until as many as its seats would take the "
            "offer and meet; the whole list where it runs dry.", by_offering=True),
    Measure("offers-without-too-many", "offers",
            "How far down its list an offering can call before more than its seats would take the "
            "offer and meet; the whole list where that never happens.", by_offering=True),
    Measure("list-too-short", "seats",
            "Seats that nobody on the offering's whole list would take and meet for.",
            by_offering=True),
    # ----------------------------------------------------------------------------- the calls
    Measure("later-offers", "people",
            "Hold an offer that a later call than the first made. Where all sites call together."),
    Measure("days-waited", "days",
            "Days from the first call to the one that made the offer they hold, on average of "
            "those who hold one at the end. Where all sites call together."),
    # ----------------------------------------------------------------------------- the country
    Measure("municipalities", "municipalities", "Municipalities with one who completed.",
            groups=CLASSES),
    Measure("municipalities-share", "percent",
            "Of the municipalities of a centrality class, those with one who completed.",
            groups=CLASSES, total=False),
    Measure("municipalities-four-or-more", "municipalities",
            "Municipalities with four or more who completed."),
    Measure("largest-municipality", "people",
            "Who completed from the municipality with most of them."),
    Measure("largest-municipality-at-one-offering", "people",
            "Who completed at one offering from one municipality, where that is most."),
    Measure("services", "services", "Services with at least one student."),
    # ------------------------------------------------------------------- shares of the students
    Measure("experience-share", "percent",
            "Of the students, those with so many years in municipal child welfare. All offerings: "
            "leadership not included, as in the report.",
            by_offering=True, groups=EXPERIENCE, at_each=EXPERIENCE, total=False),
    Measure("further-education-share", "percent",
            "Of the students, those with further education taken before. All offerings: leadership "
            "not included, as in the report.", by_offering=True),
    Measure("further-education-share-of-answers", "percent",
            "The same, leadership not included, each programme weighing as in the answers to the "
            "report's survey."),
    Measure("one-further-education-share", "percent",
            "Of the students with further education taken before, leadership not included, those "
            "with one."),
    # ------------------------------------------------------------------------ wishes and people
    Measure("first-wish", "people", "Hold an offer of their first wish when the calls end."),
    Measure("without-offer", "people",
            "Qualified somewhere, and hold no offer when the calls end.", groups=GROUPS),
    Measure("winners", "people",
            "Hold an offer they want more than what they hold under the scenario that it is held "
            "against.",
            groups=GROUPS),
    Measure("losers", "people",
            "Hold one they want less, or none any more.", groups=GROUPS),
    # -------------------------------------------------------------------------------- leaders
    Measure("leaders-first-wishes", "orders",
            "Leaders' orders whose first named person holds an offer when the calls end: at the "
            "order's offering, or anywhere where it is for any."),
    Measure("leaders-first-wishes-share", "percent", "The same, of all leaders' orders."),
    Measure("changed-by-leaders", "people",
            "Hold something else than under the same scenario without leader influence, in the "
            "same draw. own-order: the own leader states an order; other-services: the own leader "
            "states none, or there is no own service, so that it is other leaders' doing.",
            groups=LEADERS),
    Measure("lost-by-leaders", "people",
            "Of these, who hold one they want less, or none any more.", groups=LEADERS),
    # ------------------------------------------------------------------------------ agreement
    Measure("agreement-if-all-applied", "tau",
            "Kendall's tau between two offerings' rankings of the same people, as if everyone in "
            "the round applied everywhere; those count whom both find qualified. 1: the same "
            "order, -1: the reverse. What an employer says of a person for a programme that the "
            "person did not apply for is drawn as the round's own answers. group: the other "
            "offering; all: over all pairs together.", pairs=True),
    Measure("agreement-if-all-applied-people", "people",
            "How many people that tau is of; all: each as often as there are pairs of offerings.",
            pairs=True),
    Measure("agreement-of-applicants", "tau",
            "Kendall's tau between two offerings' rankings of those who applied to both and are "
            "qualified at both, with their own recommendations.", pairs=True),
    Measure("agreement-of-applicants-people", "people",
            "How many people that tau is of; all: each as often as there are pairs of offerings.",
            pairs=True),
    # --------------------------------------------------------------------------------- grants
    Measure("grants", "people",
            "Students whose employer gets a grant, one a person, at the prioritised programmes "
            "(all but leadership)."),
    Measure("grant-amount", "NOK", "Those grants, each of the mean amount of 2019."),
)  # fmt: skip

COMPARED = frozenset({"winners", "losers"})
"""Measures that count against the scenario that one is held against: of itself they are 0."""

_BY_ID = {found.id: found for found in MEASURES}


def measure(measure_id: str) -> Measure:
    """The measure called ``measure_id``. Raises KeyError when there is none."""
    return _BY_ID[measure_id]


def decimals(measure_id: str) -> int:
    """How many decimals the stored whole numbers of a measure have."""
    return DECIMALS.get(measure(measure_id).unit, 0)


def keys(offerings: Sequence[str]) -> tuple[Key, ...]:
    """Every key for rounds of ``offerings``, in the order of ``MEASURES``: all first, then each."""
    return tuple(key for found in MEASURES for key in _keys_of(found, offerings))


def _keys_of(found: Measure, offerings: Sequence[str]) -> Iterator[Key]:
    if found.total:
        yield Key(found.id)
    yield from (Key(found.id, ALL, group) for group in found.groups)
    if found.by_offering:
        for offering in offerings:
            if found.total:
                yield Key(found.id, offering)
            yield from (Key(found.id, offering, group) for group in found.at_each)
        if found.at_each == EXPERIENCE and set(LAW) <= set(offerings):
            yield from (Key(found.id, LAW_TOGETHER, group) for group in found.at_each)
    if found.pairs:
        yield from (Key(found.id, one, other) for one, other in combinations(offerings, 2))
