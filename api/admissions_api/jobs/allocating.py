"""Jobs on a round: rank a part, allocate the whole, verify an allocation again."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from admissions.front.allocation import allocate, verify
from admissions.front.ranking import rank
from admissions.model.version import __version__
from admissions.results.files import packed
from admissions_api.agreement import own_part, whole_round
from admissions_api.allocations import ResultFolder, without_persons
from admissions_api.clock import stamp
from admissions_api.explanations import explanations_of, made_explanations
from admissions_api.institutions import own_offerings
from admissions_api.jobs.queue import add_explaining
from admissions_api.jobs.task import JobResult, Task
from admissions_api.parts import files_of, latest_parts
from admissions_api.problems import ProblemError
from admissions_api.rounds import (
    find_round,
    read_texts,
    refuse_of_another_closing,
    resolved_for,
    round_settings,
)
from admissions_api.store import put_blob
from admissions_api.store.audit import SYSTEM, append
from admissions_api.store.tables import AllocationRow, ExplanationsRow

STEPS = 4


def allocate_round(task: Task) -> JobResult:
    """Allocates the whole round: rank, solve, verify, seal the result folder.

    That everybody's decision be explained is a job of its own: it can take minutes where leaders
    have a say.
    """
    request = task.request
    task.tell(0, STEPS)
    with task.store.reading() as session:
        row = find_round(session, request["round"])
        refuse_of_another_closing(row, request.get("closed_at", row.closed_at))
        round_ = whole_round(session, row)
        scenario = resolved_for(row, request["scenario"], request["seed"])
    task.tell(1, STEPS)
    plan = allocate(round_, scenario)
    task.tell(2, STEPS)
    files, result = plan.files(request["language"]), plan.result(request["language"])
    task.tell(3, STEPS)
    folder = packed(files)
    certificate = json.loads(files["certificate.json"])
    made: dict[str, Any] = {
        "allocation": task.id,
        "round": row.id,
        "scenario": scenario.scenario.id,
        "applications": len(round_.applications),
        "notes": len(round_.notes),
    }

    def keep(session: Session) -> None:
        session.add(
            AllocationRow(
                id=task.id,
                round_id=row.id,
                scenario=scenario.scenario.id,
                program_version=__version__,
                inputs=certificate["inputs"],
                rulebooks={
                    name.removeprefix("rules/"): sha256
                    for name, sha256 in certificate["files"].items()
                    if name.startswith("rules/")
                },
                properties={p.id: p.holds for p in result.properties},
                folder=put_blob(session, folder),
                at=stamp(),
                closed_at=row.closed_at,
                digest=certificate["digest"],
                asked_by=request["asked_by"],
            )
        )
        session.flush()
        add_explaining(session, task.id)
        made_row = session.get_one(AllocationRow, task.id)
        append(
            session,
            SYSTEM,
            "allocation.made",
            f"allocations/{task.id}",
            folder=made_row.folder,
            properties=made_row.properties,
            scenario=made_row.scenario,
            seed=scenario.scenario.seed,
        )

    return JobResult(made, f"rounds/{row.id}", f"/v1/allocations/{task.id}", keep)


def explain_everybody(task: Task) -> JobResult:
    """Explains every decision of an allocation, in each language, and stores what is explained."""
    allocation = task.request["allocation"]
    with task.store.reading() as session:
        row = session.get_one(AllocationRow, allocation)
        round_id, folder = row.round_id, ResultFolder(session, row)
    explained = made_explanations(folder.files, task.tell)

    def keep_left(session: Session) -> None:
        now = ResultFolder(session, session.get_one(AllocationRow, allocation))
        persons = {decision["person_id"] for decision in now.rows("decisions.csv")}
        store(session, explanations_of(explained, persons))

    def keep(session: Session) -> None:
        store(session, explained)

    def store(session: Session, data: bytes) -> None:
        sha256 = put_blob(session, data)
        session.add(ExplanationsRow(allocation_id=allocation, sha256=sha256))
        append(session, SYSTEM, "explanations.made", f"allocations/{allocation}", sha256=sha256)

    location = f"/v1/allocations/{allocation}/explanations"
    made = {"allocation": allocation}
    return JobResult(made, f"rounds/{round_id}", location, keep, keep_left)


def rank_part(task: Task) -> JobResult:
    """Ranks an institution's own offerings from its own part alone.

    The order at an offering is that of the whole round, except where a rule counts persons over
    all offerings; places in the draw are those among the part's own applicants.
    """
    request = task.request
    institution = request["institution"]
    with task.store.reading() as session:
        row = find_round(session, request["round"])
        part = latest_parts(session, row.id).get(institution)
        if part is None:
            raise ProblemError(
                409, "this institution has uploaded no part", "Maybe upload it first."
            )
        tables = own_part(session, row, part).tables
        settings = round_settings(row).model_copy(update={"offerings": None})
        round_ = read_texts(files_of(tables, settings), own_offerings(institution))
        scenario = resolved_for(row, request["scenario"])
    rankings, ranked = {}, rank(round_, scenario)
    for number, offering in enumerate(ranked.ranked):
        task.tell(number, len(round_.offerings))
        made = ranked.rows(offering)
        names = [column.name for column in made.columns]
        rankings[offering] = {"columns": names, "rows": made.texts()}
    return JobResult({"rankings": rankings}, f"rounds/{row.id}/parts/{institution}")


def verify_again(task: Task) -> JobResult:
    """Re-derives a sealed result from its own inputs and rules, with the program of today."""
    allocation = task.request["allocation"]
    with task.store.reading() as session:
        row = session.get_one(AllocationRow, allocation)
        made_with, folder = row.program_version, ResultFolder(session, row)
    found = verify(folder.files)
    result = {
        "allocation": allocation,
        "holds": found.holds,
        "best_plan_is_shown": found.best_plan_is_shown,
        "made_with": made_with,
        "verified_with": __version__,
        **without_persons({"properties": found.records()}),
    }
    return JobResult(result, f"allocations/{allocation}")
