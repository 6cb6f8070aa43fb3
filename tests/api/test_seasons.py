"""The year after publication over HTTP: who enters what, what each sees, and what is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from admissions.season.answers import answered
from admissions_api.jobs.calling import carry_out_due
from admissions_api.keeping.erasing import erase_person
from admissions_api.store import Store
from admissions_api.store.audit import SYSTEM, verify
from admissions_api.store.tables import SeasonEventRow, SeasonRow
from admissions_api.tokens import Role
from tests.api.installation import Api
from tests.api.rounds import UIS, VID, allocated, copied, done, opened, upload, worked

ONE_SEAT = {"uis": "offering_id,seats\nuis-juss,1\n", "vid": "offering_id,seats\nvid-minoritet,1\n"}
"""p1, p2 and p3 want the seat at UiS, p1 first by points; p4 has the one at VID before p3."""
Who = tuple[Role, str]
COORDINATOR: Who = ("coordinator", "")
UIS_OFFICE: Who = ("office", "uis")
VID_OFFICE: Who = ("office", "vid")
NAMES = (f"vaar-{number}" for number in count(1))


@dataclass(frozen=True)
class Held:
    """A round of its own in the module's installation, and what callers do with its season."""

    api: Api
    id: str

    def post(self, what: str, body: Any, who: Who, **headers: str) -> Any:
        own = {**self.api.headers(*who), **headers}
        return self.api.client.post(f"/v1/rounds/{self.id}/{what}", json=body, headers=own)

    def get(self, what: str, who: Who) -> Any:
        url = f"/v1/rounds/{self.id}/{what}"
        return self.api.client.get(url, headers=self.api.headers(*who))

    def states(self, who: Who = COORDINATOR) -> dict[str, str]:
        found = self.get("offers", who).json()["items"]
        return {f"{one['person_id']} {one['offering_id']}": one["state"] for one in found}

    def publish(self) -> None:
        for institution, files in (("uis", UIS), ("vid", VID)):
            own = {**files, "offerings.csv": ONE_SEAT[institution]}
            assert upload(self.api, institution, own, self.id).status_code == 200
        made = allocated(self.api, self.id, publish=False)
        answer = self.api.client.post(
            f"/v1/allocations/{made}/publish",
            json={"reason": "one seat each"},
            headers=self.api.headers(*COORDINATOR),
        )
        assert answer.status_code == 200, answer.text

    @property
    def store(self) -> Store:
        return self.api.installation.store

    def chain_is_wrong(self) -> list[str]:
        """What the audit chain says otherwise of the season."""
        with self.store.reading() as session:
            return [one for one in verify(session).findings if f"{self.id}/season" in one]


@pytest.fixture
def held(api: Api) -> Held:
    return Held(api, opened(api, id=next(NAMES)))


@pytest.fixture(scope="module")
def published(api: Api) -> Held:
    first = Held(api, opened(api, id="vaar"))
    first.publish()
    return first


@pytest.fixture
def begun(published: Held) -> Held:
    """A season that began on Monday 3 June 2019; nothing in it goes by the clock.

    Its round is the published one once more, under another id: allocating takes the time.
    """
    held = Held(published.api, copied(published.api, published.id, next(NAMES)))
    answer = held.post("season", {"on": "2019-06-03"}, COORDINATOR)
    assert answer.status_code == 201, answer.text
    assert answer.json()["by_clock"] is False
    return held


def says(person: str, offering: str, answer: str, on: str = "2019-06-05") -> dict[str, Any]:
    row = {"person_id": person, "offering_id": offering, "answer": answer, "answered_on": on}
    return {"answers": [row]}


def test_a_season_begins_when_something_is_published_and_once(held: Held) -> None:
    assert held.post("season", {}, COORDINATOR).status_code == 409
    assert held.get("status", COORDINATOR).status_code == 409
    held.publish()
    assert held.post("season", {}, UIS_OFFICE).status_code == 403
    began = held.post("season", {"policy": {"answer_days": 10}}, COORDINATOR)
    assert (began.status_code, began.json()["policy"]["answer_days"]) == (201, 10)
    assert began.json()["by_clock"] is True
    assert held.post("season", {}, COORDINATOR).status_code == 409


