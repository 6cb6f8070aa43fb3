"""Signing in and out: a link once, a form from here alone, an end that is an end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from admissions_api import sessions
from admissions_api.clock import now, stamp
from admissions_api.store.tables import AuditRow, SessionRow
from admissions_api.tokens import Caller
from admissions_pages.demo import DEMO_CALLERS
from tests.acceptance.command import run_installed
from tests.api.installation import Api
from tests.pages.site import HERE, Browser, as_role, pages, seen, signed_in

LEADER = Caller("kari@example.no", "leader", "T1")
COORDINATOR = Caller("kari@example.no", "coordinator")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("demo"), demo=True) as one:
        yield one


def link(api: Api, *callers: Caller, hours: int = 1) -> str:
    secret = sessions.invite(api.installation.store, callers, dt.timedelta(hours=hours))
    return f"/sign-in/{secret}"


def posted(browser: Browser, path: str, origin: str | None = HERE) -> int:
    headers = {} if origin is None else {"Origin": origin}
    return int(browser.client.post(path, headers=headers).status_code)


def test_a_link_signs_in_once(api: Api) -> None:
    path = link(api, LEADER)
    browser = Browser(api)
    assert "Barnevernleder · T1" in seen(browser.get(path))
    assert posted(browser, path) == 303
    assert browser.get("/").status_code == 200
    assert posted(Browser(api), path) == 410


def test_whoever_only_opens_a_link_does_not_use_it_up(api: Api) -> None:
    path = link(api, LEADER)
    for _ in range(3):
        assert Browser(api).get(path).status_code == 200
    assert posted(Browser(api), path) == 303


def test_a_link_that_is_too_old_or_none_signs_nobody_in(api: Api) -> None:
    for path in (link(api, LEADER, hours=-1), "/sign-in/no-such"):
        browser = Browser(api)
        assert browser.get(path).status_code == 410
        assert posted(browser, path) == 410
        assert browser.get("/").headers["location"] == "/sign-in"


def test_the_store_knows_neither_link_nor_cookie(api: Api) -> None:
    path = link(api, LEADER)
    browser = Browser(api)
    browser.client.post(path, headers={"Origin": HERE})
    cookie = browser.client.cookies["admissions-session"]
    with api.installation.store.reading() as session:
        text = str(session.execute(select(SessionRow.sha256)).all())
    assert cookie not in text
    assert path.rsplit("/", 1)[1] not in text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:99"])
def test_a_form_of_another_site_does_nothing(api: Api, origin: str) -> None:
    path = link(api, LEADER)
    assert posted(Browser(api), path, origin) == 403
    browser = as_role(api, "coordinator")
    assert posted(browser, "/sign-out", origin) == 403
    assert browser.get("/").status_code == 200


def test_a_form_without_the_session_s_own_token_does_nothing(api: Api) -> None:
    browser, other = as_role(api, "coordinator"), as_role(api, "coordinator")
    stolen = other.get("/").text.split('name="form_token" value="')[1][:64]
    for fields in ({}, {"form_token": ""}, {"form_token": stolen}):
        sent = browser.client.post("/sign-out", data=fields, headers={"Origin": HERE})
        assert sent.status_code == 403
    assert browser.get("/").status_code == 200
    assert browser.press("/", "/sign-out").status_code == 303


def test_signing_out_ends_the_session_on_the_server(api: Api) -> None:
    browser = as_role(api, "coordinator")
    cookie = browser.client.cookies["admissions-session"]
    assert browser.press("/", "/sign-out").headers["location"] == "/sign-in?left=yes"
    again = Browser(api)
    again.client.cookies.set("admissions-session", cookie)
    assert again.get("/").status_code == 303


@pytest.mark.parametrize(
    ("column", "minutes", "lasts"),
    [
        ("seen_at", sessions.IDLE_MINUTES - 1, True),
        ("seen_at", sessions.IDLE_MINUTES + 1, False),
        ("began_at", sessions.LONGEST_HOURS * 60 - 1, True),
        ("began_at", sessions.LONGEST_HOURS * 60 + 1, False),
    ],
)
def test_a_session_ends_when_idle_and_when_old(
    api: Api, column: str, minutes: int, lasts: bool
) -> None:
    browser = as_role(api, "coordinator")
    earlier = stamp(now() - dt.timedelta(minutes=minutes))
    with api.installation.store.beating() as session:
        session.execute(update(SessionRow).values({column: earlier}))
    assert (browser.get("/").status_code == 200) == lasts


def test_on_https_the_cookie_is_the_host_s_alone(api: Api) -> None:
    browser = Browser(api, "https://opptak.example.no")
    sent = browser.client.post(link(api, LEADER), headers={"Origin": "https://opptak.example.no"})
    assert sent.headers["set-cookie"].startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(
        sent.headers["set-cookie"].split("; ")
    )
    assert browser.get("/").status_code == 200


def test_over_http_only_this_machine_is_served(api: Api) -> None:
    browser = Browser(api, "http://opptak.example.no")
    answer = browser.get("/sign-in")
    assert answer.status_code == 403
    assert "https" in seen(answer)


def test_a_person_with_several_roles_chooses_and_changes(api: Api) -> None:
    browser = signed_in(api, LEADER, COORDINATOR)
    assert browser.get("/").headers["location"] == "/role"
    assert browser.press("/role", "/role", {"number": "1"}).status_code == 303
    assert "Koordinator" in seen(browser.get("/"))
    assert browser.press("/role", "/role", {"number": "0"}).status_code == 303
    assert "Barnevernleder · T1" in seen(browser.get("/"))
    for number in ("2", "-1", "x"):
        assert browser.press("/role", "/role", {"number": number}).status_code == 404


def test_a_page_that_needs_signing_in_is_come_back_to(demo: Api) -> None:
    browser = Browser(demo)
    assert browser.get("/").headers["location"] == "/sign-in"
    for asked, then in (("/accessibility", "/accessibility"), ("//evil.example", "/")):
        sent = Browser(demo).client.post(
            "/sign-in", data={"role": "analyst", "next": asked}, headers={"Origin": HERE}
        )
        assert sent.headers["location"] == then


def test_a_demo_has_a_button_a_role_and_an_installation_has_none(demo: Api, api: Api) -> None:
    shown = Browser(demo).get("/sign-in").text
    for role in DEMO_CALLERS:
        assert f'name="role" value="{role}"' in shown
        browser = Browser(demo)
        sent = browser.client.post("/sign-in", data={"role": role}, headers={"Origin": HERE})
        assert sent.status_code == 303
        assert browser.get("/").status_code == 200
    assert 'name="role"' not in Browser(api).get("/sign-in").text
    refused = Browser(api).client.post(
        "/sign-in", data={"role": "office"}, headers={"Origin": HERE}
    )
    assert refused.status_code == 404


def test_the_chain_says_who_was_invited_came_and_went(api: Api) -> None:
    path = link(api, LEADER)
    browser = Browser(api)
    browser.client.post(path, headers={"Origin": HERE})
    browser.press("/", "/sign-out")
    with api.installation.store.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.sequence)).all()[-3:]
    assert [(row.action, row.target) for row in rows] == [
        ("invitation.made", "roles/leader/T1"),
        ("session.began", "roles/leader/T1"),
        ("session.ended", "roles/leader/T1"),
    ]
    assert rows[1].actor == "kari@example.no"


def test_the_command_prints_a_link_and_refuses_what_does_not_fit(api: Api) -> None:
    env = {"ADMISSIONS_HOME": str(api.settings.home)}
    words = ["invite", "--role", "leader", "--role", "coordinator", "--email", "k@example.no"]
    made = run_installed(*words, "--service", "T1", "--address", "https://o.example/", env=env)
    assert made.code == 0, made.said
    assert made.out.startswith("https://o.example/sign-in/")
    shown = seen(Browser(api).get(made.out.strip().removeprefix("https://o.example")))
    assert "k@example.no" in shown
    assert "Koordinator Barnevernleder · T1" in shown
    for wrong, said in (
        (words, "needs --service"),
        ([*words, "--service", "T1", "--person", "p1"], "takes no --person"),
        (["invite", "--role", "king", "--email", "k@example.no"], "no role 'king'"),
    ):
        refused = run_installed(*wrong, env=env)
        assert refused.code == 2
        assert said in refused.said
