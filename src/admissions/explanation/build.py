"""Reads one row of the ranking table, and the plan, into typed reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from admissions.explanation.decisions import (
    Outcome,
    Reason,
    compared,
    decide_outcomes,
    last_admitted,
    points_texts,
)
from admissions.explanation.limits_used import LimitsInTheWay
from admissions.explanation.reasons import (
    Authority,
    Explanation,
    FactUsed,
    FactValue,
    LeaderInfluence,
    LimitUsed,
    Line,
    OfferingName,
    RuleName,
    RuleReason,
    RulesUsed,
    Verdict,
)
from admissions.model.facts_described import FACTS
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import assessed
from admissions.model.wording import Wording
from admissions.ranking.leader_rules import first_points_criterion
from admissions.ranking.tables import SLOT, RankingTable
from admissions.rulebooks.digest import digest_of
from admissions.rulebooks.known import known_rulebooks
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import PERMUTING
from admissions.rulebooks.scenario_files import rules_tomls
from admissions.rules.base import Rule

if TYPE_CHECKING:
    from admissions.allocation.run import Run

LEADERS_ORDER = RuleName(
    SLOT,
    SLOT,
    Wording(nb="Ledernes rekkefølge", nn="Rekkjefølgja til leiarane", en="The leaders' order"),
)
"""Stands for the slot column where leaders moved their own staff."""

_NOT_FACTS = frozenset({"qualified"})


def explain(run: Run, application_row: int) -> Explanation:
    """Why the application in ``application_row`` of ``Round.applications`` was decided so."""
    return Explainer(run).explain(application_row)


class Explainer:
    """Explains the applications of one run; what they share is worked out once."""

    def __init__(self, run: Run, decisions: pd.DataFrame | None = None) -> None:
        self._run = run
        frame = decide_outcomes(run) if decisions is None else decisions
        self._decisions = {name: frame[name].to_numpy() for name in frame.columns}
        self._names = OfferingNames(run)
        self._person = run.round.applications["person"].to_numpy()
        self._offered = self._decisions["outcome"] == Outcome.OFFERED.value
        self._limits = LimitsInTheWay(run)
        self._sites = {name: _Site(run, table, frame) for name, table in run.rankings.items()}

    def explain(self, application_row: int) -> Explanation:
        """Why the application in ``application_row`` of ``Round.applications`` was decided so."""
        site, row = self._place(application_row)
        settings, decided = self._run.round.settings_of(site.table.offering), self._decisions
        lapsed = decided["outcome"][application_row] in (Outcome.LAPSED, Outcome.DECLINED)
        told = not lapsed and not site.is_last(row)
        return Explanation(
            person_id=str(decided["person_id"][application_row]),
            verdict=self.verdict(application_row),
            authority=Authority(
                settings.institution, settings.case, settings.answer_deadline, settings.appeal_body
            ),
            rules=self._rules_used(site.table),
            mechanism=self._run.scenario.scenario.mechanism,
            seed=self._run.scenario.scenario.seed,
            requirements=site.reasons(site.table.version.requirements, row),
            criteria=site.reasons(site.table.version.criteria, row),
            ties=site.reasons(site.ties, row),
            rank=int(decided["rank"][application_row]),
            qualified=int(site.table.qualified.sum()),
            points=str(decided["points"][application_row]),
            last_points=site.last_points if told else None,
            leader=site.leader(row),
            equals=self._run.scenario.scenario.ties,
            last_group=site.last_group if told else None,
            lottery=self._run.scenario.scenario.lottery,
        )

    def _rules_used(self, table: RankingTable) -> RulesUsed:
        scenario, version = self._run.scenario, table.version
        shipped_one, (texts, digest) = self._shipped.get(version.id), self._sealed
        stated = scenario.versions[table.offering]
        return RulesUsed(
            version.id,
            version.valid_from,
            version.source,
            scenario.rules_on,
            scenario=scenario.scenario.id,
            changed=shipped_one is not None and _decides(stated) != _decides(shipped_one),
            sha256=sha256(texts[table.offering].encode()).hexdigest(),
            digest=digest,
        )

    @cached_property
    def _sealed(self) -> tuple[Mapping[str, str], str]:
        """The rules by offering as a result holds them, and the digest of the run."""
        return rules_tomls(self._run.scenario), digest_of(self._run.scenario)

    @cached_property
    def _shipped(self) -> dict[str, Version]:
        """The versions that are known, by their ids."""
        entries = (e for book in known_rulebooks().values() for e in book.versions)
        return {entry.id: entry for entry in entries if isinstance(entry, Version)}

    def verdict(self, application_row: int) -> Verdict:
        """What became of the application in ``application_row``, and the one reason."""
        site, row = self._place(application_row)
        decided = self._decisions
        reason = Reason(decided["reason"][application_row])
        tied, decisive = site.decisive(row, reason)
        limited = reason is Reason.LIMIT_REACHED
        limits = self._limits.limits(site.table, row) if limited else ()
        return Verdict(
            offering=self._names.of(application_row),
            outcome=Outcome(decided["outcome"][application_row]),
            reason=reason,
            waiting_number=int(decided["waiting_number"][application_row]),
            tied=tied,
            decisive=decisive,
            not_met=site.not_met(row),
            limits=limits,
            not_run=site.not_run(reason, limits),
            met=self._met(application_row),
            elsewhere=self._held(application_row) if reason is Reason.SEATED_BEFORE else None,
        )

    def _place(self, application_row: int) -> tuple[_Site, int]:
        site = self._sites[self._decisions["offering_id"][application_row]]
        return site, int(np.searchsorted(site.table.application, application_row))

    def _held(self, application_row: int) -> OfferingName | None:
        """The offering that the person holds."""
        own = np.flatnonzero(self._person == self._person[application_row])
        held = own[self._offered[own]]
        return self._names.of(int(held[0])) if len(held) else None

    def _met(self, application_row: int) -> OfferingName | None:
        """The offering that the person holds and wants more than this one, None without one."""
        row = application_row
        while row and self._person[row - 1] == self._person[application_row]:
            row -= 1
        held = (better for better in range(row, application_row) if self._offered[better])
        return next((self._names.of(better) for better in held), None)


class OfferingNames:
    """The offerings of a run's applications, as the persons know them."""

    def __init__(self, run: Run) -> None:
        applications = run.round.applications
        self._offering = applications["offering_id"].to_numpy()
        self._preference = applications["preference"].to_numpy()
        self._rulebooks = run.scenario.rulebooks

    def of(self, application_row: int) -> OfferingName:
        """The offering applied to in ``application_row`` of ``Round.applications``."""
        offering = str(self._offering[application_row])
        rulebook, preference = self._rulebooks[offering], int(self._preference[application_row])
        return OfferingName(offering, rulebook.programme, rulebook.site, preference)


