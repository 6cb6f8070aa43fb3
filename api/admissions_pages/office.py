"""The office's pages: its part and the errors in it, who is qualified, decisions, downloads."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.responses import Response

from admissions_api.institutions import own_offerings
from admissions_api.marking import Marked, marked
from admissions_api.problems import ProblemError
from admissions_api.settings import MEBIBYTE
from admissions_api.uploads import MEDIA_TYPES
from admissions_pages.asking import PageAnswer, RefusedError, path
from admissions_pages.page import HEADERS, PageRequest, ShownError
from admissions_pages.season import page_number, season_tasks, status_of
from admissions_pages.tasks import ToDo

A_PAGE = 50
MOST_INLINE = 4 * MEBIBYTE
"""A marked workbook that is larger is not given back."""
OUTCOMES = ("offered", "waiting", "lapsed", "not-qualified", "declined")
_UNREADABLE = (413, 415, 422, 503)
_COLUMNS = (
    "person_id", "offering_id", "preference", "qualified", "points", "rank", "outcome",
    "waiting_number", "reason", "explanation",
)  # fmt: skip


async def tasks(page: PageRequest, rounds: Sequence[Mapping[str, Any]]) -> list[ToDo]:
    """What waits for an office: a part to upload, and decisions to read."""
    found = []
    for one in rounds:
        title = one["title"]
        if one["state"] == "open":
            part = await page.api.found(_part(page, one["id"]))
            key = "pages-office.task-missing" if part is None else "pages-office.task-uploaded"
            count = None if part is None else part["applications"]
            more = page.say("pages-office.until", deadline=page.when(one["deadline"]))
            found.append(ToDo(f"/office/{one['id']}", page.say(key, title=title), count, more))
        elif one["published"]:
            found += await season_tasks(page, one)
            where = path("allocations", one["published"], "decisions")
            total = (await page.api.get(where, limit=1))["total"]
            said = page.say("pages-office.task-decisions", count=total, title=title)
            found.append(ToDo(f"/office/allocations/{one['published']}", said, total))
        else:
            found.append(ToDo(f"/office/{one['id']}", page.say("pages-office.closed", title=title)))
    return found


async def part(page: PageRequest) -> Response:
    """Own part of a round: what is uploaded, and a form to check or upload a file."""
    return await _part_shown(page)


async def upload(page: PageRequest) -> Response:
    """Checks or uploads a file; its errors stand with their places, and nothing is stored then."""
    file = page.held.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _part_shown(page, wrong="pages-office.no-file")
    checking = "check" in page.held
    where = _part(page, page.of("round_id"))
    data = await file.read()
    answer = await page.api.ask(
        "POST" if checking else "PUT",
        f"{where}/check" if checking else where,
        data=data,
        headers={"content-type": "application/zip"},
        refusing=False,
    )
    if not answer.good and answer.status not in _UNREADABLE:
        raise RefusedError(answer)
    found = None if answer.good else await _marked(page, data, answer)
    return await _part_shown(
        page, answer=answer, name=file.filename, checking=checking, found=found
    )


async def _marked(page: PageRequest, data: bytes, answer: PageAnswer) -> Marked | None:
    """The workbook with its errors in its cells, where it is one that can be marked."""
    errors = answer.json().get("errors", [])
    if not errors:
        return None
    try:
        return await page.installation.readers.run(marked, data, errors, page.language)
    except ProblemError:  # it takes too long, or nobody is free: the list of errors is enough
        return None


async def rank(page: PageRequest) -> Response:
    """Ranks own offerings from the own part, as a job."""
    where = f"{_part(page, page.of('round_id'))}/rankings"
    job = (await page.api.ask("POST", where, body={})).json()
    return page.go(f"/jobs/{job['id']}?from={page.of('round_id')}")


async def ranked(page: PageRequest) -> Response:
    """Own offerings ranked: who is qualified, why not, and what the rules give each."""
    found = (await page.api.get(path("jobs", page.of("job_id"), "result"))).get("rankings", {})
    offering = page.request.query_params.get("offering") or next(iter(found), "")
    if offering not in found:
        raise ShownError(404, "no-page")
    rules = await _rules(page, offering)
    table = found[offering]
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    columns = [name for name in table["columns"] if name in rules]
    required = [name for name in columns if rules[name]["place"] == "requirements"]
    return page.show(
        "office-ranking.html",
        round=await page.api.get(path("rounds", page.of("round_id"))),
        job_id=page.of("job_id"),
        chosen=offering,
        offerings=list(found),
        rules={name: rules[name]["title"][page.language] for name in columns},
        rows=[{**row, "not_met": [n for n in required if row[n] == "0"]} for row in rows],
        columns=[name for name in columns if name not in required],
    )


async def decisions(page: PageRequest) -> Response:
    """The decisions at own offerings, by offering and outcome, so many a page."""
    made, rows = await _decisions(page)
    query = page.request.query_params
    offering, outcome = query.get("offering", ""), query.get("outcome", "")
    found = [
        row
        for row in rows
        if offering in ("", row["offering_id"]) and outcome in ("", row["outcome"])
    ]
    pages = max(1, -(-len(found) // A_PAGE))
    number = page_number(query.get("page", "1"), pages)
    kept = {name: value for name, value in query.items() if name in ("offering", "outcome")}
    return page.show(
        "office-decisions.html",
        allocation=made,
        round=await page.api.get(path("rounds", made["round"])),
        season=await status_of(page, made["round"]),
        offerings=own_offerings(page.caller.scope),
        outcomes=[name for name in OUTCOMES if any(row["outcome"] == name for row in rows)],
        chosen=offering,
        outcome=outcome,
        total=len(found),
        rows=found[(number - 1) * A_PAGE : number * A_PAGE],
        page_number=number,
        pages=pages,
        at=lambda n: "?" + urlencode({**kept, "page": n}),
    )


async def decision(page: PageRequest) -> Response:
    """One person's decisions at own offerings, as the person reads them."""
    where = path("allocations", page.of("allocation_id"))
    person = page.of("person_id")
    told = path("allocations", page.of("allocation_id"), "explanations", person)
    letters = await page.api.get(told, language=page.language)
    made = await page.api.get(where)
    return page.show("office-decision.html", allocation=made, person=person, letters=letters)


