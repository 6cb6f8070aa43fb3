"""Reruns of one run with one fact of one applicant changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from admissions.allocation.build_problem import build_problem
from admissions.allocation.choice import by_rank_alone
from admissions.allocation.problem import Problem
from admissions.allocation.run import Run, SolverOptions, plan_by
from admissions.explanation.alterations import changed_cells, numbers_of
from admissions.explanation.chances import Called, Placed
from admissions.explanation.orders import OwnRow
from admissions.explanation.reasons import FactValue
from admissions.model.errors import NotProvenError, UsageError
from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.round import assessed
from admissions.ranking.leaders import stated_ranks
from admissions.ranking.tables import RankingTable, rank_again

_Change = tuple[str, FactValue, tuple[int, ...]]
"""A fact, its new value, and the applications that it changes in."""


class Reruns:
    """What all reruns of ``run`` share."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._stated = stated_ranks(run.round)
        self._person = run.round.applications["person"].to_numpy()
        self._offering = run.round.applications["offering_id"].to_numpy()
        self.read_by_limits = _read_by_limits(run)
        self._breaks: dict[tuple[object, ...], Numbers] = {}

    def of(self, person: int) -> PersonReruns:
        """Those with a fact of ``person`` (row in ``Round.applicants``) changed."""
        rows = np.flatnonzero(self._person == person).tolist()
        return PersonReruns(
            self, person, {row: self.own_row(self.run.rankings, row) for row in rows}
        )

    def own_row(self, tables: Mapping[str, RankingTable], application_row: int) -> OwnRow:
        """The application in ``tables``."""
        table = tables[self._offering[application_row]]
        return OwnRow(table, int(np.searchsorted(table.application, application_row)))

    def cells(self, own: OwnRow, fact: str, value: FactValue) -> dict[str, int | bool]:
        """The cells of ``own``'s facts that are otherwise with ``fact`` so.

        Who has no service and is thought a municipal employee gets one without other applicants.
        """
        cells = changed_cells(fact, value)
        if value == "municipal" and own.table.facts.numbers("service")[own.row] < 0:
            cells["service"] = len(self.run.round.services)
        return cells

    def breaks(self, own: OwnRow, fact: str) -> Numbers:
        """The ``breaks`` of ``own`` over every value of ``fact``; kept for whoever is alike."""
        key = own.table.offering, own.fixed, fact, own.read_beside(fact)
        if key not in self._breaks:
            self._breaks[key] = own.breaks(fact, numbers_of(fact))
        return self._breaks[key]

    def ranked(self, rows: Sequence[OwnRow], fact: str, value: FactValue) -> RankedOtherwise:
        """The round ranked with ``fact`` so in ``rows``."""
        run = self.run
        cells = {own.table.offering: self.cells(own, fact, value) for own in rows}
        changed = {own.table.offering: own.changed(cells[own.table.offering]) for own in rows}
        tables = rank_again(run.round, run.scenario, run.rankings, changed, self._stated)
        read = self.read_by_limits & {name for one in cells.values() for name in one}
        return RankedOtherwise(run, tables, limits_read=bool(read))

    @cached_property
    def by_rank(self) -> Flags:
        """Which offerings choose by rank alone, shape (offerings,)."""
        return by_rank_alone(self.run.problem)

    @cached_property
    def one_by_one(self) -> bool:
        """Whether nothing in the round ties people together but groups counted at an offering.

        No group counted over the round, no minimum share, no tie-break that counts the qualified;
        no limits but reserved seats, so that deferred acceptance is exact; a lottery between
        equals.
        """
        problem, tables = self.run.problem, self.run.rankings.values()
        if problem.quotas or problem.away or problem.groups or problem.ties != "lottery":
            return False
        if not problem.merit_first and self.run.scenario.scenario.mechanism == "coordinated":
            return False
        if any(limit.ties_people for t in tables for limit in t.version.limits):
            return False
        rules = [rule for table in tables for rule in table.version.rules()]
        return not any(
            rule.share is not None
            or (rule.group is not None and rule.scope == "round")
            or "qualified" in rule.reads()
            for rule in rules
        )


class RankedOtherwise:
    """A run's round ranked otherwise, in ``tables``; allocated only where that is asked for.

    ``limits_read``: a fact that limits read is otherwise too.
    """

    def __init__(
        self, run: Run, tables: Mapping[str, RankingTable], *, limits_read: bool = False
    ) -> None:
        self.tables = tables
        self._run = run
        self._limits_read = limits_read

    @cached_property
    def same(self) -> bool:
        """Whether nobody's place differs from the run's, nor what limits read."""
        mine, theirs = self.tables, self._run.rankings
        return not self._limits_read and all((mine[o].rank == theirs[o].rank).all() for o in theirs)

    @cached_property
    def problem(self) -> Problem | None:
        """The problem that the tables pose; None where such a round would be refused."""
        problem, theirs = self._run.problem, self._run.rankings
        qualified = all((t.qualified == theirs[o].qualified).all() for o, t in self.tables.items())
        if self._limits_read or problem.away or problem.worth or not qualified:
            try:
                return build_problem(self._run.round, self._run.scenario, self.tables)
            except UsageError:  # limits would not go together, or a group would be too small
                return None
        rank = np.zeros(len(self._run.round.applications), dtype=np.int64)
        for table in self.tables.values():
            rank[table.application] = table.rank
        return replace(problem, rank=rank[problem.application])

    def holders(self, problem: Problem) -> Numbers:
        """The applications that hold an offer in the plan of ``problem``; none without a plan."""
        try:
            plan, _ = plan_by(problem, self._run.scenario, SolverOptions("fastest"))
        except (UsageError, NotProvenError):
            return np.empty(0, dtype=np.int64)
        return problem.application[plan.held]


