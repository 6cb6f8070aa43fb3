"""Whatever is done in whatever order: no fault, no lost write, and a chain that holds.

Hypothesis draws what offices, leaders, the coordinator and whoever kills the service do; a longer
run by hand: ``python -m tests.api.test_any_order 300``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import update

from admissions_api.jobs import queue
from admissions_api.store.audit import verify
from admissions_api.store.tables import JobRow
from tests.api.installation import DATABASES, Api, running
from tests.api.rounds import ROUND, UIS, VID, upload, worked

PARTS = {"uis": UIS, "vid": VID}
STAFF = {"T1": ["p1", "p2"], "T2": ["p3", "p4"]}
URL = "/v1/rounds/vaar"
LONG_AGO = "2020-01-01T00:00:00.000000Z"
institutions = strategies.sampled_from(sorted(PARTS))
services = strategies.sampled_from(sorted(STAFF))
people = strategies.sampled_from(["p1", "p2", "p3", "p4"])
words = strategies.sampled_from(["accept", "accept-final", "decline", "leave", "withdraw"])
days = strategies.integers(3, 20)


class AnyOrder(RuleBasedStateMachine):
    """One round on one installation; what was accepted is remembered here beside it.

    ``decided`` begins where an allocation is published: few orders drawn at random come so far.
    """

    kind = "sqlite"
    decided = False

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp())
        self._running = running(self._folder, self.kind)
        self.api = self._running.__enter__()
        self.parts: dict[str, int] = {}
        self.orders: dict[str, int] = {}
        self.published: str | None = None
        self.begun = False
        self.events = 0
        self.head = ""
        answer = self.asked("POST", "/v1/rounds", "coordinator", json=ROUND)
        assert answer.status_code == 201
        if self.decided:
            for institution in PARTS:
                self.uploads(institution, other_grade=False)
            for step in (self.closes, self.allocates, self.works, self.publishes):
                step()
            assert self.published is not None
            self.begins_the_season()

    def asked(self, method: str, url: str, role: Any, scope: str = "", **stated: Any) -> Any:
        answer = self.api.client.request(
            method, url, headers=self.api.headers(role, scope), **stated
        )
        assert answer.status_code < 500, f"{method} {url}: {answer.text}"
        return answer

    @rule(institution=institutions, other_grade=strategies.booleans())
    def uploads(self, institution: str, other_grade: bool) -> None:
        files = dict(PARTS[institution])
        if other_grade:
            files["applicants.csv"] = files["applicants.csv"].replace("4.1", "4.3")
        answer = upload(self.api, institution, files)
        assert answer.status_code in (200, 409), answer.text
        if answer.status_code == 200:
            self.parts[institution] = self.parts.get(institution, 0) + 1
            assert answer.json()["version"] == self.parts[institution], "no version is skipped"

    @rule(service=services, first=strategies.booleans())
    def answers(self, service: str, first: bool) -> None:
        people = STAFF[service] if first else STAFF[service][::-1]
        said = {"orders": [{"offering_id": None, "person_ids": people}], "max_students": 1}
        url = f"{URL}/services/{service}/preferences"
        answer = self.asked("PUT", url, "leader", service, json=said)
        assert answer.status_code in (200, 409, 422), answer.text
        if answer.status_code == 200:
            self.orders[service] = self.orders.get(service, 0) + 1
            assert answer.json()["version"] == self.orders[service]

    @rule()
    def closes(self) -> None:
        answer = self.asked("POST", f"{URL}/close", "coordinator", json={"early": True})
        assert answer.status_code in (200, 409), answer.text

    @rule()
    def reopens(self) -> None:
        said = {"reason": "a part was wrong"}
        answer = self.asked("POST", f"{URL}/reopen", "coordinator", json=said)
        assert answer.status_code in (200, 409), answer.text

    @rule()
    def allocates(self) -> None:
        answer = self.asked("POST", f"{URL}/allocations", "coordinator", json={})
        assert answer.status_code in (202, 409, 422, 429), answer.text

    @rule()
    def works(self) -> None:
        worked(self.api)

    @rule()
    def publishes(self) -> None:
        listed = self.asked("GET", "/v1/allocations", "coordinator").json()["items"]
        for row in listed[:1]:
            url = f"/v1/allocations/{row['id']}/publish"
            answer = self.asked("POST", url, "coordinator")
            assert answer.status_code in (200, 409), answer.text
            if answer.status_code == 200:
                self.published = row["id"]

    @rule()
    def begins_the_season(self) -> None:
        answer = self.asked("POST", f"{URL}/season", "coordinator", json={"on": "2019-06-03"})
        assert answer.status_code in (201, 409), answer.text
        self.begun = self.begun or answer.status_code == 201

    @rule(person=people, word=words, day=days)
    def an_applicant_answers(self, person: str, word: str, day: int) -> None:
        offers = self.asked("GET", f"{URL}/offers/{person}", "coordinator")
        assert offers.status_code in (200, 404, 409), offers.text
        for one in offers.json() if offers.status_code == 200 else []:
            said = {"person_id": person, "offering_id": one["offering_id"], "answer": word}
            body = {"answers": [{**said, "answered_on": f"2019-06-{day:02}"}]}
            institution = one["offering_id"].split("-")[0]
            answer = self.asked("POST", f"{URL}/answers", "office", institution, json=body)
            assert answer.status_code in (200, 422), answer.text
            if answer.status_code == 200:
                self.events += answer.json()["entered"]

    @rule(day=days, dry_run=strategies.booleans())
    def calls(self, day: int, dry_run: bool) -> None:
        body = {"on": f"2019-06-{day:02}", "dry_run": dry_run}
        answer = self.asked("POST", f"{URL}/calls", "coordinator", json=body)
        assert answer.status_code in (202, 409, 429), answer.text

    @rule()
    def takes_the_publication_back(self) -> None:
        if self.published is not None:
            url = f"/v1/allocations/{self.published}/unpublish"
            answer = self.asked("POST", url, "coordinator", json={"reason": "too early"})
            assert answer.status_code in (200, 409), answer.text
            assert not (self.begun and answer.status_code == 200), "applicants know it"
            if answer.status_code == 200:
                self.published = None

    @rule()
    def a_worker_is_killed(self) -> None:
        """It has taken a job and gives no sign of life any more."""
        store = self.api.installation.store
        taken = queue.take(store)
        if taken is not None:
            with store.writing() as session:
                session.execute(update(JobRow).where(JobRow.id == taken.id).values(beat=LONG_AGO))

    @rule()
    def the_server_is_killed(self) -> None:
        """Another one starts on the same database."""
        self.api.close()
        self.api = Api(self.api.settings)

    @invariant()
    def the_chain_holds_and_grows(self) -> None:
        with self.api.installation.store.reading() as session:
            found = verify(session, self.head or None)
        assert found.findings == ()
        self.head = found.head

    @invariant()
    def nothing_accepted_is_lost(self) -> None:
        listed = self.asked("GET", f"{URL}/parts", "coordinator").json()
        assert {row["institution"]: row["version"] for row in listed} == self.parts
        for service, version in self.orders.items():
            url = f"{URL}/services/{service}/preferences/versions"
            found = self.asked("GET", url, "leader", service).json()
            assert found["total"] == version
        if self.begun:
            events = self.asked("GET", f"{URL}/events", "coordinator").json()
            assert events["total"] >= self.events + 1, "the answers, and that it began"
        if self.published is not None:
            url = f"/v1/allocations/{self.published}/decisions"
            assert self.asked("GET", url, "office", "uis").status_code == 200

    def teardown(self) -> None:
        self.api.close()
        self._running.__exit__(None, None, None)
        shutil.rmtree(self._folder)


def run(kind: str, examples: int, steps: int, *, decided: bool, derandomize: bool) -> None:
    """Draws ``examples`` orders of ``steps`` each on a database of ``kind``."""
    machine = type("AnyOrderOnOne", (AnyOrder,), {"kind": kind, "decided": decided})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=derandomize,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("decided", [False, True])
def test_in_any_order_nothing_is_lost_and_the_chain_holds(kind: str, decided: bool) -> None:
    run(kind, 2, 12, decided=decided, derandomize=True)


if __name__ == "__main__":
    for each in DATABASES:
        for begun in (False, True):
            run(each, int(sys.argv[1]), 30, decided=begun, derandomize=False)
            sys.stdout.write(f"{each}, {begun}: {sys.argv[1]} orders\n")
