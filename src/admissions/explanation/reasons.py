"""Why an application was decided as it was: typed reasons, equal when they mean the same.

Numbers are in hundredths where ``facts.Facts`` has them so. Nothing here is another person's fact:
of the last one admitted only the points stand, and which column set the two apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from admissions.explanation.decisions import Outcome, Reason
from admissions.model.vocabulary import Ties
from admissions.model.wording import Wording
from admissions.rulebooks.scenario import LeaderMode, Mechanism
from admissions.rules.base import Rule

FactValue = int | bool | str | None
"""A fact as ``Facts.value`` gives it: None is not documented."""


@dataclass(frozen=True)
class FactUsed:
    """A fact that a rule read. ``given`` is False where the contract's default stood in.

    ``old_mark``: the mark on the old scale that a grade was converted from, in hundredths.
    """

    name: str
    value: FactValue
    given: bool = True
    old_mark: int | None = None


@dataclass(frozen=True)
class RuleName:
    """Which rule or limit is meant, in the rulebook's own words; ``drawn``: the lottery."""

    id: str
    kind: str
    title: Wording
    drawn: bool = False


@dataclass(frozen=True)
class Line:
    """One part of a sum: its points in hundredths, -1 where nothing is documented to count."""

    rule: Rule
    facts: tuple[FactUsed, ...]
    points: int


@dataclass(frozen=True)
class RuleReason:
    """One column of the ranking table, read for one application.

    ``cell`` is the table's; ``leader_points`` (hundredths) are in it. ``lines`` are the parts of a
    sum of points. ``lacks_fact``: a fact that the rule needs is not documented.
    """

    rule: Rule
    facts: tuple[FactUsed, ...]
    cell: int
    lines: tuple[Line, ...] = ()
    leader_points: int = 0
    lacks_fact: bool = False


@dataclass(frozen=True)
class OfferingName:
    """An offering as people know it, with the person's preference number for it."""

    id: str
    programme: Wording
    site: str
    preference: int


@dataclass(frozen=True)
class RulesUsed:
    """The version of the rules that applied, and the day that chose it.

    ``changed``: the ``scenario`` says otherwise than the version of that name. ``sha256``: of the
    offering's rules as a result holds them in ``rules/``; ``digest``: of the whole run.
    """

    version: str
    valid_from: dt.date
    source: str
    on: dt.date
    scenario: str = ""
    changed: bool = False
    sha256: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Authority:
    """What the round says of who decides; None where it says nothing."""

    institution: str | None = None
    case: str | None = None
    answer_deadline: dt.date | None = None
    appeal_body: str | None = None


@dataclass(frozen=True)
class LeaderInfluence:
    """The scenario's leader influence, and the person's rank with the own leader (None: no)."""

    mode: LeaderMode
    rank: int | None


@dataclass(frozen=True)
class LimitUsed:
    """A limit that bears on the offering: so many ``seats``, for one ``region`` where it has one.

    ``limit.kind`` says what is bounded: a limit's kind, ``quota``, ``max-students`` (of the own
    service, over all offerings) or ``leader-group`` (so many of it here, or none). ``says`` is what
    a letter tells of it, with gaps for ``limit``, ``seats`` and ``region``.
    """

    limit: RuleName
    region: str | None
    seats: int
    says: Wording


@dataclass(frozen=True)
class Verdict:
    """What became of an application, and the one reason.

    - ``waiting_number``: 0 where not waiting;
    - ``not_met``: requirements, or criteria that demand a fact, which made it not qualified;
    - ``decisive``: where waiting, the first criterion that sets the person apart from the last
      admitted; where ``tied`` on all criteria (waiting, or offered before one who waits), the
      tie-break that decided; where moved, the leader's order or the shares that moved others;
    - ``limits``: where a limit decided, those that bear on the offering; ``not_run``: it has no
      seats, or too few would have come; ``met``: the offering held
      that the person wants more; ``elsewhere``: the one held already when this one's turn came.
    """

    offering: OfferingName
    outcome: Outcome
    reason: Reason
    waiting_number: int = 0
    tied: bool = False
    decisive: tuple[RuleName, ...] = ()
    not_met: tuple[RuleName, ...] = ()
    limits: tuple[LimitUsed, ...] = ()
    not_run: bool = False
    met: OfferingName | None = None
    elsewhere: OfferingName | None = None


@dataclass(frozen=True)
class Explanation:
    """The whole decision on one application.

    - ``rank`` of ``qualified`` applications: 0 where not qualified;
    - ``ties``: the tie-breaks that compare, without the lottery where ``equals`` are treated
      together;
    - ``points``: as the site writes them, "" where it counts none; ``last_points``: the last
      admitted's, ``last_group`` their tier (1 = first). These are None where there are none, for
      the last one admitted, and for whoever has a better wish met;
    - ``lottery``: one draw for all offerings, or one for each.
    """

    person_id: str
    verdict: Verdict
    authority: Authority
    rules: RulesUsed
    mechanism: Mechanism
    seed: int
    requirements: tuple[RuleReason, ...]
    criteria: tuple[RuleReason, ...]
    ties: tuple[RuleReason, ...]
    rank: int
    qualified: int
    points: str
    last_points: str | None
    leader: LeaderInfluence | None
    equals: Ties = "lottery"
    last_group: int | None = None
    lottery: Literal["single", "per-offering"] = "single"


@dataclass(frozen=True)
class FactChange:
    """One fact changed, all else and the seed fixed, gives ``gets``: this wish or a better one.

    ``after`` is the value nearest to ``before`` that does.
    """

    fact: str
    before: FactValue
    after: FactValue
    gets: OfferingName