class PersonReruns:
    """Reruns with a fact of one person changed; ``own``: the person's applications by row."""

    def __init__(self, reruns: Reruns, person: int, own: Mapping[int, OwnRow]) -> None:
        self.run = reruns.run
        self.own = own
        self._reruns = reruns
        self._person = person
        self._preference = reruns.run.round.applications["preference"].to_numpy()
        self._ranked: dict[_Change, RankedOtherwise] = {}
        self._held: dict[_Change, Numbers] = {}
        self._placed: dict[tuple[RankedOtherwise, tuple[tuple[int, int], ...]], Numbers] = {}

    def wanted(self, application_row: int) -> list[int]:
        """The person's applications that are wanted as much as that one, or more."""
        preference = self._preference
        return [row for row in self.own if preference[row] <= preference[application_row]]

    def holds(self, held: Numbers) -> Numbers:
        """The person's own of the applications ``held``."""
        return held[np.isin(held, list(self.own))]

    def got(self, application_row: int, fact: str, value: FactValue) -> int | None:
        """The application that gets an offer with ``fact`` so, wanted as much as that one or more.

        None where there is none, or where such a round would be refused.
        """
        wanted = self.wanted(application_row)
        key = self._key(application_row, fact, value)
        if key not in self._held:
            if not self._may_bear(application_row, fact, value, wanted):
                return None
            ranked = self.ranked(application_row, fact, value)
            if ranked.same or ranked.problem is None:
                return None
            self._held[key] = self.holds(ranked.holders(ranked.problem))
        got = [row for row in self._held[key].tolist() if row in wanted]
        return got[0] if got else None

    def ranked(self, application_row: int, fact: str, value: FactValue) -> RankedOtherwise:
        """The round ranked with ``fact`` so."""
        key = self._key(application_row, fact, value)
        if key not in self._ranked:
            own = [self.own[row] for row in self.affected(application_row, fact)]
            self._ranked[key] = self._reruns.ranked(own, fact, value)
        return self._ranked[key]

    def affected(self, application_row: int, fact: str) -> list[int]:
        """The applications in which ``fact`` changes.

        One that is the application's own, or that its office assessed, in that one alone; any other
        wherever no office assessed it.
        """
        own = assessed(self.run.round.applications, fact)
        return [application_row] if own[application_row] else [r for r in self.own if not own[r]]

    def _key(self, application_row: int, fact: str, value: FactValue) -> _Change:
        return fact, value, tuple(self.affected(application_row, fact))

    def own_rows(self, ranked: RankedOtherwise, application_row: int, fact: str) -> list[OwnRow]:
        """The person's row at each offering applied to, as ``ranked``; fixed where not affected."""
        rows = {row: self._reruns.own_row(ranked.tables, row) for row in self.own}
        affected = self.affected(application_row, fact)
        return [replace(own, fixed=row not in affected) for row, own in rows.items()]

    @cached_property
    def now(self) -> RankedOtherwise:
        """The round ranked as it is."""
        return RankedOtherwise(self.run, self.run.rankings)

    def breaks(self, application_row: int, fact: str) -> Numbers:
        """Where one of the person's rows reads something else from ``fact``; rising."""
        own_rows = self.own_rows(self.now, application_row, fact)
        return np.unique(np.concatenate([self._reruns.breaks(own, fact) for own in own_rows]))

    def placed(
        self, ranked: RankedOtherwise, ahead: Mapping[int, int], wanted: Sequence[int]
    ) -> bool:
        """Whether one of ``wanted`` is had with so many ``ahead`` of each application.

        All else is as ``ranked``.
        """
        problem = ranked.problem if self.hopeful(ahead, wanted) else None
        if problem is None:
            return False
        standing = {row: self._place_that_counts(row, before) for row, before in ahead.items()}
        key = ranked, tuple(standing.items())
        if key not in self._placed:
            moved = self._moved(problem, standing)
            self._placed[key] = self.holds(ranked.holders(moved))
        return bool(np.isin(self._placed[key], wanted).any())

    def _place_that_counts(self, row: int, before: int) -> int:
        """A place with the same outcome as ``before``: 0 where a site calls its list so far anyway.

        A site that calls by rank alone calls the first in line at once, as many as its offers;
        which of them somebody is makes no difference.
        """
        if self.run.scenario.scenario.mechanism != "independent":
            return before
        problem, offering = self.run.problem, self.own[row].table.offering
        at = problem.offerings.index(offering)
        return 0 if self._reruns.by_rank[at] and before < problem.offers[at] else before

    def _moved(self, problem: Problem, ahead: Mapping[int, int]) -> Problem:
        """``problem`` with so many ``ahead`` of each of the person's applications."""
        rank = problem.rank.copy()
        for application, before in ahead.items():
            at = int(np.flatnonzero(problem.application == application)[0])
            others = problem.offering == problem.offering[at]
            others[at] = False
            without = rank[others] - (rank[others] > rank[at])
            rank[others] = without + (without > before)
            rank[at] = before + 1
        return replace(problem, rank=rank)

    def hopeful(self, ahead: Mapping[int, int], wanted: Sequence[int]) -> bool:
        """Whether an offering ``wanted`` may take the person with so many ``ahead`` of each."""
        counted = self._counted(wanted)
        present = self._present
        return any(
            self._hopeful(self.own[row].table.offering, present[row], ahead[row])
            for row in counted
            if row in ahead
        )

    @cached_property
    def _present(self) -> dict[int, Facts]:
        """The facts of each of the person's applications as they are."""
        return {row: own.otherwise({}) for row, own in self.own.items()}

    def _counted(self, wanted: Sequence[int]) -> Collection[int]:
        """The applications that must have no chance for those ``wanted`` to have none."""
        return self.own if self._chances is not None and self._chances.wanted_less else wanted

    @cached_property
    def moves_nobody_else(self) -> bool:
        """Whether a move of the person leaves the others' order as it is, at every offering.

        So it is where nothing else ties people together (``Reruns.one_by_one``), as long as nobody
        applies to the same offering from a group counted there, or from the same service where
        leaders have a say.
        """
        return self._reruns.one_by_one and all(self._alone(own) for own in self.own.values())

    def _alone(self, own: OwnRow) -> bool:
        rules = own.table.version.criteria
        groups = {rule.group for rule in rules if rule.group is not None}
        if self.run.scenario.scenario.leader != "none":
            groups.add("service")
        codes = [own.table.facts.numbers(group) for group in sorted(groups)]
        return all(code[own.row] < 0 or (code == code[own.row]).sum() == 1 for code in codes)

    def _may_bear(
        self, application_row: int, fact: str, value: FactValue, wanted: Sequence[int]
    ) -> bool:
        """Whether with ``fact`` so one of ``wanted`` may be had.

        Not where the person has the same cells everywhere and limits do not read ``fact``, nor
        where the move leaves the others' order as it is and no offering counted would take the
        person where they then stand.
        """
        affected, otherwise = self.affected(application_row, fact), {}
        for row, own in self.own.items():
            cells = self._reruns.cells(own, fact, value) if row in affected else {}
            otherwise[row] = own.otherwise(cells)
        bears = fact in self._reruns.read_by_limits or any(
            self.own[row].differs(fact, otherwise[row]) for row in affected
        )
        if not bears or self._chances is None:
            return bears
        return any(self._takes(row, fact, otherwise[row]) for row in self._counted(wanted))

    def _takes(self, row: int, fact: str, facts: Facts) -> bool:
        """Whether the offering of ``row`` may take the person with ``facts`` there.

        Where a column that needs a whole group reads ``fact``, it may.
        """
        own = self.own[row]
        if not own.qualified(facts)[0]:
            return False
        if any(rule.role == "group" for rule in own.reading(fact)):
            return True
        ahead = int(own.place(fact, facts, self.run.scenario.scenario)[0])
        return self._hopeful(own.table.offering, facts, ahead)

    def _hopeful(self, offering: str, facts: Facts, ahead: int) -> bool:
        """Whether ``offering`` may take whom ``facts`` tell of (at 0) with so many ahead.

        Where that is unknown, it may.
        """
        if self._chances is None or ahead < 0:
            return ahead >= 0
        return ahead <= self._chances.most_ahead(
            self.run.problem.offerings.index(offering),
            int(facts.numbers("service")[0]),
            int(facts.codes("region")[0]),
        )

    @cached_property
    def _chances(self) -> Placed | Called | None:
        """None where no bound is known."""
        settings = self.run.scenario.scenario
        if settings.mechanism == "serial" or not self.moves_nobody_else:
            return None
        if settings.mechanism == "independent":
            return Called(self.run.problem, self._person, settings.call_rounds)
        return Placed(self.run.problem, self._person)


def _read_by_limits(run: Run) -> frozenset[str]:
    """The facts that limits of ``run`` may read, besides what its rules do."""
    limits = [limit for table in run.rankings.values() for limit in table.version.limits]
    shared = {limit.shared for limit in limits if limit.shared is not None}
    return frozenset({"service", *shared, *(["sector"] if run.problem.quotas else [])})
