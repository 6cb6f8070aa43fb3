"""The coordinator's pages: parts, deadline, cut-offs, closing, allocating, publishing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from admissions.model.words import words
from admissions_api.clock import from_stamp, now
from admissions_api.institutions import institutions
from admissions_pages.asking import path
from admissions_pages.page import PageRequest
from admissions_pages.season import season_tasks
from admissions_pages.tasks import ToDo

DRAWS = 100
"""So many drawn rounds a leader's chances are told from."""


async def tasks(page: PageRequest, rounds: Sequence[Mapping[str, Any]]) -> list[ToDo]:
    """What waits for the coordinator: parts that are missing, rounds to close, decide, publish."""
    found = []
    for one in rounds:
        where, title = f"/coordinator/{one['id']}", one["title"]
        if one["state"] == "open":
            missing = len(institutions()) - len(await page.api.get(_of(one["id"], "parts")))
            due = now() >= from_stamp(one["deadline"])
            key = "pages-coordinator.task-due" if due else "pages-coordinator.task-until"
            more = page.say(key, deadline=page.when(one["deadline"]))
            said = page.say("pages-coordinator.task-parts", count=missing, title=title)
            found.append(ToDo(where, said, missing, more))
        elif one["state"] == "closed":
            made = len(await page.api.all("/v1/allocations", round=one["id"]))
            key = "pages-coordinator.task-publish" if made else "pages-coordinator.task-allocate"
            found.append(ToDo(where, page.say(key, title=title), made or None))
        else:
            found += await season_tasks(page, one)
            found.append(ToDo(where, page.say("pages-coordinator.task-published", title=title)))
    found.append(ToDo("/rounds/new", page.say("pages-coordinator.open-round")))
    return found


async def one_round(page: PageRequest) -> Response:
    """A round: who has uploaded, the deadline, cut-offs, and the steps to its result."""
    round_id = page.of("round_id")
    one = await page.api.get(path("rounds", round_id))
    parts = {part["institution"]: part for part in await page.api.get(_of(round_id, "parts"))}
    jobs = (await page.api.get("/v1/jobs", round=round_id, limit=20))["items"]
    return page.show(
        "coordinator-round.html",
        round=one,
        rules=await page.scenario(one["scenario"]),
        institutions=institutions(),
        parts=parts,
        clashes=await page.api.all(_of(round_id, "clashes")),
        cut_offs=await page.api.found(_of(round_id, "cut-offs")),
        allocations=await page.api.all("/v1/allocations", round=round_id),
        jobs=jobs,
        scenarios=await page.api.get("/v1/scenarios"),
        due=now() >= from_stamp(one["deadline"]),
    )


async def make_cut_offs(page: PageRequest) -> Response:
    """Makes the cut-offs that leaders see, as a job."""
    return await _begun(page, _of(page.of("round_id"), "cut-offs"), {"draws": DRAWS})


async def close(page: PageRequest) -> Response:
    """Closes the round; before its deadline only since the page said that it is early."""
    return await _done(page, "close", {"early": page.held.get("early") == "yes"})


async def reopen(page: PageRequest) -> Response:
    """Opens the round again, with a reason."""
    return await _done(page, "reopen", {"reason": page.held.get("reason")})


async def settle(page: PageRequest) -> Response:
    """Takes one office's word where parts clash, with a reason."""
    said = {"take": page.held.get("take"), "reason": page.held.get("reason")}
    where = path("rounds", page.of("round_id"), "clashes", page.of("number"), "settle")
    await page.api.ask("POST", where, body=said)
    return page.go(f"/coordinator/{page.of('round_id')}")


async def allocate(page: PageRequest) -> Response:
    """Allocates the round, as a job."""
    body = {"language": page.language}
    return await _begun(page, _of(page.of("round_id"), "allocations"), body)


async def compare(page: PageRequest) -> Response:
    """Asks for the round's comparison that may leave the office, as a job."""
    body = {
        "scenarios": [str(name) for name in page.held.getlist("scenario")],
        "round": page.of("round_id"),
        "language": page.language,
    }
    return await _begun(page, "/v1/comparisons", body)


async def allocation(page: PageRequest) -> Response:
    """An allocation: its certificate in words, and its counts by offering."""
    where = path("allocations", page.of("allocation_id"))
    made = await page.api.get(where)
    certificate = await page.api.get(f"{where}/certificate")
    said = words("report", page.language)
    return page.show(
        "coordinator-allocation.html",
        allocation=made,
        rules=await page.scenario(made["scenario"]),
        round=await page.api.get(path("rounds", made["round"])),
        certificate=certificate,
        properties=[
            {**one, "id": name, "said": said.get(f"property.{name}", one["statement"])}
            for name, one in certificate["properties"].items()
        ],
        offerings=(await page.api.get(f"{where}/summary"))["offerings"],
    )


async def publish(page: PageRequest) -> Response:
    """Publishes an allocation."""
    reason = str(page.held.get("reason", "")).strip()
    return await _said_of(page, "publish", {"reason": reason} if reason else {})


async def unpublish(page: PageRequest) -> Response:
    """Takes a publication back, with a reason, before the first answer to it."""
    return await _said_of(page, "unpublish", {"reason": page.held.get("reason")})


async def _said_of(page: PageRequest, what: str, body: Mapping[str, Any]) -> Response:
    allocation_id = page.of("allocation_id")
    await page.api.ask("POST", path("allocations", allocation_id, what), body=body)
    return page.go(f"/coordinator/allocations/{allocation_id}")


async def _done(page: PageRequest, what: str, body: Mapping[str, Any]) -> Response:
    await page.api.ask("POST", _of(page.of("round_id"), what), body=body)
    return page.go(f"/coordinator/{page.of('round_id')}")


def _of(round_id: str, what: str) -> str:
    return path("rounds", round_id, what)


async def _begun(page: PageRequest, where: str, body: Mapping[str, Any]) -> Response:
    """Asks for a job, and shows how far it is."""
    job = (await page.api.ask("POST", where, body=body)).json()
    return page.go(f"/jobs/{job['id']}?from={page.of('round_id')}")
