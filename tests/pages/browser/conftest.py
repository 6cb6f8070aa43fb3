"""A browser, and a server of this process that it speaks to."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from tests.api.installation import Api
from tests.pages.browser.visitor import Visitor, visiting
from tests.pages.site import pages

NAMES = ("chromium", "chromium-browser", "google-chrome")
STARTS_WITHIN = 30


@dataclass(frozen=True)
class Served:
    """An installation whose pages stand at ``base``."""

    api: Api
    base: str


def found_browser() -> str:
    """The browser to test with. That there is none is a failure, and never a reason to skip."""
    for name in (os.environ.get("ADMISSIONS_TEST_BROWSER", ""), *NAMES):
        place = shutil.which(name) if name else None
        if place:
            return place
    pytest.fail(f"no browser: install Debian's chromium (looked for {', '.join(NAMES)})")


@contextmanager
def serving(folder: Path, *, demo: bool = False) -> Iterator[Served]:
    """An installation in ``folder`` with its pages, served until the end."""
    with pages(folder, demo=demo) as api, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(api.client.app, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        end = time.monotonic() + STARTS_WITHIN
        while not server.started:
            assert time.monotonic() < end
            time.sleep(0.05)
        try:
            yield Served(api, f"http://localhost:{listening.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(STARTS_WITHIN)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found_browser())
        yield started
        started.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of pages are kept for review: $ADMISSIONS_PICTURES, else pytest's folder."""
    stated = os.environ.get("ADMISSIONS_PICTURES")
    place = Path(stated) if stated else tmp_path_factory.mktemp("pictures")
    place.mkdir(parents=True, exist_ok=True)
    return place


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as one:
        yield one


Visit = Callable[..., AbstractContextManager[Visitor]]


@pytest.fixture
def visit(browser: Browser, served: Served, pictures: Path) -> Visit:
    """``with visit(language="nn", scripts=False) as visitor: ...``."""

    def opened(**how: object) -> AbstractContextManager[Visitor]:
        return visiting(browser, served.base, pictures, **how)  # type: ignore[arg-type]

    return opened
