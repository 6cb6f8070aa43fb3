"""Long work: how far it is, and the way to its result."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from admissions_pages.asking import path
from admissions_pages.page import PageRequest

RUNNING = ("queued", "running")


async def job(page: PageRequest) -> Response:
    """One job; only its state where a part of the page was asked for."""
    found = await page.api.get(path("jobs", page.of("job_id")))
    part = "hx-request" in page.request.headers
    return page.show(
        "job-state.html" if part else "job.html",
        part=part,
        job=found,
        running=found["state"] in RUNNING,
        result=_result(page, found),
        back=_back(page),
    )


async def cancel(page: PageRequest) -> Response:
    """Cancels a job."""
    await page.api.ask("DELETE", path("jobs", page.of("job_id")))
    return page.go(f"/jobs/{page.of('job_id')}")


def _result(page: PageRequest, found: dict[str, Any]) -> str | None:
    """The page of what came out of a job."""
    if found["state"] != "done":
        return None
    kind, job_id, back = found["kind"], found["id"], _back(page)
    ways = {
        "allocation": f"/coordinator/allocations/{job_id}",
        "simulation": f"/analyst/simulations/{job_id}",
        "comparison": f"/analyst/comparisons/{job_id}/report",
        "ranking": f"/office/{back}/rankings/{job_id}" if back else None,
        "call": f"/coordinator/{back}/season/tried/{job_id}" if back else None,
        "letters": f"/office/{back}/letters/{job_id}" if back else None,
        "cut-offs": f"/coordinator/{back}" if back else None,
    }
    return ways.get(kind)


def _back(page: PageRequest) -> str | None:
    """The round that the job was asked for on, as its page said."""
    asked = page.request.query_params.get("from", "")
    return asked if asked.replace("-", "").isalnum() and asked.isascii() else None
