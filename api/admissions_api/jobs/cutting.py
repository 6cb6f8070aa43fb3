"""The job that makes and publishes a round's cut-offs."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.preview.cut_offs import snapshot
from admissions_api.agreement import whole_round
from admissions_api.clock import stamp
from admissions_api.jobs.task import JobResult, Task
from admissions_api.rounds import find_round, refuse_to_remake_cut_offs, resolved_for
from admissions_api.store import put_blob
from admissions_api.store.audit import SYSTEM, append
from admissions_api.store.tables import CutOffRow


def make_cut_offs(task: Task) -> JobResult:
    """The cut-offs of the round as it stands, what leaders sent included, and of its draws."""
    request = task.request
    draws = request["draws"]
    with task.store.reading() as session:
        row = find_round(session, request["round"])
        refuse_to_remake_cut_offs(row)
        round_ = whole_round(session, row)
        scenario = resolved_for(row, request["scenario"])
    made = snapshot(
        round_, scenario, draws=draws, seed=request["seed"], told=lambda n: task.tell(n, draws)
    )
    data = made.model_dump_json().encode()

    def keep(session: Session) -> None:
        refuse_to_remake_cut_offs(find_round(session, row.id))
        newest = session.scalar(
            select(func.max(CutOffRow.version)).where(CutOffRow.round_id == row.id)
        )
        sha256 = put_blob(session, data)
        session.add(
            CutOffRow(
                round_id=row.id,
                version=(newest or 0) + 1,
                scenario=scenario.scenario.id,
                sha256=sha256,
                at=stamp(),
            )
        )
        append(
            session,
            SYSTEM,
            "cut-offs.made",
            f"rounds/{row.id}/cut-offs",
            version=(newest or 0) + 1,
            sha256=sha256,
        )

    result = {"round": row.id, "scenario": scenario.scenario.id, "draws": draws}
    return JobResult(result, f"rounds/{row.id}", f"/v1/rounds/{row.id}/cut-offs", keep)
