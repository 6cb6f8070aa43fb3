"""Jobs of the analyst: figures of synthetic people, or of real ones with small cells hidden."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from admissions.front.comparison import compare
from admissions.front.simulation import simulation_job
from admissions.model.errors import AdmissionsError
from admissions.results.comparison import SIGN
from admissions.results.files import packed
from admissions.results.published import folder_sha256
from admissions.results.simulation import simulation_table, tables
from admissions_api.agreement import whole_round
from admissions_api.clock import stamp
from admissions_api.jobs.task import JobResult, Task
from admissions_api.problems import ProblemError
from admissions_api.releases import published_elsewhere
from admissions_api.rounds import find_round, refuse_of_another_closing, resolved_for
from admissions_api.store import put_blob
from admissions_api.store.agreed_tables import PublishedRow


def simulate_draws(task: Task) -> JobResult:
    """Many synthetic rounds under several scenarios; what is drawn is kept if the job is lost."""
    request = task.request
    draws, seed = request["draws"], request["seed"]
    own = [request["own"]] if "own" in request else []
    job = simulation_job([*request["scenarios"], *own], seed)
    place = task.settings.home / "draws"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = job.store(place / task.id, draws, resume=True, overwrite=False)
    with store.kept():
        result = job.run(store, told=lambda done: task.tell(done, draws))
    store.remove()
    found: dict[str, Any] = {
        **simulation_table(result),
        "tables": {table.id: table.texts_by_name() for table in tables(result)},
    }
    return JobResult(found, f"simulations/{task.id}", f"/v1/simulations/{task.id}")


def compare_scenarios(task: Task) -> JobResult:
    """A round under several scenarios, as it may leave the office: no person, no small cell.

    Raises ProblemError where it cannot be: the reason may name persons, and a comparison is read by
    analysts.
    """
    try:
        return _compared(task)
    except AdmissionsError:
        raise ProblemError(
            409,
            "the round cannot be decided under these scenarios",
            "Maybe other scenarios; the coordinator is told the reason by an allocation.",
        ) from None


def _compared(task: Task) -> JobResult:
    request = task.request
    with task.store.reading() as session:
        row = find_round(session, request["round"])
        refuse_of_another_closing(row, request.get("closed_at", row.closed_at))
        round_ = whole_round(session, row)
        published = published_elsewhere(session, row.id)
        scenarios = [resolved_for(row, name) for name in request["scenarios"]]
    files = compare(round_, scenarios).files(request["language"], public=True, published=published)
    told = json.loads(files[SIGN])
    report = files["report.html"].decode()
    found = {"round": row.id, **told, "report": report}
    made = dict(files)

    def keep(session: Session) -> None:
        session.add(
            PublishedRow(
                round_id=row.id,
                name=task.id,
                sha256=put_blob(session, packed(made)),
                folder_sha256=folder_sha256(made),
                made_here=True,
                at=stamp(),
            )
        )

    return JobResult(found, f"comparisons/{task.id}", f"/v1/comparisons/{task.id}", keep)
