"""The report of a sensitivity analysis: which assumptions move which figure, as tornado charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from markupsafe import Markup, escape

from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.report import simulation_tables as tables
from admissions.report.assumption_names import assumption_name
from admissions.report.cells import Cells
from admissions.report.intervals import IntervalRow, intervals
from admissions.report.page import render
from admissions.report.pictures import shortened
from admissions.report.scenario_tables import names_of
from admissions.report.words import Words
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation.measures import Key
from admissions.simulation.sensitivity import SensitivityResult, Survival, survival
from admissions.simulation.statistics import Difference
from admissions.simulation.variations import Varied

MOST = 10
"""How many assumptions a picture shows."""

_ANSWERED = (
    Key("municipalities"),
    Key("further-education-share"),
    Key("completed"),
    Key("agreement-if-all-applied"),
)


@dataclass(frozen=True)
class Mover:
    """One assumption and one figure: the values tried, the one that moves it most first."""

    about: str
    moved: tuple[tuple[Varied, Difference], ...]

    @property
    def farthest(self) -> Fraction:
        """The mean difference at the value that moves the figure most."""
        return self.moved[0][1].mean or Fraction(0)


def movers(result: SensitivityResult, key: Key, language: Language) -> list[Mover]:
    """The assumptions that move ``key`` on average, the one that moves it farthest first."""
    scenarios = scenarios_of(result)
    by_assumption: dict[tuple[str, str], list[tuple[Varied, Difference]]] = {}
    for varied, found in result.effects:
        by_assumption.setdefault((varied.where, varied.parameter), []).append((varied, found[key]))
    made = [
        Mover(
            assumption_name(tried[0][0], scenarios, language),
            tuple(sorted(tried, key=lambda pair: (-abs(pair[1].mean or 0), pair[0].value))),
        )
        for tried in by_assumption.values()
    ]
    moving = [mover for mover in made if mover.farthest]
    return sorted(moving, key=lambda mover: (-abs(mover.farthest), mover.about))


def scenarios_of(result: SensitivityResult) -> list[ResolvedScenario]:
    """The scenario, and before it the one that it is held against, if any."""
    return [*([result.against] if result.against else []), result.scenario]


@dataclass(frozen=True, eq=False)
class SensitivityReport:
    """A sensitivity analysis as people read it, in one language."""

    result: SensitivityResult
    language: Language

    @cached_property
    def words(self) -> Words:
        """The words of the report."""
        return Words(self.language, "simulation")

    @cached_property
    def cells(self) -> Cells:
        """What turns the tables' codes into words."""
        return Cells(self.words, names_of(scenarios_of(self.result), self.words))

    def html(self) -> str:
        """``report.html``: one page that opens offline."""
        return render(
            "sensitivity.html",
            self.words,
            cells=self.cells,
            question=self._question(),
            answers=self._answers(),
            certain=self._certainty(),
            survival=self._survival if self._told_apart else None,
            shares=self._shares if self.result.joint else None,
            figures=[self._figure(key) for key in self.result.base],
            definitions=tables.definition_table(self.words),
            left_out=self._left_out,
            hashes=tables.hash_table(self.result.sha256),
        )

    def workbook(self) -> bytes:
        """``report.xlsx``: a sheet a table."""
        from admissions.report.workbook import workbook_bytes

        told = [("question-label", self._question())]
        told += [("answer-label", text) for text in self._answers()]
        told += [("uncertainty-label", text) for text in self._certainty()]
        facts = [(self.words(key).unescape(), text.unescape()) for key, text in told]
        sheets = [self._survival] if self._told_apart else []
        sheets += [self._shares] if self.result.joint else []
        sheets += [self._every_value, self._left_out, tables.definition_table(self.words)]
        return workbook_bytes(facts, [*sheets, tables.hash_table(self.result.sha256)], self.cells)

    def _question(self) -> Markup:
        scenario = self.cells.code("scenario", self.result.scenario.scenario.id)
        draws = self.words.number(self.result.draws)
        if self.result.against is None:
            return self.words("sensitivity-question", scenario=scenario, draws=draws)
        against = self.cells.code("scenario", self.result.against.scenario.id)
        return self.words("survival-question", scenario=scenario, against=against, draws=draws)

    @property
    def _told_apart(self) -> bool:
        return self.result.against is not None or self.result.joint is not None

    def _answers(self) -> list[Markup]:
        if self.result.against is not None:
            return [self._survives(key) for key in self.result.base if self._differs(key)]
        return [self._answer(key) for key in _ANSWERED if key in self.result.base]

    def _answer(self, key: Key) -> Markup:
        base = self.cells.label(OutputColumn("mean", "decimal"), self._base(key))
        found = movers(self.result, key, self.language)
        if not found:
            return self.words("sensitivity-still", name=self._name(key), base=base)
        change, low, high = tables.ranged(key, found[0].moved[0][1])
        return self.words(
            "sensitivity-answer",
            name=self._name(key),
            base=base,
            assumption=found[0].about,
            change=self._signed(change),
            low=self._signed(low),
            high=self._signed(high),
            value=found[0].moved[0][0].value,
        )

    def _differs(self, key: Key) -> bool:
        return survival(self.result, key).sign != 0

    def _survives(self, key: Key) -> Markup:
        """How far the second scenario is from the first, and whether that survives."""
        found, of = survival(self.result, key), self.result.base[key]
        mean, low, high = tables.ranged(key, of)
        parts = [
            self.words(
                "survival-difference",
                name=self._name(key), mean=self._signed(mean),
                se=self._plain(tables.error(key, of)), low=self._signed(low),
                high=self._signed(high),
            ),
            self._one_at_a_time(key, found),
        ]  # fmt: skip
        opened = None if self.result.joint is None else self.result.joint.measures[key]
        if opened is not None:
            same = opened.above if found.sign > 0 else opened.below
            ends = (opened.low, opened.high)
            told = [self._signed(tables.number(key, end, mean=True)) for end in ends]
            word = "survival-joint" if same == opened.points else "survival-joint-turns"
            parts.append(
                self.words(word, same=same, points=opened.points, low=told[0], high=told[1])
            )
        return Markup(" ").join(parts)

    def _one_at_a_time(self, key: Key, found: Survival) -> Markup:
        ends = (found.low, found.high)
        low, high = (self._signed(tables.number(key, end, mean=True)) for end in ends)
        if not found.turned:
            return self.words("survival-holds", tried=found.tried, low=low, high=high)
        names = [
            assumption_name(varied, scenarios_of(self.result), self.language)
            for varied in found.turned
        ]
        first = list(dict.fromkeys(names))[:_NAMED]
        listed = Markup("; ").join(map(escape, first))
        return self.words(
            "survival-turns", turned=len(found.turned), tried=found.tried, names=listed,
            low=low, high=high,
        )  # fmt: skip

    @cached_property
    def _survival(self) -> OutputTable:
        """A row a measure: what draws, years and assumptions leave open, each by itself."""
        columns = (
            OutputColumn("measure", "text"),
            OutputColumn("mean", "decimal", decimals=2),
            OutputColumn("se", "decimal", decimals=2),
            *(OutputColumn(n, "decimal", group="years", group_section="open") for n in _ENDS),
            *(OutputColumn(n, "decimal", group="one", group_section="open") for n in _EXTREMES),
            OutputColumn("turning", "text", group="one", group_section="open"),
            *(OutputColumn(n, "decimal", group="joint", group_section="open") for n in _EXTREMES),
            OutputColumn("same-sign", "text", group="joint", group_section="open"),
        )
        shown = columns if self.result.joint else columns[:-3]
        rows = tuple(self._survival_row(key)[: len(shown)] for key in self.result.base)
        return OutputTable("survival", shown, rows)

    def _survival_row(self, key: Key) -> tuple[Value, ...]:
        of, found = self.result.base[key], survival(self.result, key)
        turning = f"{len(found.turned)} / {found.tried}" if found.sign else None
        ends = [tables.number(key, end, mean=True) for end in (found.low, found.high)]
        row = (self._name(key), *tables.with_error(key, of), *ends, turning)
        if self.result.joint is None:
            return row
        opened = self.result.joint.measures[key]
        same = opened.above if found.sign > 0 else opened.below
        extremes = [tables.number(key, end, mean=True) for end in (opened.low, opened.high)]
        return *row, *extremes, f"{same} / {opened.points}" if found.sign else None

    @cached_property
    def _shares(self) -> OutputTable:
        """A row a measure and kind of assumption: its shares of the variance, with their errors."""
        names = ("first-order", "first-order-error", "total-order", "total-order-error")
        columns = (
            OutputColumn("measure", "text"),
            OutputColumn("kind", "code", section="kind"),
            *(OutputColumn(name, "decimal", decimals=2) for name in names),
        )
        rows: list[tuple[Value, ...]] = []
        for key, opened in (self.result.joint.measures if self.result.joint else {}).items():
            for share in opened.shares:
                parts = (share.first, share.first_error, share.total, share.total_error)
                told = (None if part is None else Decimal(f"{part:.2f}") for part in parts)
                rows.append((self._name(key), share.group, *told))
        return OutputTable("shares", columns, tuple(rows))

    def _plain(self, value: Value) -> str:
        return self.cells.label(OutputColumn("mean", "decimal"), value)

    def _certainty(self) -> list[Markup]:
        varied, left = len(self.result.effects), len(self.result.left_out)
        told = [self.words("sensitivity-certain", varied=varied, left=left)]
        if self.result.against is not None:
            told.append(self.words("survival-uncertainties"))
        joint = self.result.joint
        if joint is None:
            return [*told, self.words("sensitivity-one")]
        return [*told, self.words("sensitivity-joint", points=joint.points, left=joint.left)]

    def _name(self, key: Key) -> str:
        return tables.key_name(key, self.words)

    def _base(self, key: Key) -> Value:
        return tables.number(key, self.result.base[key].mean, mean=True)

    def _change(self, key: Key, mover: Mover) -> str:
        return self._signed(tables.number(key, mover.farthest, mean=True))

    def _signed(self, value: Value) -> str:
        text = self.cells.label(OutputColumn("mean", "decimal"), value)
        return f"+{text}" if isinstance(value, Decimal) and value > 0 else text

    def _figure(self, key: Key) -> dict[str, object]:
        """One figure: its tornado chart, and the values behind it."""
        found = movers(self.result, key, self.language)[:MOST]
        return {
            "id": "-".join((key.measure, key.group.replace("/", "-"))),
            "title": self._name(key),
            "base": self.cells.label(OutputColumn("mean", "decimal"), self._base(key)),
            "picture": self._tornado(key, found) if found else None,
            "table": self._moved(key, found),
        }

    def _tornado(self, key: Key, found: Sequence[Mover]) -> Markup:
        rows = []
        for mover in found:
            means = [float(self._number(key, of) or 0) for _, of in mover.moved]
            value = shortened(mover.moved[0][0].value, _LONGEST_VALUE)
            told = self.words("tornado-row", change=self._change(key, mover), value=value)
            low, high = min(0.0, *means), max(0.0, *means)
            rows.append(IntervalRow(mover.about, low, means[0], high, told.unescape()))
        listed = Markup("; ").join(Markup("{}: {}").format(row.name, row.numbers) for row in rows)
        title = self.words("tornado-caption", name=self._name(key)).unescape()
        ident = "-".join(("tornado", key.measure, key.group.replace("/", "-")))
        description = self.words("tornado-desc", rows=listed).unescape()
        return intervals(ident, title, description, rows)

    def _number(self, key: Key, of: Difference) -> Value:
        return tables.number(key, of.mean, mean=True)

    def _moved(self, key: Key, found: Sequence[Mover]) -> OutputTable:
        columns = (OutputColumn("about", "text"), *_VALUES, *tables.change_columns())
        rows = tuple(
            (mover.about, varied.base, varied.value, *tables.with_error(key, of))
            for mover in found
            for varied, of in mover.moved
        )
        return OutputTable("moved", columns, rows)

    @property
    def _every_value(self) -> OutputTable:
        columns = (
            OutputColumn("kind", "code", section="kind"),
            OutputColumn("where", "text"),
            OutputColumn("parameter", "text"),
            *_VALUES,
            OutputColumn("measure", "text"),
            OutputColumn("base-mean", "decimal", decimals=2),
            *tables.change_columns(),
        )
        rows = tuple(
            (varied.kind, varied.where, varied.parameter, varied.base, varied.value,
             self._name(key), self._base(key), *tables.with_error(key, of))
            for varied, found in self.result.effects
            for key, of in found.items()
        )  # fmt: skip
        return OutputTable("sensitivity", columns, rows)

    @property
    def _left_out(self) -> OutputTable:
        columns = (
            OutputColumn("where", "text"),
            OutputColumn("parameter", "text"),
            *_VALUES,
            OutputColumn("why-not", "code", section="why-not"),
        )
        rows = tuple(
            (varied.where, varied.parameter, varied.base, varied.value, varied.why_not)
            for varied in self.result.left_out
        )
        return OutputTable("left-out", columns, rows)


_LONGEST_VALUE = 32
_NAMED = 3
"""How many of the assumptions that turn a sign are named."""
_ENDS = ("p5", "p95")
_EXTREMES = ("lowest", "highest")
_VALUES = (OutputColumn("base-value", "text"), OutputColumn("tried", "text"))