async def download(page: PageRequest) -> Response:
    """A file of a published allocation: decisions, a ranking, letters, the certificate."""
    name, allocation_id = page.of("name"), page.of("allocation_id")
    where = path("allocations", allocation_id)
    if name == "decisions.csv":
        _, rows = await _decisions(page)
        return _file(f"{allocation_id}-{name}", _csv(rows), "text/csv; charset=utf-8")
    if name == "letters.zip":
        query = {"language": page.language}
        answer = await page.api.ask("GET", f"{where}/letters", query=query)
        return _file(f"{allocation_id}-{name}", answer.body, "application/zip")
    if name == "certificate.json":
        answer = await page.api.ask("GET", f"{where}/certificate")
        return _file(f"{allocation_id}-{name}", answer.body, "application/json")
    offering = name.removesuffix(".csv")
    if offering not in own_offerings(page.caller.scope):
        raise ShownError(404, "no-page")
    answer = await page.api.ask("GET", path("allocations", allocation_id, "rankings", offering))
    return _file(f"{allocation_id}-{name}", answer.body, "text/csv; charset=utf-8")


def _part(page: PageRequest, round_id: str) -> str:
    return path("rounds", round_id, "parts", page.caller.scope)


async def _part_shown(
    page: PageRequest,
    *,
    answer: PageAnswer | None = None,
    name: str = "",
    checking: bool = False,
    wrong: str = "",
    found: Marked | None = None,
) -> Response:
    round_id = page.of("round_id")
    refused = answer is not None and not answer.good
    return page.show(
        "office-part.html",
        round=await page.api.get(path("rounds", round_id)),
        part=await page.api.found(_part(page, round_id)),
        offerings=own_offerings(page.caller.scope),
        said=None if answer is None else answer.json(),
        status=answer.status if answer is not None and refused else 200,
        refused=answer.status if answer is not None and refused else None,
        name=name,
        checking=checking,
        wrong=wrong,
        sheets=() if found is None else found.sheets,
        workbook=_inline(found),
    )


def _inline(found: Marked | None) -> str:
    """The marked workbook as an address that holds it: nothing of a refused file is kept here."""
    if found is None or len(found.workbook) > MOST_INLINE:
        return ""
    return f"data:{MEDIA_TYPES[1]};base64,{base64.b64encode(found.workbook).decode()}"


async def _rules(page: PageRequest, offering: str) -> dict[str, Any]:
    """The rules of an offering by id, of each of its dated versions; the newest wins."""
    versions = await page.api.get(path("rulebooks", offering))
    return {rule["id"]: rule for version in versions for rule in version.get("rules", ())}


async def _decisions(page: PageRequest) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    where = path("allocations", page.of("allocation_id"))
    return await page.api.get(where), await page.api.all(f"{where}/decisions")


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as a spreadsheet opens them; yes and no as in the result's own file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for row in rows:
        qualified = "yes" if row["qualified"] else "no"
        cells = {**row, "qualified": qualified}
        writer.writerow("" if cells[name] is None else cells[name] for name in _COLUMNS)
    return ("\ufeff" + file.getvalue()).encode()


def _file(name: str, data: bytes, kind: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, 200, headers, kind)