def test_an_answer_is_entered_once_and_a_contradicting_one_refused(begun: Held) -> None:
    assert begun.states()["p1 uis-juss"] == "offered"
    first = begun.post("answers", says("p1", "uis-juss", "decline"), UIS_OFFICE)
    assert (first.status_code, first.json()["entered"]) == (200, 1)
    assert first.json()["changes"] == [
        {
            "person_id": "p1", "offering_id": "uis-juss", "before": "offered", "after": "declined",
        }
    ]  # fmt: skip
    again = begun.post("answers", says("p1", "uis-juss", "decline"), UIS_OFFICE)
    assert (again.json()["entered"], again.json()["had"]) == (0, 1)
    other = begun.post("answers", says("p1", "uis-juss", "accept"), UIS_OFFICE)
    assert other.status_code == 422
    assert "yes (accept) is not possible" in other.text
    keyed = begun.post("answers", says("p4", "vid-minoritet", "accept"), VID_OFFICE,
                 **{"Idempotency-Key": "k"})  # fmt: skip
    replayed = begun.post("answers", says("p4", "vid-minoritet", "accept"), VID_OFFICE,
                    **{"Idempotency-Key": "k"})  # fmt: skip
    assert (keyed.json(), "idempotency-replayed" in replayed.headers) == (replayed.json(), True)


def test_of_many_answers_with_an_error_none_is_entered(begun: Held) -> None:
    many = {"answers": [*says("p1", "uis-juss", "decline")["answers"],
                        *says("p2", "uis-juss", "accept")["answers"]]}  # fmt: skip
    answer = begun.post("answers", many, UIS_OFFICE)
    assert answer.status_code == 422
    assert [(one["file"], one["row"]) for one in answer.json()["errors"]] == [("answers", 2)]
    assert begun.states()["p1 uis-juss"] == "offered"


def test_an_office_enters_nothing_at_anothers_and_learns_nothing_of_them(begun: Held) -> None:
    assert (
        begun.post("answers", says("p4", "vid-minoritet", "decline"), UIS_OFFICE).status_code == 403
    )
    told = begun.post("answers", says("p4", "uis-juss", "decline"), UIS_OFFICE)
    assert (told.status_code, "vid" in told.text) == (422, False)
    assert set(begun.states(UIS_OFFICE)) == {"p1 uis-juss", "p2 uis-juss", "p3 uis-juss"}
    assert set(begun.get("status", UIS_OFFICE).json()["offerings"]) == {"uis-juss"}
    assert begun.get("offers/p4", UIS_OFFICE).status_code == 404
    begun.post("answers", says("p4", "vid-minoritet", "accept"), VID_OFFICE)
    events = begun.get("events", UIS_OFFICE).json()["items"]
    assert [one["event"] for one in events] == ["start"]
    correction = {
        "event": "correct", "person_id": "p1", "offering_id": "uis-juss",
        "fact": "bachelor_grade", "value": "4.5", "on": "2019-06-06", "reason": "transcript",
    }  # fmt: skip
    assert begun.post("events", {"events": [correction]}, UIS_OFFICE).status_code == 403


def test_a_call_is_tried_then_made_and_each_sees_its_own_part(begun: Held) -> None:
    begun.post("answers", says("p1", "uis-juss", "decline"), UIS_OFFICE)
    own = begun.api.headers(*COORDINATOR)
    tried = done(
        begun.api, begun.post("calls", {"on": "2019-06-06", "dry_run": True}, COORDINATOR), own
    )
    told = begun.api.client.get(f"/v1/jobs/{tried['id']}/result", headers=own).json()
    assert [(o["person_id"], o["offering_id"]) for o in told["offers"]] == [("p2", "uis-juss")]
    assert begun.states()["p2 uis-juss"] == "waiting"
    done(begun.api, begun.post("calls", {"on": "2019-06-06"}, COORDINATOR), own)
    assert begun.states()["p2 uis-juss"] == "offered"
    assert [o["person_id"] for o in begun.get("calls/2", UIS_OFFICE).json()["offers"]] == ["p2"]
    assert begun.get("calls/2", VID_OFFICE).json()["offers"] == []
    chains = begun.get("calls/2", COORDINATOR).json()["chains"]
    steps = [(one["step"], one["offering_id"], one["person_id"]) for one in chains]
    assert steps == [(0, "uis-juss", "p1"), (1, "uis-juss", "p2")]
    assert begun.get("calls/2", UIS_OFFICE).json()["chains"] == []
    assert begun.get("calls", UIS_OFFICE).json()["total"] == 1
    assert begun.post("calls", {}, UIS_OFFICE).status_code == 403
    history = begun.get("offers/p2?language=en", UIS_OFFICE).json()
    assert history[0]["happenings"][0]["text"] == (
        "6 June 2019: You were called when a seat was given up."
    )
    assert begun.chain_is_wrong() == []


