"""An installation to test: its own folder and database, and a client for each role."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from fastapi.testclient import TestClient
from sqlalchemy.engine import make_url

from admissions_api.app import create_app
from admissions_api.installation import Installation
from admissions_api.settings import Settings
from admissions_api.tokens import Caller, Role, issue

POSTGRESQL = os.environ.get("ADMISSIONS_TEST_DATABASE", "")
DATABASES = ["sqlite", *(["postgresql"] if POSTGRESQL else [])]


@contextmanager
def database(kind: str, name: str) -> Iterator[str | None]:
    """The URL of an empty database of ``kind``; None is the SQLite file of the folder."""
    if kind == "sqlite":
        yield None
        return
    url = make_url(POSTGRESQL)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass
class Api:
    """A running application and clients to it."""

    settings: Settings
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = TestClient(create_app(self.settings), raise_server_exceptions=False)

    @property
    def installation(self) -> Installation:
        held: Installation = self.client.app.state.installation  # type: ignore[attr-defined]
        return held

    def token(self, role: Role, scope: str = "", *, minutes: int = 60, name: str = "") -> str:
        caller = Caller(name or f"{role}-{scope}", role, scope)
        return issue(self.installation.key, caller, dt.timedelta(minutes=minutes))

    def headers(self, role: Role, scope: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(role, scope)}"}

    def close(self) -> None:
        self.client.close()
        self.installation.close()


@contextmanager
def running(folder: Path, kind: str = "sqlite", **settings: object) -> Iterator[Api]:
    """An installation in ``folder``, closed at the end."""
    name = f"admissions_test_{os.getpid()}_{abs(hash(folder)) % 10**9}"
    with database(kind, name) as url:
        stated = {"home": folder / "data", "database": url, "workers": 0, "readers": 0, **settings}
        api = Api(Settings.model_validate(stated))
        try:
            yield api
        finally:
            api.close()
