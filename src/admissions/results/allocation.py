"""The result of an allocation as files, verified before anybody gets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admissions.allocation.run import Run
from admissions.model.errors import PromiseBrokenError
from admissions.model.files import Files, MadeFiles, Place, files_at
from admissions.model.messages import Message, message
from admissions.model.output_table import Kind, OutputColumn, OutputTable, Value
from admissions.model.round import Round
from admissions.model.version import __version__
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.model.wording import Wording
from admissions.ranking.tables import RankingTable
from admissions.results.files import json_file, scenario_files, sha256_of, whole_folder
from admissions.results.pages_again import PUBLIC, REPORT, inherited_table, pages_wrong
from admissions.results.signing import SIGNATURE, signature_file
from admissions.rulebooks.digest import digest_of
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.property import in_words
from admissions.verification.provenance import WRITTEN, program_version
from admissions.verification.published import (
    CERTIFICATE,
    DECISION_COLUMNS,
    DECISIONS,
    RANKINGS,
    SUMMARY,
    Published,
)
from admissions.verification.ranked import taken_as_published

if TYPE_CHECKING:
    import pandas as pd
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from admissions.results.rederived import Rederived
    from admissions.verification import Property


WORKBOOK = "decisions.xlsx"


@dataclass(frozen=True, eq=False)
class Result:
    """What a sealed result says: for the summary that a person reads."""

    run: Run
    decisions: pd.DataFrame
    summary: dict[str, Any]
    properties: tuple[Property, ...]


def ranking_files(rankings: Mapping[str, RankingTable], round_: Round) -> Files:
    """``rankings/<offering>.csv`` for each table, as the contract describes them."""
    return MadeFiles(
        {
            f"{RANKINGS}/{offering}.csv": partial(_ranking_file, offering, table, round_)
            for offering, table in rankings.items()
        }
    )


def _ranking_file(offering: str, table: RankingTable, round_: Round) -> bytes:
    return ranking_rows(offering, table, round_).csv_file()


def ranking_rows(offering: str, table: RankingTable, round_: Round) -> OutputTable:
    """The ranking table as people read it: by rank, those not qualified last by person_id."""
    import numpy as np

    order = np.concatenate([table.by_rank(), np.flatnonzero(~table.qualified)])
    people = round_.applicants.iloc[table.person[order]]
    qualified = table.qualified[order]
    cells: list[list[Value]] = [
        [rank or None for rank in table.rank[order].tolist()],
        people["person_id"].tolist(),
        people["service_id"].tolist(),
        np.where(qualified, "yes", "no").tolist(),
        *table.cells[order].T.tolist(),
    ]
    columns = (
        OutputColumn("rank", "count"),
        OutputColumn("person_id", "text"),
        OutputColumn("service_id", "text"),
        OutputColumn("qualified", "code"),
        *(OutputColumn(name, "count") for name in table.columns),
    )
    return OutputTable(offering, columns, tuple(zip(*cells, strict=True)))


def write_result(
    run: Run,
    out: Path,
    *,
    language: Language,
    overwrite: bool = False,
    source: Path | None = None,
    key: Ed25519PrivateKey | None = None,
    public: bool = False,
) -> Result:
    """Writes, verifies and names the result folder of ``run``, read from ``source``.

    With ``key`` the certificate is signed; with ``public`` there is a report fit to leave the
    office too.

    Raises PromiseBrokenError, and leaves no folder, when a promised property does not hold.
    """
    with whole_folder(out, overwrite=overwrite, sign=CERTIFICATE, unlike=source) as folder:
        result = seal(run, folder, language=language, key=key, public=public)
        refuse_broken(result.properties)
        return result


def seal(
    run: Run,
    files: MutableMapping[str, bytes],
    *,
    language: Language,
    key: Ed25519PrivateKey | None = None,
    public: bool = False,
) -> Result:
    """Makes the files of ``run``'s result in ``files``, one by one, and verifies them there.

    With ``key`` the certificate is signed; ``public``: with a report fit to leave the office too.
    Whoever hands them on refuses what is broken first
    (``refuse_broken``).
    """
    from admissions.explanation.decisions import decide_outcomes
    from admissions.intake.writing import round_texts
    from admissions.report import report_html
    from admissions.report.decisions_workbook import MOST_APPLICATIONS
    from admissions.report.summary import summarise
    from admissions.verification import property_table

    decisions = decide_outcomes(run)
    summary = summarise(run, decisions)
    files.update(ranking_files(run.rankings, run.round))
    told = decision_rows(run, decisions, language)
    files[DECISIONS] = told.csv_file()
    if len(decisions) <= MOST_APPLICATIONS:
        files[WORKBOOK] = _workbook(run, told, language)
    files[SUMMARY] = json_file(summary)
    files.update(scenario_files(run.scenario))
    for name, text in round_texts(run.round).items():
        files[f"round/{name}"] = text.encode()
    certificate = _certificate(run, files, language)
    files[CERTIFICATE] = json_file(certificate)
    properties = check_result(run.round, run.scenario, files, draft=True).properties
    certificate["properties"] = {p.id: property_table(p) for p in properties}
    files[REPORT] = report_html(run, decisions, summary, properties, language).encode()
    certificate["files"][REPORT] = sha256_of(files[REPORT])
    if public:
        page = report_html(run, decisions, summary, properties, language, public=True)
        files[PUBLIC] = page.encode()
        certificate["files"][PUBLIC] = sha256_of(files[PUBLIC])
    files[CERTIFICATE] = json_file(certificate)
    if key is not None:
        files[SIGNATURE] = signature_file(key, files[CERTIFICATE])
    return Result(run, decisions, summary, properties)


@dataclass(frozen=True)
class CheckedResult:
    """What a check of a result folder found.

    ``remarks``: what is no fault and should be known: a workbook filled in, files not checked.
    """

    properties: tuple[Property, ...]
    remarks: tuple[Message, ...] = ()


def check_result(
    round_: Round, scenario: ResolvedScenario, result: Place, *, draft: bool = False
) -> CheckedResult:
    """Every property of ``result``, re-derived from the round and the rules.

    ``result``: a folder's path, or its files.

    ``draft``: its certificate does not state them yet, and its words have just been written.
    """
    from admissions.results.rederived import Rederived, rederived
    from admissions.verification import read_published, verify
    from admissions.verification.property import also_broken

    published = read_published(result)
    again = Rederived() if draft else rederived(round_, scenario, published)
    published, filled_in = _as_sent_out(published, again, result)
    found = verify(
        round_, scenario, published, inputs_sha256=round_.sha256, draft=draft,
        sentences=again.sentences, copies=again.copies,
        workbook_wrong=[*_workbook_wrong(again, published.certificate, result)],
    )  # fmt: skip
    if again.run is not None and not any(one.holds is False for one in found):
        pages = tuple(pages_wrong(again.run, published.certificate, found, files_at(result)))
        found = tuple(also_broken(one, pages) if one.id == "P12" else one for one in found)
    return CheckedResult(found, () if draft else (*filled_in, *_not_checked(published, again)))


def _as_sent_out(
    published: Published, again: Rederived, result: Place
) -> tuple[Published, tuple[Message, ...]]:
    """``published`` with its workbook as it was sent out, where only answers were filled in since.

    And the remark that they were.
    """
    named = published.certificate.get("files")
    stated = named.get(WORKBOOK) if isinstance(named, Mapping) else None
    found = published.files.get(WORKBOOK)
    changed = again.run is not None and found is not None and stated != found
    if stated is None or not changed or any(_workbook_wrong(again, published.certificate, result)):
        return published, ()
    files = {**published.files, WORKBOOK: stated}
    return replace(published, files=files), (message("verification.filled-in", file=WORKBOOK),)


def _not_checked(published: Published, again: Rederived) -> Iterator[Message]:
    """What of the folder no check has looked at."""
    known = {*WRITTEN, CERTIFICATE, SIGNATURE}
    others = [
        name
        for name in sorted(published.files)
        if "/" not in name and name not in known and not name.startswith(".")
    ]
    if others:
        yield message("verification.not-checked", files=others)
    if again.run is None:
        version = program_version(published.certificate)
        made = [name for name in (WORKBOOK, REPORT, PUBLIC) if name in published.files]
        yield message("verification.not-made-again", version=version, files=made)


def _workbook(run: Run, told: OutputTable, language: Language) -> bytes:
    """``decisions.xlsx``, given the rows of ``decisions.csv``."""
    from admissions.report.cells import offering_names
    from admissions.report.decisions_workbook import decisions_workbook
    from admissions.report.words import Words

    titles = offering_names(run.scenario, Words(language))
    own = {name: titles[name] for name in run.rankings}
    return decisions_workbook(told, own, language, run.round.extra)


def _workbook_wrong(
    again: Rederived, certificate: Mapping[str, Any], result: Place
) -> Iterator[str]:
    """Where the folder's workbook is not that of its decisions; nothing where it has none.

    Offices answer in it where it lies: below the headers anything may stand in those columns.
    """
    from admissions.report.decisions_workbook import TO_FILL
    from admissions.results.workbook_again import cells_wrong

    found = files_at(result).get(WORKBOOK)
    if again.run is None or found is None:
        return
    told = _with_sentences(decided_rows(again.run), again.sentences)
    made = _workbook(again.run, told, certificate["language"])
    yield from cells_wrong(WORKBOOK, made, found, TO_FILL)


def refuse_broken(properties: Sequence[Property]) -> None:
    """Raises PromiseBrokenError, naming them, when a promised property does not hold."""
    broken = [p for p in properties if p.holds is False]
    if broken:
        lines = Wording(**{language: _statements(broken, language) for language in LANGUAGES})
        raise PromiseBrokenError(message("results.broken", lines=lines))


def _statements(broken: Sequence[Property], language: Language) -> str:
    """What each of ``broken`` promises, in ``language``, and the first of what breaks it."""
    lines = []
    for found in broken:
        lines.append(f"  {found.id}: {found.statement_in(language)}")
        lines += [f"    {in_words(line, language)}" for line in found.exceptions[:5]]
    return "\n".join(lines)


def decided_rows(run: Run, decisions: pd.DataFrame | None = None) -> OutputTable:
    """The outcomes of every application, as ``decisions.csv`` has them before its sentences."""
    import numpy as np

    from admissions.explanation.decisions import decide_outcomes

    frame = decide_outcomes(run) if decisions is None else decisions
    cells: dict[str, list[Value]] = {name: frame[name].tolist() for name in _DECIDED}
    cells["qualified"] = np.where(frame["qualified"], "yes", "no").tolist()
    for name in ("rank", "waiting_number"):
        cells[name] = [number or None for number in cells[name]]
    columns = tuple(OutputColumn(name, _KINDS.get(name, "text")) for name in _DECIDED)
    return OutputTable("decisions", columns, tuple(zip(*cells.values(), strict=True)))


def decision_rows(run: Run, decisions: pd.DataFrame, language: Language) -> OutputTable:
    """``decisions.csv``: the outcomes, each with a sentence in ``language``."""
    from admissions.explanation import sentences

    return _with_sentences(decided_rows(run, decisions), sentences(run, decisions, language))


def _with_sentences(decided: OutputTable, said: Sequence[str]) -> OutputTable:
    """The rows of ``decisions.csv``, given its outcomes and the sentence of each."""
    return OutputTable(
        decided.id,
        (*decided.columns, OutputColumn(EXPLANATION, "text")),
        tuple((*row, sentence) for row, sentence in zip(decided.rows, said, strict=True)),
    )


EXPLANATION = DECISION_COLUMNS[-1]
_DECIDED = DECISION_COLUMNS[:-1]
_KINDS: dict[str, Kind] = {
    "preference": "count", "qualified": "code", "rank": "count", "outcome": "code",
    "waiting_number": "count", "reason": "code",
}  # fmt: skip


def _certificate(run: Run, files: Files, language: Language) -> dict[str, Any]:
    scenario = run.scenario
    return {
        "program": {"name": "admissions", "version": __version__},
        "digest": digest_of(scenario),
        "scenario": scenario.scenario.id,
        "mechanism": scenario.scenario.mechanism,
        "leader": scenario.scenario.leader,
        "ties": scenario.scenario.ties,
        "lottery": scenario.scenario.lottery,
        "seed": scenario.scenario.seed,
        "from_base": inherited_table(scenario),
        "rules_on": scenario.rules_on.isoformat(),
        "language": language,
        "rulebooks": {name: table.version.id for name, table in run.rankings.items()},
        "taken_as_published": taken_as_published(scenario, tuple(run.rankings)),
        "inputs": dict(sorted(run.round.sha256.items())),
        "files": {name: sha256_of(files[name]) for name in sorted(files)},
        "solvers": [asdict(report) for report in run.solvers],
        "properties": {},
    }
