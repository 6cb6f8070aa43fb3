"""One journey a role, from the link to the last step: with scripts and without, in each language.

Every page that is opened on the way is looked at by ``Visitor``: its policy, its language, and that
nothing is asked for from elsewhere.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from admissions.model.vocabulary import LANGUAGES, Language
from tests.api.installation import Api
from tests.api.rounds import UIS, VID, allocated, filled, opened, upload, worked, zipped
from tests.pages.browser.conftest import Served, Visit
from tests.pages.browser.visitor import Visitor, sign_in, sign_out
from tests.pages.site import as_role
from tests.pages.test_leader import with_cut_offs

pytestmark = [
    pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"]),
    pytest.mark.parametrize("language", LANGUAGES),
]
WRONG = {**UIS, "applications.csv": "person_id,offering_id,preference\np1,uis-juss,første\n"}


def round_for(role: str, language: Language, *, scripts: bool) -> dict[str, str]:
    """The id and title of a round that no other journey changes."""
    name = f"{role}-{language}-{'js' if scripts else 'plain'}"
    return {"id": name, "title": f"Opptak {name}"}


def choose_file(visitor: Visitor, files: dict[str, str]) -> None:
    given = FilePayload(name="del.zip", mimeType="application/zip", buffer=zipped(files))
    visitor.page.set_input_files("#file", given)


def finished(visitor: Visitor, api: Api) -> None:
    """Lets the job that the page shows be done, and opens what came of it."""
    visitor.reads(visitor.term("state", "queued"))
    worked(api)
    if not visitor.scripts:
        visitor.follow(visitor.say("pages-job.again"))
    visitor.follow(visitor.say("pages-job.open"))


def test_an_office_delivers_ranks_and_reads_its_decisions(
    served: Served, visit: Visit, language: Language, *, scripts: bool
) -> None:
    new = round_for("office", language, scripts=scripts)
    opened(served.api, **new)
    with visit(language=language, scripts=scripts) as office:
        sign_in(office, served.api, "office")
        office.follow(office.say("pages-office.task-missing", title=new["title"]))
        choose_file(office, WRONG)
        office.press(office.say("pages-office.upload"))
        office.reads(office.say("pages-office.nothing-stored"))
        office.picture("office-errors")
        choose_file(office, UIS)
        office.press(office.say("pages-office.upload"))
        office.reads(
            office.say("pages-office.stored", name="del.zip", applicants=3, applications=3)
        )
        office.press(office.say("pages-office.rank"))
        finished(office, served.api)
        assert "p1" in office.page.locator("tbody tr").first.inner_text()
        office.picture("office-ranking")
        upload(served.api, "vid", VID, new["id"])
        made = allocated(served.api, new["id"])
        office.open("/")
        office.page.locator(f'a[href="/office/allocations/{made}"]').click()
        office.look()
        office.picture("office-decisions")
        office.follow("p1")
        office.picture("office-decision")
        sign_out(office)


def test_a_coordinator_takes_a_round_to_its_end(
    served: Served, visit: Visit, language: Language, *, scripts: bool
) -> None:
    new = round_for("coordinator", language, scripts=scripts)
    filled(served.api, **new)
    with visit(language=language, scripts=scripts) as coordinator:
        say = coordinator.say
        sign_in(coordinator, served.api, "coordinator")
        coordinator.follow(new["title"])
        coordinator.press(say("pages-coordinator.make-cut-offs"))
        finished(coordinator, served.api)
        coordinator.picture("coordinator-open")
        coordinator.unfold(say("pages-coordinator.close"))
        coordinator.press(say("pages-coordinator.close-now"))
        coordinator.press(say("pages-coordinator.allocate"))
        finished(coordinator, served.api)
        coordinator.picture("coordinator-allocation")
        coordinator.unfold(say("pages-coordinator.publish"))
        coordinator.press(say("pages-coordinator.publish-now"))
        coordinator.unfold(say("pages-coordinator.unpublish"))
        coordinator.page.fill("#reason-unpublish", "prøve")
        coordinator.press(say("pages-coordinator.unpublish-now"))
        coordinator.unfold(say("pages-coordinator.publish"))
        coordinator.press(say("pages-coordinator.publish-now"))
        coordinator.follow(new["title"])
        coordinator.follow(say("pages-auditor.title"))
        coordinator.reads("allocation.unpublished")
        sign_out(coordinator)


def test_a_leader_orders_sends_changes_and_sees_what_came_of_it(
    served: Served, visit: Visit, language: Language, *, scripts: bool
) -> None:
    new = round_for("leader", language, scripts=scripts)
    with_cut_offs(served.api, **new)
    with visit(language=language, scripts=scripts) as leader:
        say = leader.say
        sign_in(leader, served.api, "leader")
        leader.follow(new["title"])
        leader.button(say("pages-leader.move-up", person="p2")).focus()
        leader.page.keyboard.press("Enter")
        leader.reads(say("pages-leader.tried"))
        assert "p2" in leader.page.locator("ol.order li").first.inner_text()
        if scripts:
            expect(leader.page.locator("#up-p2")).to_be_focused()
        leader.picture("leader-tried")
        leader.press(say("pages-leader.send"))
        leader.reads(say("pages-leader.receipt"))
        leader.picture("leader-receipt")
        leader.open(f"/leader/{new['id']}")
        leader.page.fill("#away", "1")
        leader.press(say("pages-leader.send"))
        leader.reads(say("pages-leader.receipt"))
        allocated(served.api, new["id"])
        leader.open("/")
        leader.follow(new["title"])
        leader.reads(leader.term("outcome", "offered"))
        leader.picture("leader-afterwards")
        sign_out(leader)


def test_an_analyst_reads_the_rules_simulates_and_opens_the_report(
    served: Served, visit: Visit, language: Language, *, scripts: bool
) -> None:
    with visit(language=language, scripts=scripts) as analyst:
        say = analyst.say
        sign_in(analyst, served.api, "analyst")
        analyst.follow(say("pages-analyst.matrix"))
        analyst.picture("analyst-matrix")
        analyst.open("/analyst/scenarios")
        analyst.page.locator('a[href="/analyst/scenarios/harmonised-2023"]').click()
        analyst.look()
        analyst.open("/analyst/explore")
        field = analyst.page.locator("#together")
        field.fill("1")
        field.press("Enter")
        analyst.page.wait_for_url("**/analyst/explore?*together=1*")
        analyst.reads(say("pages-explore.change"))
        expect(analyst.page.locator("#together")).to_have_value("1")
        analyst.picture("analyst-explore")
        analyst.follow(say("pages-explore.map"))
        analyst.reads(say("pages-map.attribution"))
        analyst.picture("analyst-map")
        analyst.open("/analyst")
        analyst.page.fill("#draws", "2")
        analyst.press(say("pages-analyst.simulate-now"))
        finished(analyst, served.api)
        analyst.reads(say("pages-analyst.first-measures"))
        analyst.picture("analyst-simulation")
        sign_out(analyst)


def test_an_applicant_orders_own_wishes_reads_the_decision_and_answers(
    served: Served, visit: Visit, language: Language, *, scripts: bool
) -> None:
    new = round_for("applicant", language, scripts=scripts)
    filled(served.api, **new)
    with visit(language=language, scripts=scripts, viewport={"width": 390, "height": 844}) as own:
        sign_in(own, served.api, "applicant")
        own.follow(new["title"])
        own.picture("applicant-before")
        own.page.locator('button[name=move][value="down:uis-juss"]').click()
        own.reads(own.say("pages-applicant.not-saved"))
        own.press(own.say("pages-applicant.save"))
        own.reads(own.say("pages-applicant.saved"))
        assert "VID" in own.page.locator("ol.order li").first.inner_text()
        allocated(served.api, new["id"])
        season = f"/coordinator/{new['id']}/season"
        as_role(served.api, "coordinator").press(season, season)
        own.open("/")
        own.follow(new["title"])
        own.reads(own.say("pages-applicant.decided"))
        own.picture("applicant-decided")
        own.press(own.term("answering", "accept"))
        own.reads(own.say("pages-applicant.answered"))
        own.picture("applicant-answered")
        own.open(f"/applicant/{new['id']}")
        sign_out(own)


def test_an_auditor_reads_the_chain(
    served: Served, visit: Visit, language: Language, *, scripts: bool
) -> None:
    with visit(language=language, scripts=scripts) as auditor:
        sign_in(auditor, served.api, "auditor")
        auditor.open("/audit")
        auditor.reads("invitation.made")
        sign_out(auditor)