class _Site:
    """One offering's table with what was decided there."""

    def __init__(self, run: Run, table: RankingTable, decisions: pd.DataFrame) -> None:
        self._run = run
        self.table = table
        outcome = decisions["outcome"].to_numpy()[table.application]
        self._held = outcome == Outcome.OFFERED.value
        self._offers = run.scenario.offers_to_make(table.offering)
        self._waiting = outcome == Outcome.WAITING.value
        self._last = last_admitted(table, self._held)
        self._column = {name: number for number, name in enumerate(table.columns)}
        self._given = run.round.given

    @property
    def last_points(self) -> str | None:
        if self._last is None:
            return None
        return str(self._points[self._last]) or None

    @cached_property
    def _points(self) -> np.ndarray[Any, Any]:
        return points_texts(self.table)

    @property
    def last_group(self) -> int | None:
        """The tier of the last one admitted, 1 = first; None without just one column of tiers."""
        tiers = [rule for rule in self.table.version.criteria if rule.tier_count is not None]
        if self._last is None or len(tiers) != 1:
            return None
        cell = int(self.table.cells[self._last, self._column[tiers[0].id]])
        return (tiers[0].tier_count or 0) - cell + 1 if cell > 0 else None

    def is_last(self, row: int) -> bool:
        """Whether ``row`` is the last one admitted."""
        return row == self._last

    def not_run(self, reason: Reason, limits: Sequence[LimitUsed]) -> bool:
        """Whether nobody can get a seat: there is none, or the class would be too small."""
        if self._held.any():
            return False
        small = bool(limits) and any(limit.closes for limit in self.table.version.limits)
        return small or (reason is Reason.SEATS_FILLED and not self._offers)

    @property
    def ties(self) -> tuple[Rule, ...]:
        """The tie-breaks that compare anybody."""
        ties = self.table.version.ties
        if self._run.scenario.scenario.ties == "lottery":
            return ties
        return tuple(rule for rule in ties if not rule.drawn)

    def leader(self, row: int) -> LeaderInfluence | None:
        mode = self._run.scenario.scenario.leader
        if mode == "none" or self.table.facts.value("service", row) is None:
            return None
        rank = self.table.facts.value("leader_rank", row)
        return LeaderInfluence(mode, cast("int | None", rank))

    def reasons(self, rules: Iterable[Rule], row: int) -> tuple[RuleReason, ...]:
        return tuple(self._reason(rule, row) for rule in rules)

    def _reason(self, rule: Rule, row: int) -> RuleReason:
        cell = int(self.table.cells[row, self._column[rule.id]])
        return RuleReason(
            rule=rule,
            facts=self._facts(rule, row),
            cell=cell,
            lines=self._lines(rule, row),
            leader_points=self._leader_points(rule, row),
            lacks_fact=bool(rule.undocumented(self.table.facts)[row]),
        )

    def _lines(self, rule: Rule, row: int) -> tuple[Line, ...]:
        own = self.table.facts.take(np.array([row]))
        return tuple(
            Line(part, self._facts(part, row), int(part.column(own)[0])) for part in rule.summands()
        )

    def _leader_points(self, rule: Rule, row: int) -> int:
        scenario = self._run.scenario.scenario
        rank = self.table.facts.value("leader_rank", row)
        if scenario.leader != "points" or not isinstance(rank, int):
            return 0
        if rule != first_points_criterion(self.table.version):
            return 0
        if not rule.documents(self.table.facts.take(np.array([row])))[0]:
            return 0
        return scenario.leader_points[rank - 1] if rank <= len(scenario.leader_points) else 0

    def _facts(self, rule: Rule, row: int) -> tuple[FactUsed, ...]:
        return tuple(
            FactUsed(
                name, self._value(name, row), self._was_given(name, row), self._old_mark(name, row)
            )
            for name in rule.reads()
            if name not in _NOT_FACTS and not (name == "index" and rule != self._last_counted)
        )

    def _old_mark(self, name: str, row: int) -> int | None:
        """The mark on the old scale that the grade ``name`` was converted from."""
        if name not in FACTS or not FACTS[name].old:
            return None
        mark = int(self.table.facts.old(name)[row])
        return None if mark == NOT_DOCUMENTED else mark

    @cached_property
    def _last_counted(self) -> Rule | None:
        """The group criterion whose index the table's facts hold."""
        counted = [r for r in self.table.version.criteria if r.group is not None]
        return counted[-1] if counted else None

    def _value(self, name: str, row: int) -> FactValue:
        if name in ("service", "municipality"):
            column = "service_id" if name == "service" else "municipality_no"
            code = str(self._run.round.of_applications(column)[self.table.application[row]])
            return code or None
        return self.table.facts.value(name, row)

    def _was_given(self, name: str, row: int) -> bool:
        if assessed(self._run.round.applications, name)[self.table.application[row]]:
            return True
        if name not in self._given.columns:
            return True
        return bool(self._given[name].iat[int(self.table.person[row])])

    def not_met(self, row: int) -> tuple[RuleName, ...]:
        """The requirements that ``row`` does not meet, and criteria that demand a missing fact."""
        if self.table.qualified[row]:
            return ()
        version, own = self.table.version, self.table.facts.take(np.array([row]))
        unmet = [r for r in version.requirements if self.table.cells[row, self._column[r.id]] <= 0]
        lacking = [rule for rule in version.criteria if not rule.qualifies(own)[0]]
        return tuple(rule_name(rule) for rule in (*unmet, *lacking))

    def decisive(self, row: int, reason: Reason) -> tuple[bool, tuple[RuleName, ...]]:
        """Whether ``row`` was equal on all criteria to whom it met at the limit, and what decided.

        A waiting row is held against the last admitted, an offered one against the first waiting.
        """
        other = self._rival(row, reason)
        if other is None:
            return False, ()
        version = self.table.version
        if reason is Reason.MOVED_BEHIND:
            return False, self._movers()
        decided = self._first_difference(compared(version), row, other)
        tied = decided is None
        if tied:
            decided = self._first_difference([rule.id for rule in version.ties], row, other)
        if reason is Reason.SEAT_OFFERED and not tied:
            return False, ()
        if decided is None or (tied and self._against_the_ties(decided, row, other)):
            return tied, self._movers()
        return tied, (rule_name(version.rule(decided)), *self._drawn_among_colleagues(decided, row))

    def _drawn_among_colleagues(self, decided: str, row: int) -> tuple[RuleName, ...]:
        """The lottery, where it said who of a group the column ``decided`` counts first.

        That is where somebody of the group stands before ``row`` in it, and both are equal in every
        column that needs no group.
        """
        table, version = self.table, self.table.version
        rule = version.rule(decided)
        if rule.group is None or rule.scope == "round" or rule.by_leader:
            return ()
        own = [r for r in (*version.criteria, *version.ties) if r.role != "group"]
        compared_ = [self._column[r.id] for r in own if not r.drawn]
        group, better = table.facts.numbers(rule.group), self._column[decided]
        same = (group == group[row]) & (group[row] >= 0) & table.qualified
        same &= table.cells[:, better] > table.cells[row, better]
        same &= (table.cells[:, compared_] == table.cells[row, compared_]).all(axis=1)
        return tuple(rule_name(r) for r in own if r.drawn) if same.any() else ()

    def _rival(self, row: int, reason: Reason) -> int | None:
        if reason in (Reason.SEATS_FILLED, Reason.TIE_LOST, Reason.MOVED_BEHIND):
            return self._last
        if reason is not Reason.SEAT_OFFERED:
            return None
        rank = self.table.rank
        behind = np.flatnonzero(self._waiting & (rank > rank[row]))
        return int(behind[np.argmin(rank[behind])]) if len(behind) else None

    def _first_difference(self, columns: list[str], row: int, other: int) -> str | None:
        cells = self.table.cells
        for name in columns:
            at = self._column[name]
            if cells[row, at] != cells[other, at]:
                return name
        return None

    def _against_the_ties(self, column: str, row: int, other: int) -> bool:
        """Whether the tie-break ``column`` says the opposite of the ranks."""
        cells, at, rank = self.table.cells, self._column[column], self.table.rank
        return bool((cells[row, at] > cells[other, at]) != (rank[row] < rank[other]))

    def _movers(self) -> tuple[RuleName, ...]:
        shares = [r for r in self.table.version.criteria if r.share is not None]
        leaders = self._run.scenario.scenario.leader in PERMUTING
        return (*(rule_name(rule) for rule in shares), *((LEADERS_ORDER,) if leaders else ()))


def _decides(version: Version) -> list[Any]:
    """What of ``version`` decides: its rules and limits, without their words and sources."""
    stated = [one for rule in version.rules() for one in rule.with_summands()]
    return [(one.kind, one.id, _parameters(one)) for one in (*stated, *version.limits)]


def _parameters(one: Rule | Limit) -> dict[str, Any]:
    """Its parameters, but for the rules that a sum adds up."""
    return {name: value for name, value in one.parameters().items() if name != "parts"}


def rule_name(rule: Rule) -> RuleName:
    """``rule`` by name."""
    return RuleName(rule.id, rule.kind, rule.title, drawn=rule.drawn)
