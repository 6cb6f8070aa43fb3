"""The demo: the shipped round, open and once decided, and one person in each role to be."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from admissions_api.installation import Installation
from admissions_api.jobs.worker import work_on_next
from admissions_api.settings import Settings
from admissions_api.tokens import Caller
from admissions_pages.asking import Api, path

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


def demo_settings(settings: Settings) -> Settings:
    """The settings of a demo: beside the installation's own folder, and never its database."""
    home = settings.home.with_name(f"{settings.home.name}-demo")
    return settings.model_copy(update={"home": home, "database": None})


def fill(app: FastAPI) -> None:
    """Fills an empty installation: one round that is open, and one whose allocation is asked for.

    The worker allocates it while the pages are served already; then it is published.
    """
    asyncio.run(_filled(app, app.state.installation))
    publishing = _published(app, app.state.installation)
    threading.Thread(target=asyncio.run, args=(publishing,), daemon=True).start()


async def _filled(app: FastAPI, installation: Installation) -> None:
    api = Api(app, installation, DEMO_CALLERS["coordinator"], "nb")
    if (await api.get("/v1/rounds"))["total"]:
        return
    for new in (_DECIDED, _OPEN):
        await api.ask("POST", "/v1/rounds", body=new)
        await api.ask("POST", path("rounds", new["id"], "cut-offs"), body={"draws": _DRAWS})
        _worked(installation)
    decided = path("rounds", _DECIDED["id"])
    await api.ask("POST", f"{decided}/close", body={"early": True})
    await api.ask("POST", f"{decided}/allocations", body={})


async def _published(app: FastAPI, installation: Installation) -> None:
    """Publishes the allocation that was asked for, once it is made."""
    while True:
        api = Api(app, installation, DEMO_CALLERS["coordinator"], "nb")
        one = await api.get(path("rounds", _DECIDED["id"]))
        made = await api.all("/v1/allocations", round=_DECIDED["id"])
        if one["state"] != "closed":
            return
        if made:
            await api.ask("POST", path("allocations", made[0]["id"], "publish"))
            return
        await asyncio.sleep(1)


def _worked(installation: Installation) -> None:
    while work_on_next(installation.store, installation.settings):
        pass
