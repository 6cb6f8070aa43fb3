"""One installation a module on each database that there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.installation import DATABASES, Api, running


@pytest.fixture(scope="module", params=DATABASES)
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running(tmp_path_factory.mktemp("installation"), request.param) as one:
        yield one
