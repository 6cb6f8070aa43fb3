"""The analyst's pages: scenarios in words, what counts where, simulations and their reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from starlette.responses import Response

from admissions.model.words import words
from admissions.report.matrix import told_rows
from admissions.rulebooks.catalogue import shown_scenarios
from admissions.rulebooks.matrix import matrix_on
from admissions_pages.asking import RefusedError, path
from admissions_pages.page import HEADERS, PageRequest, rulebooks
from admissions_pages.tasks import ToDo

MATRIX_DAY = dt.date(2019, 8, 1)
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)
"""Of a comparison's report, which is one page with its styles in it, and no script."""
SHOWN_FIRST = (
    "met", "municipalities", "seats-empty", "first-wish", "without-offer",
    "further-education-share",
)  # fmt: skip


async def tasks(page: PageRequest, rounds: Sequence[Mapping[str, Any]]) -> list[ToDo]:
    """Where an analyst begins, the simulations that run, and rounds to compare."""
    jobs = (await page.api.get("/v1/jobs", limit=50))["items"]
    running = [job for job in jobs if job["state"] in ("queued", "running")]
    done = [job for job in jobs if job["state"] == "done"]
    found = [
        ToDo(f"/jobs/{job['id']}", page.say("pages-analyst.task-running", job=job["id"]))
        for job in running
    ]
    found.append(ToDo("/analyst", page.say("pages-analyst.task-done", count=len(done)), len(done)))
    scenarios = len(await page.api.get("/v1/scenarios"))
    said = page.say("pages-analyst.task-scenarios", count=scenarios)
    found.append(ToDo("/analyst/scenarios", said, scenarios))
    found.append(ToDo("/analyst/explore", page.say("pages-explore.task")))
    found.append(ToDo("/analyst/matrix", page.say("pages-analyst.matrix")))
    return found


async def analyses(page: PageRequest) -> Response:
    """Simulations and comparisons: ask for one, and open what is there."""
    return await _asked(page)


async def simulate(page: PageRequest) -> Response:
    """Asks for a simulation, as a job."""
    chosen = _chosen(page)
    body = {"scenarios": chosen, "draws": _whole(page, "draws"), "seed": _whole(page, "seed")}
    answer = await page.api.ask("POST", "/v1/simulations", body=body, refusing=False)
    if answer.status == 422:
        few = len(chosen) not in range(2, 11)
        return await _asked(page, "pages-analyst.too-few" if few else "pages-analyst.no-number")
    if not answer.good:
        raise RefusedError(answer)
    return page.go(f"/jobs/{answer.json()['id']}")


async def open_comparison(page: PageRequest) -> Response:
    """Opens the comparison whose name the coordinator has told."""
    name = page.request.query_params.get("comparison", "").strip()
    where = path("comparisons", name)
    if not name or await page.api.found(where) is None:
        return await _asked(page, "pages-analyst.no-comparison")
    return page.go(f"/analyst/comparisons/{where.rsplit('/', 1)[1]}/report")


async def scenarios(page: PageRequest) -> Response:
    """Every shipped scenario with what it is for."""
    return page.show("analyst-scenarios.html", scenarios=_told_scenarios())


@cache
def _told_scenarios() -> tuple[Mapping[str, Any], ...]:
    """The shipped scenarios as the page tells them; they stay the same while the program runs."""
    return tuple(
        {
            "id": shown.id,
            "extends": shown.extends,
            **shown.scenario.model_dump(include={"title", "why"}),
        }
        for shown in shown_scenarios()
    )


async def scenario(page: PageRequest) -> Response:
    """One scenario in words: its settings, its own changes, its assumptions."""
    shown = await page.api.get(path("scenarios", page.of("scenario")))
    return page.show("analyst-scenario.html", shown=shown, scenario=shown["scenario"])


async def matrix(page: PageRequest) -> Response:
    """What counts where: a row a kind of rule, a column an offering."""
    found = matrix_on(rulebooks(), MATRIX_DAY)
    rows = told_rows(found, page.language)
    return page.show(
        "analyst-matrix.html",
        day=MATRIX_DAY.year,
        offerings=[name for name, version in found.versions.items() if version],
        sections=list(dict.fromkeys(row.section for row in rows)),
        rows=rows,
    )


async def simulation(page: PageRequest) -> Response:
    """A simulation's report: its scenarios side by side, mean and 5-95 %, and the differences."""
    found = await page.api.get(path("simulations", page.of("simulation_id")))
    measured = found["tables"]["measures"]
    return page.show(
        "analyst-simulation.html",
        found=found,
        simulation_id=page.of("simulation_id"),
        measures=_side_by_side(page, found, [r for r in measured if not r["group"]]),
    )


async def report(page: PageRequest) -> Response:
    """A comparison's report, as it is: one page, under a policy of its own."""
    where = path("comparisons", page.of("comparison_id"), "report")
    answer = await page.api.ask("GET", where)
    headers = {**HEADERS, "Content-Security-Policy": REPORT_POLICY}
    return Response(answer.body, 200, headers, "text/html; charset=utf-8")


def _side_by_side(
    page: PageRequest, found: Mapping[str, Any], rows: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """A row a measure of everybody together: what each scenario gives."""
    said = words("report-simulation", page.language)
    names = list(dict.fromkeys(row["measure"] for row in rows if not row["offering"]))
    names.sort(key=lambda name: (name not in SHOWN_FIRST, names.index(name)))
    return [
        {
            "measure": name,
            "said": said.get(f"measure.{name}", name),
            "first": name in SHOWN_FIRST,
            "by": {
                row["scenario"]: row
                for row in rows
                if row["measure"] == name and not row["offering"]
            },
        }
        for name in names
    ]


async def _asked(page: PageRequest, wrong: str = "") -> Response:
    listed = await page.api.get("/v1/scenarios")
    jobs = await page.api.all("/v1/jobs")
    return page.show(
        "analyst.html",
        status=422 if wrong else 200,
        scenarios=listed,
        jobs=jobs,
        wrong=wrong,
        chosen=_chosen(page) or ["current-2019", "harmonised-2023"],
        draws=str(page.held.get("draws", "20")),
        seed=str(page.held.get("seed", "1")),
    )


def _chosen(page: PageRequest) -> list[str]:
    return [str(name) for name in page.held.getlist("scenario")]


def _whole(page: PageRequest, name: str) -> int | str:
    """The number in a field, or the text as it is, which the API refuses."""
    text = str(page.held.get(name, "")).strip()
    return int(text) if text.isdecimal() and len(text) < 19 else text
