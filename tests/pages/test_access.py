"""Every page by every role: who is let in, and that nobody reads what is another's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from admissions_api.tokens import ROLES, Role
from admissions_pages.site import ROUTES, Route
from tests.api.installation import Api
from tests.api.rounds import allocated, filled
from tests.pages.site import Browser, as_role, pages
from tests.pages.test_frame import POLICY
from tests.pages.test_leader import with_cut_offs

OTHERS = {
    "round_id": "vaar", "institution": "vid", "offering_id": "vid-minoritet", "person_id": "p4",
    "name": "x.csv", "scenario": "current-2019", "secret": "none", "number": "1",
    "letters_id": "letters-1",
}  # fmt: skip
"""What each place of an address is put to: another's, where it can be somebody's."""
ANOTHERS = re.compile(r"\bp4\b|\bT2\b")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("walked")) as one:
        with_cut_offs(one)
        filled(one, id="avgjort", title="Avgjort")
        OTHERS["allocation_id"] = allocated(one, "avgjort")
        for name in ("job_id", "simulation_id", "comparison_id"):
            OTHERS[name] = OTHERS["allocation_id"]
        yield one


def at(route: Route) -> str:
    return re.sub(r"\{(\w+)(?::path)?\}", lambda name: OTHERS[name.group(1)], route.path)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others_and_reads_of_nobody_else(
    api: Api, role: Role
) -> None:
    browser = as_role(api, role)
    for route in ROUTES:
        if route.method != "GET" or route.path == "/sign-in":
            continue
        answer = browser.get(at(route))
        where = (role, route.path, answer.status_code)
        assert answer.status_code < 500, where
        if route.roles:
            assert (answer.status_code == 403) or role in route.roles, where
        if role not in ("coordinator",):
            assert not ANOTHERS.search(answer.text.replace(at(route), "")), where
        if answer.headers["content-type"].startswith("text/html"):
            assert answer.headers["content-security-policy"] == POLICY, where
            assert not re.search(r'(src|href|action)="(?!/|data:,|#)', answer.text), where
            assert not re.search(r"<(script|style)>| style=| on[a-z]+=", answer.text), where


@pytest.mark.parametrize("role", ROLES)
def test_no_form_does_anything_for_another_role_or_without_its_token(api: Api, role: Role) -> None:
    browser = as_role(api, role)
    for route in ROUTES:
        if route.method != "POST" or not route.roles:
            continue
        if role not in route.roles:
            assert browser.press("/", at(route)).status_code == 403, (role, route.path)
        bare = browser.client.post(at(route), headers={"Origin": browser.base})
        assert bare.status_code == 403, (role, route.path)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(api: Api) -> None:
    for route in ROUTES:
        if route.roles and route.method == "GET":
            answer = Browser(api).get(at(route))
            assert answer.status_code == 303, route.path
            assert answer.headers["location"].startswith("/sign-in")
