"""An allocation in the hand: its decisions, rankings, letters, certificate and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from admissions.allocation.run import Run, Solver
from admissions.allocation.run import allocate as decided
from admissions.front.frames import frame_of
from admissions.front.opening import (
    SECONDS,
    RoundLike,
    ScenarioLike,
    known_language,
    read_round,
    resolved_for,
)
from admissions.model.errors import NotProvenError, UsageError
from admissions.model.files import Files, Place
from admissions.model.messages import Message, message
from admissions.model.round import Round
from admissions.model.vocabulary import Language
from admissions.report.summary import summarise
from admissions.results.allocated_again import allocated_again
from admissions.results.allocation import (
    Result,
    check_result,
    decided_rows,
    ranking_rows,
    refuse_broken,
    seal,
    write_result,
)
from admissions.results.folder import read_inputs, read_scenario
from admissions.results.letters import Letter, letters, letters_of
from admissions.rulebooks.digest import digest_of, digest_of_files
from admissions.rulebooks.known import known_offerings
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification import (
    Property,
    best_plan_is_shown,
    property_table,
    read_published,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from admissions.allocation.problem import Watch


@dataclass(frozen=True)
class Verification:
    """What verification found: every property, P0 and on, in words and counted.

    ``digest``: of the rules that the result was made by, ``scenario``. ``remarks``: what is no
    fault and should be known. ``unproven``: why allocating again showed nothing, where that was
    asked for.
    """

    properties: tuple[Property, ...]
    scenario: ResolvedScenario
    digest: str
    remarks: tuple[Message, ...] = ()
    unproven: NotProvenError | None = None

    @property
    def holds(self) -> bool:
        """Whether no promised property is broken."""
        return not any(one.holds is False for one in self.properties)

    @property
    def best_plan_is_shown(self) -> bool:
        """Whether these properties show that no other plan would have been better.

        Where they do not, allocate the round again and compare who holds what.
        """
        return best_plan_is_shown(self.properties)

    @property
    def table(self) -> pd.DataFrame:
        """A row a property: whether it holds (missing where not promised) and its statement."""
        return pd.DataFrame(
            {
                "property": [one.id for one in self.properties],
                "holds": pd.array([one.holds for one in self.properties], dtype="boolean"),
                "statement": [one.statement for one in self.properties],
                "broken": [one.counted["broken"] for one in self.properties],
            }
        )

    def records(self) -> dict[str, dict[str, Any]]:
        """Every property as the certificate states it, by id."""
        return {one.id: property_table(one) for one in self.properties}

    def refuse(self) -> None:
        """Raises PromiseBrokenError, naming them, when a promised property does not hold.

        Else NotProvenError where allocating again showed nothing.
        """
        refuse_broken(self.properties)
        if self.unproven is not None:
            raise self.unproven

    def __repr__(self) -> str:
        broken = ", ".join(one.id for one in self.properties if one.holds is False)
        return f"<Verification: {f'{broken} broken' if broken else 'everything promised holds'}>"

    def _repr_html_(self) -> str:
        html: str = self.table.to_html(index=False, border=0)
        return html


@dataclass(frozen=True, eq=False)
class Allocation:
    """A round decided under a scenario.

    ``run`` is what the engine works with: rankings as arrays, the problem, the plan, the solvers'
    reports. Frames are made when they are first asked for.
    """

    run: Run
    _sealed: dict[Language, tuple[Result, Files]] = field(default_factory=dict, repr=False)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """A row an application, as ``decisions.csv`` without its sentences."""
        return frame_of(decided_rows(self.run))

    @cached_property
    def rankings(self) -> Mapping[str, pd.DataFrame]:
        """The ranking table of each offering: sort by its columns, and the ranks are there."""
        run = self.run
        tables = run.rankings.items()
        return {name: frame_of(ranking_rows(name, table, run.round)) for name, table in tables}

    @cached_property
    def held(self) -> pd.DataFrame:
        """Who holds an offer where: the rows of ``decisions`` that are offered."""
        offered = self.decisions["outcome"] == "offered"
        names = ["person_id", "offering_id", "preference", "rank", "points"]
        return self.decisions.loc[offered, names].reset_index(drop=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row an offering: seats, offers to make, who is qualified, offered and waiting.

        In total and by sector (``offered_municipal``); the points of the last admitted as text.
        """
        counted = summarise(self.run, self._outcomes)["offerings"]
        return pd.DataFrame(
            [{"offering_id": name, **_flat(row)} for name, row in counted.items()]
        ).convert_dtypes()

    @cached_property
    def _outcomes(self) -> pd.DataFrame:
        from admissions.explanation.decisions import decide_outcomes

        return decide_outcomes(self.run)

    def explain(
        self, person: str, language: Language = "nb", offering: str | None = None
    ) -> list[Letter]:
        """The decisions of ``person``, one an application: reasons, what would have changed, text.

        Raises UsageError for an unknown person or offering.
        """
        return letters_of(self.run, _person(person), offering, known_language(language))

    def letter(self, person: str, language: Language = "nb", offering: str | None = None) -> str:
        """What ``person`` reads of the decisions, or of that for ``offering`` alone."""
        return "\n\n".join(one.text for one in self.explain(person, language, offering))

    def verify(self) -> Verification:
        """Everything that is promised, re-derived from the round, the rules and the files alone."""
        files = self._seal("nb")[1]
        found = check_result(self.run.round, self.run.scenario, files)
        digest = digest_of(self.run.scenario)
        return Verification(found.properties, self.run.scenario, digest, found.remarks)

    def result(self, language: Language = "nb") -> Result:
        """What the certificate says, with decisions and counts."""
        return self._seal(language)[0]

    def files(self, language: Language = "nb") -> Files:
        """The files of the result folder by name, the words in ``language``.

        Raises PromiseBrokenError when a promised property does not hold.
        """
        result, files = self._seal(language)
        refuse_broken(result.properties)
        return files

    def write(
        self,
        out: str | Path,
        language: Language = "nb",
        *,
        overwrite: bool = False,
        source: Path | None = None,
        key: Ed25519PrivateKey | None = None,
        public: bool = False,
    ) -> Result:
        """Writes the result folder ``out``, file by file, whole or not at all.

        ``source`` is the round that was read, which is not replaced; with ``key`` the certificate
        is signed; with ``public`` a report fit to leave the office is added. Raises UsageError
        where there is something already, and PromiseBrokenError when
        a promised property does not hold.
        """
        return write_result(
            self.run,
            Path(out),
            language=known_language(language),
            overwrite=overwrite,
            source=source,
            key=key,
            public=public,
        )

    def _seal(self, language: Language) -> tuple[Result, Files]:
        if known_language(language) not in self._sealed:
            files: dict[str, bytes] = {}
            self._sealed[language] = seal(self.run, files, language=language), files
        return self._sealed[language]

    def __repr__(self) -> str:
        run = self.run
        return (
            f"<Allocation {run.scenario.scenario.id}: {int(run.plan.held.sum())} offers to "
            f"{len(run.round.applicants)} people at {len(run.round.offerings)} offerings>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        names = ["offering_id", "seats", "offers", "qualified", "offered", "waiting"]
        table: str = self.summary[names].to_html(index=False, border=0)
        return f"<p>{escape(repr(self)[1:-1])}</p>{table}"


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the summary with its counts by sector beside each other, the total first."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat[name] = value["total"]
            flat |= {f"{name}_{sector}": n for sector, n in value.items() if sector != "total"}
        else:
            flat[name] = value
    return flat


def allocate(
    round_: RoundLike,
    scenario: ScenarioLike,
    *,
    seed: int | None = None,
    solver: Solver | None = None,
    seconds: float = SECONDS,
    watch: Watch | None = None,
) -> Allocation:
    """Ranks and allocates ``round_`` under ``scenario``.

    ``seed``: of the lottery [the scenario's]. Without ``solver``: CP-SAT, which may take
    ``seconds``, and deferred acceptance beside it where that is exact. Raises NotProvenError when
    no optimum is proven, and PromiseBrokenError when the two disagree.

    Example::

        plan = admissions.allocate(round_, "coordinated-2019")
        plan.held
    """
    read = read_round(round_)
    rules = resolved_for(read, scenario, seed)
    return Allocation(decided(read, rules, solver, seconds=seconds, watch=watch))


def verify(
    result: Place | Allocation,
    round_: RoundLike | None = None,
    *,
    allocating: bool = False,
    seconds: float = SECONDS,
    watch: Watch | None = None,
) -> Verification:
    """Re-derives ``result``, an allocation, a folder's path, or its files; checks every property.

    ``round_``: what it was made from [the copy in the result]. ``allocating``: allocate again
    besides, which may take ``seconds``, and compare. Raises UsageError when it is no result, and
    UnreadableResultError for a file that no run writes.

    Example::

        admissions.verify("result", "my-round").holds
    """
    place = _place(result)
    scenario, published = read_scenario(place), read_published(place)
    known = {*known_offerings(), *scenario.rulebooks}
    read: Round = read_inputs(place) if round_ is None else read_round(round_, sorted(known))
    checked = check_result(read, scenario, place)
    digest = digest_of_files(published.files)
    found = Verification(checked.properties, scenario, digest, checked.remarks)
    if not allocating or scenario.scenario.mechanism != "coordinated":
        return found
    try:
        again = allocated_again(read, scenario, published, seconds=seconds, watch=watch)
    except NotProvenError as error:
        return replace(found, unproven=error)
    return replace(found, properties=(*found.properties, again))


def explain(
    result: Place | Allocation, person: str, language: Language = "nb", offering: str | None = None
) -> list[Letter]:
    """The decisions of ``person`` in ``result``: an allocation, a folder's path, or its files.

    Raises UsageError for an unknown person or offering, and when it is no result.

    Example::

        admissions.explain("result", "P0185", language="nn")[0].text
    """
    if isinstance(result, Allocation):
        return result.explain(person, language, offering)
    return letters(_place(result), _person(person), offering, known_language(language))


def _place(result: Place | Allocation) -> Place:
    if isinstance(result, Allocation):
        return result.files()
    if not isinstance(result, str | Path | Mapping):
        raise UsageError(message("front.no-result", found=type(result).__name__))
    return result


def _person(person: str) -> str:
    if not isinstance(person, str):
        raise UsageError(message("front.no-person", found=repr(person)))
    return person
