"""Someone who wants to know a hidden count, and has only what was published: every file of it.

Reads CSV, JSON, the page and the workbook of one public folder or of several on the same round, the
scenarios and rules in them, and what docs/comparison.md says is counted. Shares no code with the
program. Intervals are those of real numbers, which are never narrower than those of whole ones.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import load_workbook
from scipy.optimize import linprog
from scipy.sparse import csr_array

GROUPS = ("sector", "centrality", "experience", "further-education", "service-size")
CHANGES = ("won", "lost", "in", "out")

Cell = tuple[str, ...]


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


class Page(HTMLParser):
    """The bodies of a page's tables, by id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] | None = None
        self._body = self._cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._rows = []
        if tag == "span" and self._rows == [] and not self._body:
            self.tables.setdefault(dict(attrs).get("id") or "", self._rows)
        self._body = tag in ("tbody", "tfoot") or (self._body and tag != "table")
        if self._rows is not None and self._body:
            if tag == "tr":
                self._rows.append([])
            if tag in ("td", "th"):
                self._rows[-1].append("")
                self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False
        if tag in ("tbody", "tfoot", "table"):
            self._body = False

    def handle_data(self, data: str) -> None:
        if self._cell and self._rows:
            self._rows[-1][-1] += data.strip()


class Folder:
    """One published folder."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.told: dict[str, Any] = json.loads((place / "comparison.json").read_bytes())
        self.against: dict[str, str] = self.told["against"]
        self.scenarios = [one["id"] for one in self.told["scenarios"]]
        self.tables = {
            path.stem: rows_of(path.read_text(encoding="utf-8")) for path in place.glob("*.csv")
        }
        self.settings = {
            name: tomllib.loads((place / "scenarios" / name / "scenario.toml").read_text("utf-8"))
            for name in self.scenarios
        }
        self.offerings = [row[0] for row in self.tables["by-offering"][1:-1]]
        self.rules = {
            (name, offering): self._rules(name, offering)
            for name, offering in product(self.scenarios, self.offerings)
        }

    def _rules(self, scenario: str, offering: str) -> dict[str, Any]:
        path = self.place / "scenarios" / scenario / "rules" / f"{offering}.toml"
        on = self.settings[scenario]["rules_on"]
        versions = tomllib.loads(path.read_text(encoding="utf-8"))["versions"]
        return max((v for v in versions if v["valid_from"] <= on), key=lambda v: v["valid_from"])

    def others(self) -> list[str]:
        return self.scenarios[1:]

    def disagreements(self) -> Iterator[str]:
        """Where another file tells what the CSV files hide, or something else."""
        for name, (head, *rows) in self.tables.items():
            records = self.told["tables"][name]
            told = [["" if v is None else str(v) for v in record.values()] for record in records]
            if told != rows or any(list(record) != head for record in records):
                yield f"comparison.json: {name}"
        book = load_workbook(io.BytesIO((self.place / "report.xlsx").read_bytes()))
        for name, (_, *rows) in self.tables.items():
            sheet = [list(row) for row in book[name[:31]].values][-len(rows) :] if rows else []
            counts = [[str(v) for v in row if isinstance(v, int) or v == ":"] for row in sheet]
            told = [[c for c in row[1:] if re.fullmatch(r"\d+|:", c)] for row in rows]
            if name != "agreement" and counts != told:
                yield f"report.xlsx: {name}"
        yield from self._page_disagreements()

    def _page_disagreements(self) -> Iterator[str]:
        page = Page((self.place / "report.html").read_text(encoding="utf-8"))
        for other, name in product(self.others(), ("offering", *GROUPS)):
            head, *rows = self.tables[f"by-{name}"]
            own = [
                n
                for n, column in enumerate(head)
                if column.split(":")[0] in (self.against[other], other)
            ]
            shown = [row[1:] for row in page.tables[f"by-{name}-{other}"]]
            if [[re.sub(r"[^\d:]", "", c) for c in row] for row in shown] != [
                [row[n] for n in own] for row in rows
            ]:
                yield f"report.html: by-{name}-{other}"
        for other in self.others():
            told = [row[-1] for row in page.tables[f"causes-{other}"]]
            if told != [row[-1] for row in self.tables["causes"] if row[0] == other]:
                yield f"report.html: causes-{other}"


class Adversary:
    """What all the folders together say: ``values`` are told, ``hidden`` are not."""

    def __init__(self, *places: Path) -> None:
        self.values: dict[Cell, int] = {}
        self.hidden: set[Cell] = set()
        self.sums: list[tuple[Cell, list[Cell]]] = []
        self.most: dict[Cell, float] = {}
        self.least: dict[Cell, float] = defaultdict(float)
        self.counted: set[Cell] = set()
        self._n = 0
        folders = [Folder(place) for place in places]
        for folder in folders:
            self._read(folder)
        self.hidden -= set(self.values)
        for cell in self.hidden:
            self.least[cell] = max(self.least[cell], 1)
        for folder in folders:
            self._sums(folder)
            self._causes(folder)
            self._bounds(folder)
        self._qualified(folders)

    def _name(self, folder: Folder, table: str, row: str, scenario: str, measure: str) -> Cell:
        held = folder.against[scenario] if measure in CHANGES else ""
        return (table, row, scenario, measure, held)

    def _read(self, folder: Folder) -> None:
        for table in ("offering", *GROUPS):
            head, *rows = folder.tables[f"by-{table}"]
            for row in rows:
                for column, text in zip(head[1:], row[1:], strict=True):
                    scenario, measure = column.split(":")
                    if measure != "offers":
                        self._take(self._name(folder, table, row[0], scenario, measure), text)
        for row in folder.tables["causes"][1:]:
            self._take(self._cause(folder, row), row[-1])

    def _cause(self, folder: Folder, row: Sequence[str]) -> Cell:
        return ("causes", *row[:-1], folder.against[row[0]])

    def _take(self, cell: Cell, text: str) -> None:
        if text == ":":
            self.hidden.add(cell)
        else:
            assert self.values.setdefault(cell, int(text)) == int(text), cell

    def _at_least(self, whole: Cell, parts: list[Cell]) -> None:
        self._n += 1
        self.sums.append((whole, [*parts, ("more", str(self._n))]))

    def _sums(self, folder: Folder) -> None:
        def name(table: str, row: str, scenario: str, measure: str) -> Cell:
            return self._name(folder, table, row, scenario, measure)

        for table in ("offering", *GROUPS):
            head, *rows = folder.tables[f"by-{table}"]
            labels = [row[0] for row in rows]
            came, went = ("in", "out") if table == "offering" else ("won", "lost")
            for column in head[1:]:
                scenario, measure = column.split(":")
                if measure == "offers":
                    continue
                total = name(table, "total", scenario, measure)
                self.sums.append((total, [name(table, r, scenario, measure) for r in labels[:-1]]))
                shared = measure == "seats" or len(labels) == 1 + 1
                if (table in GROUPS or shared) and measure not in ("in", "out"):
                    self.sums.append((name("sector", "total", scenario, measure), [total]))
            for row, scenario in product(labels, folder.scenarios):
                seats = name(table, row, scenario, "seats")
                without = ("without", table, row, scenario)
                self.counted.add(without)
                self.sums.append((name(table, row, scenario, "qualified"), [seats, without]))
                if scenario in folder.against:
                    against = folder.against[scenario]
                    stayed = ("stayed", table, row, against, scenario)
                    self.counted.add(stayed)
                    before = name(table, row, against, "seats")
                    self.sums.append((before, [stayed, name(table, row, scenario, went)]))
                    self.sums.append((seats, [stayed, name(table, row, scenario, came)]))

    def _causes(self, folder: Folder) -> None:
        at: dict[Cell, list[Cell]] = defaultdict(list)
        whole: dict[Cell, list[Cell]] = defaultdict(list)
        for row in folder.tables["causes"][1:]:
            cause = self._cause(folder, row)
            whole[self._name(folder, "offering", "total", row[0], row[1])].append(cause)
            here = [o for o in folder.offerings if self._possible(folder, row, o)]
            cells = [("at", offering, *cause) for offering in here]
            self.counted |= set(cells)
            self.sums.append((cause, list(cells)))
            for offering, cell in zip(here, cells, strict=True):
                at[self._name(folder, "offering", offering, row[0], row[1])].append(cell)
        self.sums += [*at.items(), *whole.items()]
        for scenario in folder.others():
            moved = ("moved", folder.against[scenario], scenario)
            self.counted.add(moved)
            for direction, change in (("in", "won"), ("out", "lost")):
                changed = self._name(folder, "sector", "total", scenario, change)
                total = self._name(folder, "offering", "total", scenario, direction)
                self.sums.append((total, [changed, moved]))
            better = [
                self._cause(folder, row)
                for row in folder.tables["causes"][1:]
                if row[0] == scenario and row[2] == "better-wish"
            ]
            self._at_least(moved, better)
            if len(folder.offerings) == 1:
                self.most[moved] = 0

    def _possible(self, folder: Folder, row: Sequence[str], offering: str) -> bool:
        """A rule decides only where it stands, and nobody is overtaken where the order is one."""
        scenario, _, cause, base_rule, scenario_rule, _ = row
        pair = (folder.against[scenario], scenario)
        for name, rule in zip(pair, (base_rule, scenario_rule), strict=True):
            version = folder.rules[name, offering]
            stated = [r["id"] for place in ("requirements", "criteria", "ties")
                      for r in version.get(place, ())]  # fmt: skip
            if rule and rule != "slot" and rule not in stated:
                return False
        one, other = (
            (
                folder.rules[name, offering],
                *(folder.settings[name].get(k) for k in
                  ("leader", "leader_points", "ties", "lottery", "seed", "rules_on")),
            )
            for name in pair
        )  # fmt: skip
        return cause not in ("order", "requirement") or one != other

    def _bounds(self, folder: Folder) -> None:
        head, *rows = folder.tables["by-offering"]
        for row in rows:
            told = dict(zip(head, row, strict=True))
            for scenario in folder.scenarios:
                if folder.settings[scenario]["ties"] != "accept-all":
                    seats = self._name(folder, "offering", row[0], scenario, "seats")
                    self.most[seats] = float(told[f"{scenario}:offers"])
        for first, second, *_ in folder.tables["agreement"][1:]:
            for offering, scenario in product((first, second), folder.scenarios):
                if offering in folder.offerings:
                    cell = self._name(folder, "offering", offering, scenario, "qualified")
                    self.least[cell] = max(self.least[cell], 5)
        for scenario in folder.scenarios:
            people = self._name(folder, "sector", "total", scenario, "qualified")
            at = [self._name(folder, "offering", o, scenario, "qualified")
                  for o in folder.offerings]  # fmt: skip
            self._at_least(self._name(folder, "offering", "total", scenario, "qualified"), [people])
            for one in at:
                self._at_least(people, [one])

    def _qualified(self, folders: Iterable[Folder]) -> None:
        """As many are qualified where the same is required, whatever the scenario."""
        every = [(f, s) for f in folders for s in f.scenarios]
        for (f, a), (g, b) in combinations(every, 2):
            alike = [
                o for o in f.offerings
                if f.rules[a, o]["requirements"] == g.rules[b, o]["requirements"]
                and f.settings[a]["rules_on"] == g.settings[b]["rules_on"]
            ]  # fmt: skip
            rows = [("offering", o) for o in alike]
            if alike == f.offerings:
                rows += [(t, r[0]) for t in GROUPS for r in f.tables[f"by-{t}"][1:]]
                rows.append(("offering", "total"))
            for table, row in rows:
                one, other = (self._name(f, table, row, s, "qualified") for s in (a, b))
                if one != other and a != b:
                    self.sums.append((one, [other]))

    def narrow(self, span: float = 5) -> dict[Cell, tuple[float, float]]:
        """The hidden counts whose interval is less than ``span`` wide, and small ones found out.

        Found out: what nobody printed, and must be one of 1 to 4.
        """
        named = {c for total, parts in self.sums for c in (total, *parts)} | self.hidden
        names = sorted(named - set(self.values))
        at = {cell: n for n, cell in enumerate(names)}
        entries: list[tuple[int, int, float]] = []
        right = np.zeros(len(self.sums))
        for row, (total, parts) in enumerate(self.sums):
            for cell, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
                if cell in at:
                    entries.append((row, at[cell], sign))
                else:
                    right[row] -= sign * self.values[cell]
        rows, columns, signs = zip(*entries, strict=True)
        matrix = csr_array((signs, (rows, columns)), shape=(len(self.sums), len(names)))
        bounds = [(self.least.get(c, 0), self.most.get(c, math.inf)) for c in names]
        low, high = np.full(len(names), math.inf), np.full(len(names), -math.inf)
        found: dict[Cell, tuple[float, float]] = {}
        for cell in sorted(self.hidden | self.counted):
            n = at[cell]
            for sign in (1.0, -1.0):
                if high[n] - low[n] >= span:
                    break
                aim = np.zeros(len(names))
                aim[n] = sign
                near = [*bounds]
                near[n] = (bounds[n][0], min(bounds[n][1], bounds[n][0] + 1000))
                solved = linprog(aim, A_eq=matrix, b_eq=right, bounds=near, method="highs")
                assert solved.status == 0, (cell, solved.message)
                low, high = np.minimum(low, solved.x), np.maximum(high, solved.x)
            small = low[n] > 1 - 1e-6 and high[n] < 4 + 1e-6
            if high[n] - low[n] < span - 1e-6 and (cell in self.hidden or small):
                found[cell] = (round(float(low[n]), 3), round(float(high[n]), 3))
        return found
