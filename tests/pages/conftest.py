"""One installation with pages for each module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.installation import Api
from tests.pages.site import pages


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("site")) as one:
        yield one
