"""The report of a comparison: one round under a base and under other scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from markupsafe import Markup

from admissions.comparison.lottery import Redrawn
from admissions.comparison.runs import ComparedRun, Comparison
from admissions.comparison.tables import (
    AGREEMENT,
    CAUSES,
    GROUP_PREFIX,
    OFFERING_TABLE,
    SECTOR_TABLE,
    applications_moved,
    person_table,
)
from admissions.model.output_table import HIDDEN, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.report.cells import Cells
from admissions.report.diverging import DivergingRow, diverging
from admissions.report.inputs import input_heads, input_table
from admissions.report.page import render
from admissions.report.scenario_tables import assumption_table, names_of, scenario_table
from admissions.report.words import Words
from admissions.rulebooks.scenario import ResolvedScenario


@dataclass(frozen=True, eq=False)
class ComparisonReport:
    """A comparison as people read it, in one language.

    ``tables`` are ``comparison.tables.aggregate_tables``, or the public ones where ``public``;
    ``redrawn`` is by scenario, empty where no other lottery was tried; ``inputs`` are the SHA-256
    of files by name, ``published`` that of folders on the same round that were published before.
    """

    comparison: Comparison
    tables: Sequence[OutputTable]
    redrawn: Mapping[str, Redrawn]
    inputs: Mapping[str, str]
    language: Language
    public: bool
    published: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> Words:
        """The words of the report."""
        return Words(self.language, "comparison")

    @cached_property
    def cells(self) -> Cells:
        """What turns the tables' codes into words."""
        return Cells(self.words, names_of(self._scenarios, self.words))

    @property
    def _scenarios(self) -> list[ResolvedScenario]:
        return [run.run.scenario for run in self.comparison.runs]

    def html(self) -> str:
        """``report.html``: one page that opens offline, readable in ten minutes."""
        return render(
            "comparison.html",
            self.words,
            cells=replace(self.cells, heads=input_heads(self.words)),
            base=self._title(self.comparison.base.id),
            others=[self._other(run.id) for run in self.comparison.others],
            question=self.question(),
            certain=self._certainty(),
            public=self.public,
            agreement=self._table(AGREEMENT),
            settings=self._settings,
            assumptions=self._assumptions,
            whys=self._whys(),
            inputs=input_table({**self.inputs, **self.published}),
            published=self.published,
            notes=self._notes(),
        )

    def workbook(self) -> bytes:
        """``report.xlsx``: the same, a sheet a table; what names persons is in no public one."""
        from admissions.report.workbook import workbook_bytes

        tables = [*self.tables, self._settings, self._assumptions]
        if not self.public:
            tables += [person_table(self.comparison), applications_moved(self.comparison)]
        return workbook_bytes(self._facts(), tables, self.cells)

    def _facts(self) -> list[tuple[str, str]]:
        words = self.words
        told: list[tuple[str, Markup]] = [("question-label", self.question())]
        told += [("answer-label", self.answer(run.id)) for run in self.comparison.others]
        told += [("uncertainty-label", text) for text in self._certainty()]
        told += [("confidentiality-label", note) for note in self._notes()]
        return [(words(key).unescape(), text.unescape()) for key, text in told]

    def _notes(self) -> list[Markup]:
        """Where the report may go, and what that rests on."""
        if not self.public:
            return [self.words("office-note")]
        told = "public-after" if self.published else "public-alone"
        return [self.words("public-note"), self.words(told, folders=", ".join(self.published))]

    def answer(self, scenario: str) -> Markup:
        """The answer for one other scenario, in a sentence."""
        sums, against = self._sums(SECTOR_TABLE), self.comparison.against[scenario]
        told = {
            "scenario": self._title(scenario),
            "won": self._in_a_sentence(sums[f"{scenario}:won"]),
            "lost": self._in_a_sentence(sums[f"{scenario}:lost"]),
            "seats": self._in_a_sentence(sums[f"{scenario}:seats"]),
            "base-seats": self._in_a_sentence(sums[f"{against}:seats"]),
            "against": self._title(against),
            "effect": self.words.of("effect", self.comparison.effect(self._run(scenario)).value),
        }
        if not self.public and self._changes_nobody(scenario):
            return self.words("compared-answer-nobody", **told)
        moved = sums.get(f"{scenario}:moved")
        if moved is None:
            return self.words("compared-answer", **told)
        return self.words("compared-answer-moved", moved=self._in_a_sentence(moved), **told)

    def _changes_nobody(self, scenario: str) -> bool:
        return self.comparison.changes_nobody(self._run(scenario))

    def question(self) -> Markup:
        """The question that the comparison answers, and what all its scenarios share."""
        name = "compared-question" if self._one_lottery() else "compared-question-other-lottery"
        return self.words(name, base=self._title(self.comparison.base.id))

    def _one_lottery(self) -> bool:
        """Whether all scenarios draw the same numbers."""
        drawn = {(s.scenario.seed, s.scenario.lottery) for s in self._scenarios}
        return len(drawn) == 1

    def _run(self, scenario: str) -> ComparedRun:
        return next(run for run in self.comparison.runs if run.id == scenario)

    def _certainty(self) -> list[Markup]:
        words, told = self.words, []
        for scenario, found in self.redrawn.items():
            text = words(
                "compared-lottery",
                draws=found.draws,
                won=self._range(found.won),
                lost=self._range(found.lost),
            )
            told.append(Markup("{}: {}").format(self._title(scenario), text))
        if not told and not self.public:
            told.append(words("compared-no-lottery"))
        return [*told, words("compared-one-round")]

    def _range(self, ends: tuple[int, int]) -> str:
        low, high = (self.words.number(end) for end in ends)
        return low if low == high else str(self.words("compared-range", low=low, high=high))

    def _title(self, scenario: str) -> str:
        return self.cells.code("scenario", scenario)

    def _in_a_sentence(self, value: Value) -> str:
        return self._number(value) if value != HIDDEN else str(self.words("hidden-count"))

    def _number(self, value: Value) -> str:
        return self.words.number(value) if isinstance(value, int) else str(value)

    def _table(self, ident: str) -> OutputTable:
        (found,) = [table for table in self.tables if table.id == ident]
        return found

    def _sums(self, ident: str) -> dict[str, Value]:
        return self._table(ident).records()[-1]

    @cached_property
    def _settings(self) -> OutputTable:
        return scenario_table(self._scenarios, self.comparison.round.offerings)

    @cached_property
    def _assumptions(self) -> OutputTable:
        return assumption_table(self._scenarios, self.comparison.round.offerings, self.words)

    def _whys(self) -> list[tuple[str, str]]:
        return [
            (self._title(scenario.scenario.id), scenario.scenario.why.in_(self.language))
            for scenario in self._scenarios
            if scenario.scenario.why
        ]

    def _other(self, scenario: str) -> dict[str, object]:
        """What the page says of one other scenario."""
        against = self.comparison.against[scenario]
        groups = (against, scenario)
        by_group = [table for table in self.tables if table.id.startswith(GROUP_PREFIX)]
        causes = self._table(CAUSES)
        own = tuple(row[1:] for row in causes.rows if row[0] == scenario)
        return {
            "id": scenario,
            "title": self._title(scenario),
            "against": self._title(against),
            "answer": self.answer(scenario),
            "moves": self._moves(scenario),
            "offerings": self._table(OFFERING_TABLE).only(groups),
            "winners": self._winners(scenario),
            "groups": [table.only(groups) for table in by_group if table.id != OFFERING_TABLE],
            "causes": OutputTable(causes.id, causes.columns[1:], own),
        }

    def _moves(self, scenario: str) -> Markup:
        rows: list[tuple[str, Value, Value]] = []
        for record in self._table(OFFERING_TABLE).records()[:-1]:
            out, in_ = (
                _added(record, scenario, whole, parts)
                for whole, parts in (("out", ("moved-out", "lost")), ("in", ("moved-in", "won")))
            )
            rows.append((self.cells.code("offering", str(record["offering"])), out, in_))
        return self._picture("moves", scenario, rows, ("out", "in"))

    def _winners(self, scenario: str) -> Markup:
        rows: list[tuple[str, Value, Value]] = []
        for table in self.tables:
            if table.id == OFFERING_TABLE or not table.id.startswith(GROUP_PREFIX):
                continue
            grouping = table.id.removeprefix(GROUP_PREFIX)
            for row, record in zip(table.rows[:-1], table.records(), strict=False):
                name = self.cells.label(table.columns[0], row[0])
                told = f"{self.cells.code('group', grouping)}: {name}"
                rows.append((told, record[f"{scenario}:lost"], record[f"{scenario}:won"]))
        return self._picture("groups", scenario, rows, ("lost", "won"))

    def _picture(
        self,
        kind: str,
        scenario: str,
        rows: Sequence[tuple[str, Value, Value]],
        ends: tuple[str, str],
    ) -> Markup:
        drawn, told = [], []
        for name, left, right in rows:
            numbers = {ends[0]: self._number(left), ends[1]: self._number(right)}
            drawn.append(
                DivergingRow(
                    name,
                    left if isinstance(left, int) else None,
                    right if isinstance(right, int) else None,
                    self.words(f"{kind}-row", **numbers).unescape(),
                )
            )
            told.append(self.words(f"{kind}-desc-row", name=name, **numbers))
        caption = self.words(f"{kind}-caption", scenario=self._title(scenario)).unescape()
        description = self.words(f"{kind}-desc", rows=Markup("; ").join(told)).unescape()
        return diverging(f"{kind}-{scenario}", caption, description, drawn)


def _added(record: Mapping[str, Value], scenario: str, whole: str, parts: Sequence[str]) -> Value:
    """The scenario's column ``whole`` where the table has it, else its parts together."""
    if f"{scenario}:{whole}" in record:
        return record[f"{scenario}:{whole}"]
    return sum(int(record[f"{scenario}:{part}"] or 0) for part in parts)
