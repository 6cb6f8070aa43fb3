"""The report of a simulation: what the rules did over many rounds, with how certain that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from admissions.comparison.groups import GROUPINGS
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.pool.assumed import Assumptions
from admissions.report import simulation_tables as tables
from admissions.report.cells import Cells
from admissions.report.intervals import IntervalRow, intervals
from admissions.report.page import render
from admissions.report.scenario_tables import assumption_table, names_of, scenario_table
from admissions.report.words import Words
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation.measures import ALL, LEADERS, Key
from admissions.simulation.result import ScenarioResult, SimulationResult
from admissions.simulation.statistics import Difference, Summary

ANSWERED = (Key("municipalities"), Key("further-education-share"))
"""What the answer in a sentence tells, beside who wins and loses."""
_SUMMARISED = (
    Key("municipalities"),
    Key("further-education-share"),
    Key("leaders-first-wishes-share"),
    Key("agreement-if-all-applied"),
)
_PICTURED = tuple(key for key in tables.MAIN if key.measure != "winners")
_LOST_BY_OTHERS = Key("lost-by-leaders", ALL, LEADERS[1])


@dataclass(frozen=True, eq=False)
class SimulationReport:
    """A simulation as people read it, in one language.

    ``models`` are what the people and their answers are drawn from, by name; ``public``: the
    figures of real people are those of everyone together (``simulation.public``).
    """

    result: SimulationResult
    language: Language
    models: Sequence[Assumptions] = ()
    public: bool = False

    @cached_property
    def words(self) -> Words:
        """The words of the report."""
        return Words(self.language, "simulation")

    @cached_property
    def cells(self) -> Cells:
        """What turns the tables' codes into words."""
        return Cells(self.words, names_of(self._scenarios, self.words))

    def html(self) -> str:
        """``report.html``: one page that opens offline, readable in ten minutes."""
        return render(
            "simulation.html",
            self.words,
            cells=self.cells,
            question=self._question(),
            answers=self._answers(),
            summary=self._summary() if len(self.result.scenarios) > 1 else None,
            certain=self._certainty(),
            confidential=self._confidentiality(),
            restricted=self.result.real and not self.public,
            main=[self._main(key) for key in _PICTURED if self._has(key)],
            sections=self._sections(),
            definitions=tables.definition_table(self.words),
            settings=self._settings,
            whys=self._whys(),
            assumptions=self._assumptions,
            models=self._models,
            hashes=tables.hash_table(self.result.sha256),
        )

    def workbook(self) -> bytes:
        """``report.xlsx``: a sheet a table."""
        from admissions.report.workbook import workbook_bytes

        result = self.result
        sheets = [tables.every_figure(result, self.words)]
        if not self.public:
            sheets += [
                tables.reference_table(result),
                *(tables.offering_means(result, name) for name in tables.OFFERING_MEASURES),
                tables.country_table(result),
                tables.leader_table(result),
                *(tables.winner_table(result, grouping) for grouping in GROUPINGS),
                *(tables.agreement_table(result, name) for name in tables.AGREEMENTS),
                tables.fill_table(result, result.scenarios),
            ]
            if result.calibration:
                sheets.append(tables.calibration_table(result))
        sheets += [tables.definition_table(self.words), self._settings, self._assumptions]
        sheets += [self._models, tables.hash_table(result.sha256)]
        return workbook_bytes(self._facts(), sheets, self.cells)

    def _facts(self) -> list[tuple[str, str]]:
        told = [("question-label", self._question())]
        told += [("answer-label", text) for text in self._answers()]
        told += [("uncertainty-label", text) for text in self._certainty()]
        told.append(("confidentiality-label", self._confidentiality()))
        return [(self.words(key).unescape(), text.unescape()) for key, text in told]

    @property
    def _scenarios(self) -> list[ResolvedScenario]:
        return [found.scenario for found in self.result.scenarios]

    def _title(self, found: ScenarioResult) -> str:
        return self.cells.code("scenario", found.id)

    def _has(self, key: Key) -> bool:
        of = self.result.reference.summaries.get(key)
        return of is not None and of.mean is not None

    def _question(self) -> Markup:
        key = "simulated-question" if len(self.result.scenarios) > 1 else "simulated-alone"
        base, draws = self._title(self.result.reference), self.words.number(self.result.draws)
        return self.words(key, base=base, draws=draws)

    def _answers(self) -> list[Markup]:
        base = self.result.reference
        parts = [self._part(key, base.summaries.get(key)) for key in ANSWERED]
        joined = Markup(", ").join(part for part in parts if part)
        told = [self.words("simulated-base-answer", scenario=self._title(base), parts=joined)]
        for found in self.result.scenarios[1:]:
            parts = [self._part(key, found.differences.get(key), signed=True) for key in ANSWERED]
            told.append(
                self.words(
                    "simulated-answer",
                    scenario=self._title(found),
                    against=self._title(self.result.by_id[found.against]),
                    effect=self.words.of("effect", found.effect.value),
                    losers=self._range(Key("losers"), found.summaries.get(Key("losers"))),
                    winners=self._range(Key("winners"), found.summaries.get(Key("winners"))),
                    parts=Markup(", ").join(part for part in parts if part),
                )
            )
        return told

    def _summary(self) -> OutputTable:
        """A row an other scenario: who loses and wins, and how it differs from the base."""
        counted = (Key("losers"), Key("winners"))
        columns = [
            OutputColumn("scenario", "code", section="scenario"),
            OutputColumn("against", "code", section="scenario"),
            OutputColumn("effect", "code", section="effect"),
        ]
        for heads, keys in (("mean-range", counted), ("difference-range", _SUMMARISED)):
            columns += [
                OutputColumn(heads, "text", group=key.measure, group_section="measure")
                for key in keys
                if self._has(key)
            ]
        rows = []
        for found in self.result.scenarios[1:]:
            cells = [self._range(key, found.summaries[key]) for key in counted if self._has(key)]
            cells += [
                self._range(key, found.differences[key], signed=True)
                for key in _SUMMARISED
                if self._has(key)
            ]
            rows.append((found.id, *tables.held(found), *cells))
        return OutputTable("summary", tuple(columns), tuple(rows))

    def _part(self, key: Key, of: Summary | Difference | None, *, signed: bool = False) -> Markup:
        mean, low, high = tables.ranged(key, of)
        if mean is None:
            return Markup("")
        return self.words(
            f"{'change' if signed else 'answer'}-{key.measure}",
            mean=self._told(mean, signed=signed),
            low=self._told(low, signed=signed),
            high=self._told(high, signed=signed),
        )

    def _range(self, key: Key, of: Summary | Difference | None, *, signed: bool = False) -> str:
        if of is None:
            return self.words("simulated-hidden").unescape()
        mean, low, high = (self._told(n, signed=signed) for n in tables.ranged(key, of))
        return self.words("differences-row", mean=mean, low=low, high=high).unescape()

    def _told(self, value: Value, *, signed: bool = False) -> str:
        text = self.cells.label(OutputColumn("mean", "decimal"), value)
        plus = signed and value is not None and not isinstance(value, str) and value > 0
        return f"+{text}" if plus else text

    def _name(self, key: Key) -> str:
        return tables.key_name(key, self.words)

    def _certainty(self) -> list[Markup]:
        people = "simulated-real" if self.result.real else "simulated-synthetic"
        told = [self.words("simulated-certain")] if len(self.result.scenarios) > 1 else []
        return [*told, self.words(people, people=self.result.people)]

    def _confidentiality(self) -> Markup:
        if not self.result.real:
            return self.words("simulated-nobody")
        return self.words("simulated-public" if self.public else "simulated-office")

    def _main(self, key: Key) -> dict[str, object]:
        """One measure: its picture of differences where there are any, and its table."""
        return {
            "id": "-".join((key.measure, key.group.replace("/", "-"))),
            "title": self._name(key),
            "picture": self._differences(key),
            "table": tables.key_table(self.result, key),
        }

    def _differences(self, key: Key) -> Markup | None:
        rows = [
            self._interval(found, key, of, signed=key.measure not in ("losers", "winners"))
            for found, of in tables.differing(self.result, key)
        ]
        if not rows:
            return None
        title = self.words("differences-caption", name=self._name(key)).unescape()
        return self._picture("-".join(("picture", key.measure)), title, rows)

    def _interval(
        self, found: ScenarioResult, key: Key, of: Summary | Difference, *, signed: bool
    ) -> IntervalRow:
        mean, low, high = tables.ranged(key, of)
        return IntervalRow(
            self._title(found), float(low or 0), float(mean or 0), float(high or 0),
            self._range(key, of, signed=signed),
        )  # fmt: skip

    def _picture(self, ident: str, title: str, rows: Sequence[IntervalRow]) -> Markup:
        told = Markup("; ").join(Markup("{}: {}").format(row.name, row.numbers) for row in rows)
        description = self.words("differences-desc", rows=told).unescape()
        return intervals(ident, title, description, rows)

    def _sections(self) -> list[dict[str, object]]:
        """The sections that show groups, offerings or leaders; none of them in public."""
        if self.public:
            return []
        result = self.result
        compared = len(result.scenarios) > 1
        found = [
            self._section("country", tables.country_table(result)),
            self._section("leaders", tables.leader_table(result), self._leader_picture()),
        ]
        by_group = {name: tables.winner_table(result, name) for name in GROUPINGS}
        lifted = by_group.pop(_EDUCATION)
        at_sites = [tables.offering_means(result, name) for name in tables.OFFERING_MEASURES]
        education = [at_sites.pop(), lifted] if compared else [at_sites.pop()]
        found.append(self._section("education", *education))
        if compared:
            found.append(self._section("winners", *by_group.values()))
        found.append(self._section("offerings", tables.reference_table(result), *at_sites))
        agreed = [tables.agreement_table(result, name) for name in tables.AGREEMENTS]
        found.append(self._section("agreement", *agreed))
        if result.calibration:
            found.append(self._section("calibration", tables.calibration_table(result)))
        found.append(self._section("fills", tables.fill_table(result, [result.reference])))
        return found

    def _section(self, name: str, *parts: OutputTable | Markup | None) -> dict[str, object]:
        heads = _SECTION_WORDS[name]
        return {
            "id": name,
            "heading": self.words(heads[0]),
            "intro": self.words(heads[1]) if heads[1] else None,
            "tables": [part for part in parts if isinstance(part, OutputTable)],
            "picture": next((part for part in parts if isinstance(part, Markup)), None),
            "caption": self._name(_LOST_BY_OTHERS),
        }

    def _leader_picture(self) -> Markup | None:
        rows = [
            self._interval(found, _LOST_BY_OTHERS, of, signed=False)
            for found in self.result.scenarios
            if found.scenario.scenario.leader != "none"
            and (of := found.summaries.get(_LOST_BY_OTHERS)) is not None
        ]
        return self._picture("picture-leaders", self._name(_LOST_BY_OTHERS), rows) if rows else None

    @cached_property
    def _settings(self) -> OutputTable:
        return scenario_table(self._scenarios, self.result.offerings)

    @cached_property
    def _assumptions(self) -> OutputTable:
        return assumption_table(self._scenarios, self.result.offerings, self.words)

    @cached_property
    def _models(self) -> OutputTable:
        columns = (
            *(OutputColumn(name, "text") for name in ("parameter", "value", "range")),
            OutputColumn("why", "text", language="en"),
        )
        rows = tuple(
            (name, self.words.value(held.value), self.words.value(held.range), held.why)
            for model in self.models
            for name, held in model.assumptions()
        )
        return OutputTable("populations", columns, rows)

    def _whys(self) -> list[tuple[str, str]]:
        return [
            (self._title(found), why.in_(self.language))
            for found in self.result.scenarios
            if (why := found.scenario.scenario.why)
        ]


_EDUCATION = "further-education"
_SECTION_WORDS = {
    "country": ("country-heading", "country-intro"),
    "leaders": ("leaders-heading", "leaders-intro"),
    "education": ("education-heading", "education-intro"),
    "winners": ("winners-heading", "winners-intro"),
    "offerings": ("offerings-heading", None),
    "agreement": ("simulated-agreement", "simulated-agreement-intro"),
    "calibration": ("calibration-heading", "calibration-intro"),
    "fills": ("fills-heading", "fills-intro"),
}
