"""Letters on pages: an office makes, reads and releases them; each person reads their own."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import tomli_w
from starlette.datastructures import UploadFile
from starlette.responses import Response

from admissions_api.uploads import CSV, MEDIA_TYPES
from admissions_pages.asking import PageAnswer, RefusedError, path
from admissions_pages.page import HEADERS, PageRequest

DECISION = ("decided_on", "signatory", "case", "answer_deadline", "appeal_body")
"""What a decision must say and the round may not: fields of the form."""
DAYS = ("decided_on", "answer_deadline")
_REFUSED_IN_PLACE = (409, 413, 415, 422)


async def letters(page: PageRequest) -> Response:
    """The letters that are made, and a form to make new ones."""
    return await _shown(page)


async def make(page: PageRequest) -> Response:
    """Makes the letters, as a job; what is wrong with the contacts stands on the page."""
    data, kind = await _beside(page)
    sent = await page.api.ask(
        "POST",
        _at(page),
        query={"changed_alone": "true"} if page.held.get("changed") else {},
        data=data,
        headers={"content-type": kind},
        refusing=False,
    )
    if not sent.good and sent.status not in _REFUSED_IN_PLACE:
        raise RefusedError(sent)
    if not sent.good:
        return await _shown(page, sent)
    return page.go(f"/jobs/{sent.json()['id']}?from={page.of('round_id')}")


async def _beside(page: PageRequest) -> tuple[bytes, str]:
    """What the letters are made with: contacts, and what the form states of the decision.

    A zip with a template of its own is sent as it is.
    """
    file = page.held.get("file")
    given = file if isinstance(file, UploadFile) and file.filename else None
    data = b"" if given is None else await given.read()
    name = "" if given is None else str(given.filename).lower()
    stated = {key: str(page.held.get(key, "")).strip() for key in DECISION}
    stated = {key: text for key, text in stated.items() if text}
    if name.endswith(".zip") or not stated:
        return data, CSV if name.endswith(".csv") else MEDIA_TYPES[0]
    values = {key: _day(text) if key in DAYS else text for key, text in stated.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("template.toml", tomli_w.dumps({"decision": values}))
        if data:
            archive.writestr("contacts.csv" if name.endswith(".csv") else "contacts.xlsx", data)
    return packed.getvalue(), MEDIA_TYPES[0]


def _day(text: str) -> dt.date | str:
    """A day; text that is none is left for the API to refuse."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


async def made(page: PageRequest) -> Response:
    """Letters that are made: to whom, each to look at, all to take along, and releasing them."""
    every = await page.api.all(_at(page))
    found = [one for one in every if one["id"] == page.of("letters_id")]
    return page.show(
        "letters-made.html",
        round=await page.api.get(path("rounds", page.of("round_id"))),
        letters=found[0] if found else None,
        people=await page.api.all(_at(page, page.of("letters_id"))),
    )


async def release(page: PageRequest) -> Response:
    """Releases letters: from now on each person can read their own."""
    letters_id = page.of("letters_id")
    await page.api.ask("POST", _at(page, letters_id, "release"), body={})
    return page.go(f"/office/{page.of('round_id')}/letters/{letters_id}")


async def file(page: PageRequest) -> Response:
    """All letters as a zip."""
    letters_id = page.of("letters_id")
    answer = await page.api.ask("GET", _at(page, letters_id, "file"))
    return _file(answer, f"{letters_id}.zip", "application/zip")


async def one(page: PageRequest) -> Response:
    """One letter as PDF: for the office to look at, for an applicant their own."""
    letters_id = page.of("letters_id")
    person = page.caller.scope if page.caller.role == "applicant" else page.of("person_id")
    answer = await page.api.ask("GET", _at(page, letters_id, "persons", person))
    return _file(answer, f"{letters_id}.pdf", "application/pdf")


async def to_oneself(page: PageRequest) -> list[Mapping[str, Any]]:
    """An applicant's own letters that are released, the last first; none where there are none."""
    found = await page.api.found(_at(page))
    return [] if found is None else list(found["items"])


def _at(page: PageRequest, *steps: str) -> str:
    return path("rounds", page.of("round_id"), "letters", *steps)


def _file(answer: PageAnswer, name: str, kind: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(answer.body, 200, headers, kind)


async def _shown(page: PageRequest, refused: PageAnswer | None = None) -> Response:
    return page.show(
        "letters.html",
        status=200 if refused is None else refused.status,
        round=await page.api.get(path("rounds", page.of("round_id"))),
        every=await page.api.all(_at(page)),
        decision=DECISION,
        days=DAYS,
        held={name: str(page.held.get(name, "")) for name in DECISION},
        refused=None if refused is None else refused.json(),
    )
