"""Opening a round, and correcting its title and deadline, on the coordinator's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from admissions_pages.asking import PageAnswer, RefusedError, path
from admissions_pages.page import PageRequest, ShownError

TEXTS = ("id", "title", "scenario", "institution", "case", "appeal_body", "salt")
DATES = ("rules_on", "answer_deadline")
NUMBERS = ("year", "seed")
_OSLO = ZoneInfo("Europe/Oslo")


async def form(page: PageRequest) -> Response:
    """The form to open a round."""
    return await _shown(page, {"scenario": "leader-within-service"})


async def open_round(page: PageRequest) -> Response:
    """Opens the round; what is wrong stands above the form as it was filled in."""
    names = (*TEXTS, *DATES, *NUMBERS, "deadline")
    held = {name: str(page.held.get(name, "")).strip() for name in names}
    stated: dict[str, Any] = {name: held[name] for name in (*TEXTS, *DATES) if held[name]}
    stated |= {name: _number(held[name]) for name in NUMBERS if held[name]}
    stated["deadline"] = _time(held["deadline"])
    sent = await page.api.ask("POST", "/v1/rounds", body=stated, refusing=False)
    if sent.good:
        return page.go(f"/coordinator/{stated['id']}")
    if sent.status not in (409, 422):
        raise RefusedError(sent)
    return await _shown(page, held, sent)


async def correct(page: PageRequest) -> Response:
    """Corrects title and deadline, with a reason."""
    round_id = page.of("round_id")
    title, deadline = (str(page.held.get(name, "")).strip() for name in ("title", "deadline"))
    stated: dict[str, Any] = {"reason": page.held.get("reason")}
    stated |= {"title": title} if title else {}
    stated |= {"deadline": _time(deadline)} if deadline else {}
    if len(stated) == 1:
        raise ShownError(422, "nothing-corrected")
    await page.api.ask("PATCH", path("rounds", round_id), body=stated)
    return page.go(f"/coordinator/{round_id}")


def _number(text: str) -> int | str:
    """A whole number; what is none is left for the API to refuse."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 30 else text


def _time(text: str) -> str:
    """A day and time as a browser states them, on Norway's clock; other text as it is."""
    try:
        stated = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return (stated if stated.tzinfo else stated.replace(tzinfo=_OSLO)).isoformat()


async def _shown(
    page: PageRequest, held: Mapping[str, str], refused: PageAnswer | None = None
) -> Response:
    return page.show(
        "opening.html",
        status=200 if refused is None else refused.status,
        scenarios=await page.api.get("/v1/scenarios"),
        held={**dict.fromkeys((*TEXTS, *DATES, *NUMBERS, "deadline"), ""), **held},
        refused=None if refused is None else refused.json(),
    )
