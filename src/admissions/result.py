"""The result folder: written whole or not at all, verified before it gets its name."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admissions import __version__
from admissions.errors import PromiseBrokenError, UsageError
from admissions.ranking import RankingTable
from admissions.round import Round
from admissions.run import Run
from admissions.scenario import ResolvedScenario, rules_tomls, scenario_toml
from admissions.verification.published import CERTIFICATE, DECISION_COLUMNS
from admissions.vocabulary import Language

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


@contextmanager
def whole_folder(
    out: Path, *, overwrite: bool, sign: str, unlike: Path | None = None
) -> Iterator[Path]:
    """A temporary folder beside ``out`` that takes its name when the block ends without an error.

    With ``overwrite`` it replaces a folder of its own kind, which holds the file or folder
    ``sign``. Raises UsageError for anything else that exists, and for the folder ``unlike`` (the
    round that is read) or one around it.
    """
    place = out.resolve()
    refuse_to_replace(place, out, overwrite=overwrite, sign=sign, unlike=unlike)
    place.parent.mkdir(parents=True, exist_ok=True)
    hidden = f".{place.name}.{os.getpid()}"
    building = place.parent / f"{hidden}.partial"
    try:
        building.mkdir(mode=0o700)
        yield building
        building.chmod(0o755)
        if place.exists():
            with tempfile.TemporaryDirectory(".old", hidden, place.parent) as replaced:
                place.rename(Path(replaced) / place.name)
                building.rename(place)
        else:
            building.rename(place)
    finally:
        if building.exists():
            shutil.rmtree(building)


def refuse_to_replace(
    place: Path, out: Path, *, overwrite: bool, sign: str, unlike: Path | None = None
) -> None:
    """Raises UsageError unless ``place`` is free, or a folder that may be replaced."""
    if not place.exists():
        return
    if not overwrite:
        raise UsageError(f"{out} exists. Maybe choose another --out, or add --overwrite.")
    inside = unlike is not None and unlike.resolve().is_relative_to(place)
    if inside or not (place / sign).exists() or place == Path.cwd():
        raise UsageError(
            f"{out} is no folder that this command wrote (it has no {sign}), or is in use; it is "
            "left as it is. Maybe choose another --out."
        )


def write_rankings(rankings: Mapping[str, RankingTable], round_: Round, folder: Path) -> None:
    """``rankings/<offering>.csv`` for each table, as the contract describes them."""
    (folder / "rankings").mkdir()
    for offering, table in rankings.items():
        _write_csv(ranking_frame(table, round_), folder / "rankings" / f"{offering}.csv")


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
    from admissions.decisions import decide_outcomes
    from admissions.report import report_html
    from admissions.round_files import round_texts
    from admissions.summary import summarise
    from admissions.verification import property_table

    with whole_folder(out, overwrite=overwrite, sign=CERTIFICATE, unlike=source) as folder:
        decisions = decide_outcomes(run)
        summary = summarise(run, decisions)
        write_rankings(run.rankings, run.round, folder)
        _write_csv(decision_texts(run, decisions, language), folder / "decisions.csv")
        _write_json(summary, folder / "summary.json")
        write_texts({"scenario.toml": scenario_toml(run.scenario)}, folder)
        rules = {f"{offering}.toml": text for offering, text in rules_tomls(run.scenario).items()}
        write_texts(rules, folder / "rules")
        write_texts(round_texts(run.round), folder / "round")
        certificate = _certificate(run, folder, language)
        _write_json(certificate, folder / CERTIFICATE)
        properties = check_folder(run.round, run.scenario, folder, draft=True)
        certificate["properties"] = {p.id: property_table(p) for p in properties}
        html = report_html(run, decisions, summary, properties, language)
        write_texts({"report.html": html}, folder)
        certificate["files"]["report.html"] = _sha256(folder / "report.html")
        _write_json(certificate, folder / CERTIFICATE)
        refuse_broken(properties)
    return Result(run, decisions, summary, properties)


def check_folder(
    round_: Round, scenario: ResolvedScenario, folder: Path, *, draft: bool = False
) -> tuple[Property, ...]:
    """Every property of the result in ``folder``, re-derived from the round and the rules.

    ``draft``: its certificate does not state them yet, and its words have just been written.
    """
    from admissions.rederived import Rederived, rederived
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
        "scenario": scenario.scenario.id,
        "mechanism": scenario.scenario.mechanism,
        "leader": scenario.scenario.leader,
        "ties": scenario.scenario.ties,
        "lottery": scenario.scenario.lottery,
        "seed": scenario.scenario.seed,
        "rules_on": scenario.rules_on.isoformat(),
        "language": language,
        "rulebooks": {name: table.version.id for name, table in run.rankings.items()},
        "inputs": dict(sorted(run.round.sha256.items())),
        "files": {name: _sha256(folder / name) for name in names},
        "solvers": [asdict(report) for report in run.solvers],
        "properties": {},
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    text = frame.to_csv(index=False, lineterminator="\n")
    path.write_bytes(text.encode("utf-8-sig"))


def _write_json(table: object, path: Path) -> None:
    text = json.dumps(table, ensure_ascii=False, indent=2) + "\n"
    path.write_bytes(text.encode())


def write_texts(texts: Mapping[str, str], folder: Path) -> None:
    """Each text as a file of its name in ``folder``, in UTF-8."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
