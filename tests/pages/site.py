"""The pages to test: an installation with its pages, and a browser for each role."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from admissions_api import sessions
from admissions_api.tokens import Caller, Role
from admissions_pages import add_pages
from tests.api.installation import Api, running

HERE = "http://localhost"
OWN: dict[Role, str] = {
    "office": "uis", "leader": "T1", "coordinator": "", "analyst": "", "applicant": "p1",
    "auditor": "",
}  # fmt: skip
"""Whom each role is for: the office of UiS, the leader of T1, the applicant p1."""
_FORM_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


class Browser:
    """What a browser does: keeps cookies, says where a form comes from, sends its fields."""

    def __init__(self, api: Api, base: str = HERE) -> None:
        self.base = base
        self.client = TestClient(
            api.client.app, base_url=base, raise_server_exceptions=False, follow_redirects=False
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def press(self, page: str, path: str, fields: dict[str, Any] | None = None, **sent: Any) -> Any:
        """Sends a form of ``page`` to ``path``, with what the page hid in it."""
        found = _FORM_TOKEN.search(self.get(page).text)
        hidden = {"form_token": found.group(1)} if found else {}
        headers = {"Origin": self.base}
        return self.client.post(path, data={**hidden, **(fields or {})}, headers=headers, **sent)


def signed_in(api: Api, *callers: Caller, base: str = HERE) -> Browser:
    """A browser of somebody who may be each of ``callers``."""
    browser = Browser(api, base)
    cookie = sessions.begin(api.installation.store, callers)
    browser.client.cookies.set("admissions-session", cookie)
    return browser


def as_role(api: Api, role: Role, scope: str | None = None) -> Browser:
    """A browser that is signed in as ``role``, by default with its own in ``OWN``."""
    own = OWN[role] if scope is None else scope
    return signed_in(api, Caller(f"{role}-{own}", role, own))


def seen(answer: Any) -> str:
    """What a reader of the page sees: its text, without what stands in tags."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@contextmanager
def pages(folder: Path, *, demo: bool = False) -> Iterator[Api]:
    """An installation in ``folder`` with its pages."""
    with running(folder) as api:
        add_pages(api.client.app, demo=demo)  # type: ignore[arg-type]
        yield api
