"""The coordinator's pages of a season: beginning it, where it stands, and its calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from admissions.model.policy import Policy
from admissions.model.words import words
from admissions.report.call import chain_sentences
from admissions.season.chains import Link
from admissions_api.clock import today
from admissions_pages.asking import RefusedError, path
from admissions_pages.page import PageRequest, ShownError
from admissions_pages.season import own_place, season_path, state_words, status_of

CHOICES: Mapping[str, tuple[str, ...]] = {
    "better_offer": ("replace", "choose"),
    "silence": ("lose-all", "lose-offer"),
    "target": ("seats", "offers", "risk"),
    "late": ("behind", "among"),
    "appeal": ("extra-seat", "next-free"),
}
"""What of a policy is chosen from a list; the other keys are numbers, or yes and no."""
NUMBERS = ("answer_days", "reminder_days", "risk_percent")


async def season(page: PageRequest) -> Response:
    """Where the season stands, whom it concerns today, and its calls; or a form to begin it."""
    return await _season(page)


async def begin(page: PageRequest) -> Response:
    """Begins the season: the published result is known, and answers can be entered."""
    body: dict[str, Any] = {}
    if page.held.get("on"):
        body["on"] = str(page.held["on"])
    if page.held.get("own-policy"):
        body["policy"] = _policy(page)
    sent = await page.api.ask("POST", season_path(page, "season"), body=body, refusing=False)
    if sent.status == 422:
        return await _season(page, wrong=sent.json())
    if not sent.good:
        raise RefusedError(sent)
    return page.go(own_place(page))


async def call(page: PageRequest) -> Response:
    """Makes the next call, or tries it, as a job."""
    body: dict[str, Any] = {"dry_run": "try" in page.held}
    if page.held.get("on"):
        body["on"] = str(page.held["on"])
    sent = await page.api.ask("POST", season_path(page, "calls"), body=body, refusing=False)
    if sent.status == 422:
        return await _season(page, wrong=sent.json())
    if not sent.good:
        raise RefusedError(sent)
    return page.go(f"/jobs/{sent.json()['id']}?from={page.of('round_id')}")


async def tried(page: PageRequest) -> Response:
    """What came out of a call that was tried, or made, in its job's words."""
    where = path("jobs", page.of("job_id"))
    asked = await page.api.get(where)
    if (asked["kind"], asked["round"]) != ("call", page.of("round_id")):
        raise ShownError(404, "no-page")
    return await _call(page, await page.api.get(f"{where}/result"))


async def made(page: PageRequest) -> Response:
    """One call: what it offered, and how each seat went on."""
    return await _call(page, await page.api.get(season_path(page, "calls", page.of("number"))))


async def _call(page: PageRequest, told: Mapping[str, Any]) -> Response:
    said = words("report-call", page.language)
    steps = [Link(**step) for step in told["chains"]]
    promises = told.get("promises", {})
    return page.show(
        "call.html",
        round=await page.api.get(path("rounds", page.of("round_id"))),
        place=own_place(page),
        call_number=told["call"],
        trying=told.get("dry_run", False),
        expired=told.get("expired", 0),
        offers=told["offers"],
        chains=list(chain_sentences(steps, page.language)),
        promises={name: (said[f"promise.{name}"], holds) for name, holds in promises.items()},
        kind=lambda name: said[f"event.{name}"],
    )


async def _season(page: PageRequest, wrong: Mapping[str, Any] | None = None) -> Response:
    round_id = page.of("round_id")
    status = await status_of(page, round_id)
    made_calls = [] if status is None else await page.api.all(season_path(page, "calls"))
    return page.show(
        "season.html",
        status=200 if wrong is None else 422,
        round=await page.api.get(path("rounds", round_id)),
        place=own_place(page),
        season=status,
        calls=made_calls,
        wrong=wrong,
        choices=CHOICES,
        numbers=NUMBERS,
        policy=Policy().model_dump(mode="json"),
        today=today().isoformat(),
        state=lambda name: state_words(page, name),
    )


def _policy(page: PageRequest) -> dict[str, Any]:
    """The policy that the form states; a number that is none is left for the API to refuse."""
    stated: dict[str, Any] = {name: str(page.held.get(name, "")) for name in CHOICES}
    for name in NUMBERS:
        text = str(page.held.get(name, "")).strip()
        stated[name] = int(text) if text.isdecimal() and len(text) < 9 else text
    stated["waiting_needs_yes"] = bool(page.held.get("waiting_needs_yes"))
    return stated
