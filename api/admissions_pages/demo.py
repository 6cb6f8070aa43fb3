"""The demo: the shipped round, open and once decided, and one person in each role to be."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import FastAPI

from admissions_api.installation import Installation
from admissions_api.jobs.worker import work_on_next
from admissions_api.settings import Settings
from admissions_api.tokens import Caller
from admissions_pages.asking import Api, RefusedError, path

DEMO_CALLERS: Mapping[str, Caller] = {
    "office": Caller("demo-office", "office", "oslomet"),
    "coordinator": Caller("demo-coordinator", "coordinator"),
    "leader": Caller("demo-leader", "leader", "S024"),
    "analyst": Caller("demo-analyst", "analyst"),
    "applicant": Caller("demo-applicant", "applicant", "P0074"),
}
"""Who signs in with the button of a role."""

_OPEN: Mapping[str, Any] = {
    "id": "2019",
    "title": "Opptak 2019/20",
    "scenario": "leader-within-service",
    "deadline": "2099-04-15T12:00:00+02:00",
    "shipped": "2019",
}
_DECIDED: Mapping[str, Any] = {**_OPEN, "id": "2019-avgjort", "title": "Opptak 2019/20, avgjort"}
_DRAWS = 20
_SECONDS = 2


def demo_settings(settings: Settings) -> Settings:
    """The settings of a demo: beside the installation's own folder, and never its database."""
    home = settings.home.with_name(f"{settings.home.name}-demo")
    return settings.model_copy(update={"home": home, "database": None})


def fill(app: FastAPI) -> None:
    """Fills an empty installation: a round that is open at once, and beside it one to be decided.

    That one is allocated by the worker while the pages are served already.
    """
    asyncio.run(_opened(app, app.state.installation))
    deciding = _decided(app, app.state.installation)
    threading.Thread(target=asyncio.run, args=(deciding,), daemon=True).start()


def _coordinator(app: FastAPI, installation: Installation) -> Api:
    return Api(app, installation, DEMO_CALLERS["coordinator"], "nb")


async def _opened(app: FastAPI, installation: Installation) -> None:
    api = _coordinator(app, installation)
    if (await api.get("/v1/rounds"))["total"] == 0:
        await _open_with_cut_offs(api, _OPEN)
        _worked(installation)


async def _open_with_cut_offs(api: Api, new: Mapping[str, Any]) -> None:
    await api.ask("POST", "/v1/rounds", body=new)
    await api.ask("POST", path("rounds", new["id"], "cut-offs"), body={"draws": _DRAWS})


async def _decided(app: FastAPI, installation: Installation) -> None:
    """Takes the other round on, a step as soon as the one before is done, until it is published."""
    state = ""
    while state != "published":
        with suppress(RefusedError):  # the database is busy: the same step again
            state = await _taken_on(_coordinator(app, installation))
        await asyncio.sleep(_SECONDS)


async def _taken_on(api: Api) -> str:
    """Takes the next step that can be taken, and returns the state before it."""
    where = path("rounds", _DECIDED["id"])
    one = await api.found(where)
    if one is None:
        await _open_with_cut_offs(api, _DECIDED)
        return "none"
    if one["state"] == "open" and await api.found(f"{where}/cut-offs"):
        await api.ask("POST", f"{where}/close", body={"early": True})
        await api.ask("POST", f"{where}/allocations", body={})
    elif one["state"] == "closed":
        for made in await api.all("/v1/allocations", round=_DECIDED["id"]):
            await api.ask("POST", path("allocations", made["id"], "publish"))
    return str(one["state"])


def _worked(installation: Installation) -> None:
    while work_on_next(installation.store, installation.settings, later=False):
        pass