def test_a_leader_sees_the_states_of_own_staff_alone_and_an_applicant_all_of_their_own(
    begun: Held,
) -> None:
    staff = begun.get("offers", ("leader", "T1")).json()["items"]
    assert {one["person_id"] for one in staff} == {"p1", "p2"}
    assert {(one["deadline"], one["waiting_number"], one["preference"]) for one in staff} == {
        (None, None, None)
    }
    mine = begun.get("offers/p1", ("applicant", "p1")).json()
    assert [one["offering_id"] for one in mine] == ["uis-juss", "vid-minoritet"]
    assert mine[0]["deadline"] == "2019-06-11"
    assert begun.get("offers/p2", ("applicant", "p1")).status_code == 403
    assert begun.get("offers/p1", ("leader", "T1")).status_code == 403
    assert begun.get("offers", ("analyst", "")).status_code == 403


def test_an_applicant_answers_for_themselves_alone_and_today(published: Held) -> None:
    published.get("status", COORDINATOR)
    held = Held(published.api, opened(published.api, id=next(NAMES)))
    held.publish()
    assert held.post("season", {}, COORDINATOR).status_code == 201
    yes = says("p1", "uis-juss", "accept")
    mine: Who = ("applicant", "p1")
    answers = [{k: v for k, v in one.items() if k != "answered_on"} for one in yes["answers"]]
    assert held.post("answers", {"answers": answers}, ("applicant", "p2")).status_code == 403
    assert held.post("answers", yes, mine).status_code == 422
    taken = held.post("answers", {"answers": answers}, mine)
    assert taken.status_code == 200, taken.text
    assert {one["person_id"] for one in taken.json()["changes"]} == {"p1"}
    assert held.states()["p1 uis-juss"] == "accepted"
    event = held.get("events", COORDINATOR).json()["items"][-1]
    assert (event["event"], event["by"]) == ("accept", "applicant")
    assert held.chain_is_wrong() == []


def test_a_correction_is_tried_and_then_gives_the_extra_seat(begun: Held) -> None:
    correction = {
        "event": "correct", "person_id": "p2", "fact": "bachelor_grade", "value": "5",
        "on": "2019-06-06", "reason": "transcript",
    }  # fmt: skip
    tried = begun.post("events", {"events": [correction], "dry_run": True}, COORDINATOR)
    assert tried.status_code == 200, tried.text
    assert [one["after"] for one in tried.json()["changes"]] == ["offered"]
    assert begun.states()["p2 uis-juss"] == "waiting"
    begun.post("events", {"events": [correction]}, COORDINATOR)
    assert begun.states()["p2 uis-juss"] == "offered"
    assert begun.states()["p1 uis-juss"] == "offered"
    event = begun.get("events", COORDINATOR).json()["items"][-1]
    assert (event["detail"]["old"], event["by"]) == ("3.9", "coordinator")


def test_an_office_records_what_is_its_own(begun: Held) -> None:
    placed = {
        "event": "place", "person_id": "p3", "offering_id": "uis-juss", "on": "2019-06-06",
        "reason": "because",
    }  # fmt: skip
    assert (
        "needs a reason from the list"
        in begun.post("events", {"events": [placed]}, UIS_OFFICE).text
    )
    placed["reason"] = "office-error"
    assert begun.post("events", {"events": [placed]}, UIS_OFFICE).status_code == 200
    assert begun.states()["p3 uis-juss"] == "offered"
    assert begun.get("events", UIS_OFFICE).json()["items"][-1]["by"] == "office uis"


