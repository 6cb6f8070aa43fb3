"""The result folder: written whole or not at all, verified before it gets its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admissions import __version__
from admissions.allocation.run import Run
from admissions.model.errors import PromiseBrokenError
from admissions.model.round import Round
from admissions.model.vocabulary import Language
from admissions.ranking.tables import RankingTable
from admissions.results.files import sha256_of, whole_folder, write_csv, write_json, write_texts
from admissions.rulebooks.digest import digest_of, sealed_texts
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.published import CERTIFICATE, DECISION_COLUMNS
from admissions.verification.ranked import taken_as_published

if TYPE_CHECKING:
    import pandas as pd

    from admissions.verification import Property


@dataclass(frozen=True, eq=False)
class Result:
    """What a written result folder says: for the summary that a person reads."""

    run: Run
    decisions: pd.DataFrame
    summary: dict[str, Any]
    properties: tuple[Property, ...]


def write_rankings(rankings: Mapping[str, RankingTable], round_: Round, folder: Path) -> None:
    """``rankings/<offering>.csv`` for each table, as the contract describes them."""
    (folder / "rankings").mkdir()
    for offering, table in rankings.items():
        write_csv(ranking_frame(table, round_), folder / "rankings" / f"{offering}.csv")


def ranking_frame(table: RankingTable, round_: Round) -> pd.DataFrame:
    """The ranking table as its CSV shows it: by rank, those not qualified last by person_id."""
    import numpy as np
    import pandas as pd

    people = round_.applicants.iloc[table.person]
    frame = pd.DataFrame(
        {
            "rank": np.where(table.qualified, table.rank.astype(str), ""),
            "person_id": people["person_id"].to_numpy(),
            "service_id": people["service_id"].to_numpy(),
            "qualified": np.where(table.qualified, "yes", "no"),
        }
    )
    cells = pd.DataFrame(table.cells, columns=list(table.columns))
    unranked = np.flatnonzero(~table.qualified)
    order = np.concatenate([table.by_rank(), unranked])
    return pd.concat([frame, cells], axis=1).iloc[order].reset_index(drop=True)


def write_result(
    run: Run, out: Path, *, language: Language, overwrite: bool = False, source: Path | None = None
) -> Result:
    """Writes, verifies and names the result folder of ``run``, read from ``source``.

    Raises PromiseBrokenError, and leaves no folder, when a promised property does not hold.
    """
    from admissions.explanation.decisions import decide_outcomes
    from admissions.intake.writing import round_texts
    from admissions.report import report_html
    from admissions.report.summary import summarise
    from admissions.verification import property_table

    with whole_folder(out, overwrite=overwrite, sign=CERTIFICATE, unlike=source) as folder:
        decisions = decide_outcomes(run)
        summary = summarise(run, decisions)
        write_rankings(run.rankings, run.round, folder)
        write_csv(decision_texts(run, decisions, language), folder / "decisions.csv")
        write_json(summary, folder / "summary.json")
        (folder / "rules").mkdir()
        write_texts(sealed_texts(run.scenario), folder)
        write_texts(round_texts(run.round), folder / "round")
        certificate = _certificate(run, folder, language)
        write_json(certificate, folder / CERTIFICATE)
        properties = check_folder(run.round, run.scenario, folder, draft=True)
        certificate["properties"] = {p.id: property_table(p) for p in properties}
        html = report_html(run, decisions, summary, properties, language)
        write_texts({"report.html": html}, folder)
        certificate["files"]["report.html"] = sha256_of(folder / "report.html")
        write_json(certificate, folder / CERTIFICATE)
        refuse_broken(properties)
    return Result(run, decisions, summary, properties)


def check_folder(
    round_: Round, scenario: ResolvedScenario, folder: Path, *, draft: bool = False
) -> tuple[Property, ...]:
    """Every property of the result in ``folder``, re-derived from the round and the rules.

    ``draft``: its certificate does not state them yet, and its words have just been written.
    """
    from admissions.results.rederived import Rederived, rederived
    from admissions.verification import read_published, verify

    published = read_published(folder)
    again = Rederived() if draft else rederived(round_, scenario, published)
    return verify(
        round_, scenario, published, inputs_sha256=round_.sha256, draft=draft,
        sentences=again.sentences, copies=again.copies,
    )  # fmt: skip


def refuse_broken(properties: Sequence[Property]) -> None:
    """Raises PromiseBrokenError, naming them, when a promised property does not hold."""
    broken = [p for p in properties if p.holds is False]
    if broken:
        lines = [f"  {p.id}: {p.statement}" + "".join(f"\n    {e}" for e in p.exceptions[:5])
                 for p in broken]  # fmt: skip
        raise PromiseBrokenError("\n".join(["These promised properties do not hold:", *lines]))


def decision_texts(run: Run, decisions: pd.DataFrame, language: Language) -> pd.DataFrame:
    """``decisions.csv`` as text: the outcomes, each with a sentence in ``language``."""
    import numpy as np

    from admissions.explanation import sentences

    frame = decisions.copy()
    frame["qualified"] = np.where(frame["qualified"], "yes", "no")
    for name in ("rank", "waiting_number"):
        frame[name] = frame[name].astype(str).replace("0", "")
    frame["explanation"] = sentences(run, decisions, language)
    return frame[list(DECISION_COLUMNS)]


def _certificate(run: Run, folder: Path, language: Language) -> dict[str, Any]:
    scenario = run.scenario
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    return {
        "program": {"name": "admissions", "version": __version__},
        "digest": digest_of(scenario),
        "scenario": scenario.scenario.id,
        "mechanism": scenario.scenario.mechanism,
        "leader": scenario.scenario.leader,
        "ties": scenario.scenario.ties,
        "lottery": scenario.scenario.lottery,
        "seed": scenario.scenario.seed,
        "rules_on": scenario.rules_on.isoformat(),
        "language": language,
        "rulebooks": {name: table.version.id for name, table in run.rankings.items()},
        "taken_as_published": taken_as_published(scenario, tuple(run.rankings)),
        "inputs": dict(sorted(run.round.sha256.items())),
        "files": {name: sha256_of(folder / name) for name in names},
        "solvers": [asdict(report) for report in run.solvers],
        "properties": {},
    }