def test_reminders_and_deadlines_are_carried_out_once_each_also_after_a_restart(
    begun: Held,
) -> None:
    """Offers of 3 June are due on Tuesday the 11th; the silent are to be reminded on the 9th."""
    store = begun.store
    with store.writing() as session:
        row = session.get_one(SeasonRow, begun.id)
        row.by_clock, row.due_on = True, "2019-06-09"
    day = dt.date(2019, 6, 8)
    assert carry_out_due(store, day) == 0
    begun.post("answers", says("p4", "vid-minoritet", "accept"), VID_OFFICE)
    assert [carry_out_due(store, day + dt.timedelta(days=n)) for n in (1, 1, 2, 3)] == [1, 0, 0, 0]
    reminded = begun.get("status?on=2019-06-10", UIS_OFFICE).json()["reminded"]
    assert [one["person_id"] for one in reminded] == ["p1"]
    again = Store(begun.api.settings.database_url)
    assert [carry_out_due(again, dt.date(2019, 6, n)) for n in (12, 12, 13)] == [1, 0, 0]
    again.close()
    assert begun.states()["p1 uis-juss"] == "expired"
    assert begun.states()["p4 vid-minoritet"] == "accepted"
    events = begun.get("events", COORDINATOR).json()["items"]
    assert [(one["event"], one["by"]) for one in events] == [
        ("start", "coordinator"), ("accept", "office vid"), ("expire", "system"),
    ]  # fmt: skip
    assert begun.chain_is_wrong() == []


def test_a_call_that_was_thought_out_for_another_season_is_not_stored(begun: Held) -> None:
    asked = begun.post("calls", {"on": "2019-06-12"}, COORDINATOR)
    store = begun.store
    from admissions_api.jobs.calling import call_next
    from admissions_api.jobs.task import Task

    request = {"round": begun.id, "on": "2019-06-12", "dry_run": False, "asked_by": "c"}
    outcome = call_next(Task("call-9", store, begun.api.settings, request, lambda _n, _of: None))
    begun.post("answers", says("p1", "uis-juss", "accept"), UIS_OFFICE)
    assert outcome.keep is not None
    from admissions_api.problems import ProblemError

    with pytest.raises(ProblemError, match="meanwhile"), store.writing() as session:
        outcome.keep(session)
    worked(begun.api)
    assert (
        begun.api.client.get(
            asked.headers["location"], headers=begun.api.headers(*COORDINATOR)
        ).json()["state"]
        == "done"
    )
    assert begun.states()["p1 uis-juss"] == "accepted"


def test_answers_that_two_enter_at_once_are_both_there(
    begun: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another enters while an answer is worked out is taken into account, not refused."""
    waiting = [says("p4", "vid-minoritet", "accept")]

    def slowly(*given: Any) -> Any:
        found = answered(*given)
        if waiting:
            assert begun.post("answers", waiting.pop(), COORDINATOR).status_code == 200
        return found

    monkeypatch.setattr("admissions_api.routes.season_entries.answered", slowly)
    answer = begun.post("answers", says("p1", "uis-juss", "accept"), UIS_OFFICE)
    assert answer.status_code == 200, answer.text
    states = begun.states()
    assert (states["p1 uis-juss"], states["p4 vid-minoritet"]) == ("accepted", "accepted")
    assert begun.chain_is_wrong() == []


def test_an_event_that_is_altered_in_the_database_is_found(begun: Held) -> None:
    begun.post("answers", says("p1", "uis-juss", "decline"), UIS_OFFICE)
    own = (SeasonEventRow.round_id == begun.id, SeasonEventRow.seq == 2)

    def alter(event: str) -> None:
        with begun.store.writing() as session:
            session.execute(update(SeasonEventRow).where(*own).values(event=event))

    alter("accept")
    assert begun.chain_is_wrong() == [
        f"rounds/{begun.id}/season, events: is not what the chain says",
    ]
    alter("decline")
    assert begun.chain_is_wrong() == []


def test_who_is_erased_is_in_no_event_and_the_chain_holds(begun: Held) -> None:
    begun.post("answers", says("p1", "uis-juss", "decline"), UIS_OFFICE)
    store = begun.store
    erase_person(store, "p1", "asked for it", SYSTEM)
    assert begun.chain_is_wrong() == []
    assert "p1" not in begun.get("events", COORDINATOR).text
    assert set(begun.states()) == {
        "p2 uis-juss", "p3 uis-juss", "p3 vid-minoritet", "p4 vid-minoritet",
    }  # fmt: skip
