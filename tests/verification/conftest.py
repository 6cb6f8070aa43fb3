from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from admissions.model.round import Round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification import Property, Published, verify
from tests.verification import hand


@pytest.fixture(scope="module")
def round_() -> Round:
    return hand.round_by_hand()


@pytest.fixture(scope="module")
def scenario() -> ResolvedScenario:
    return hand.resolved()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The right result of the round by hand."""
    return hand.published(tmp_path_factory.mktemp("good"), hand.files())


@pytest.fixture
def found(
    round_: Round, scenario: ResolvedScenario, tmp_path: Path
) -> Callable[..., tuple[Property, ...]]:
    """Verifies the result with other files: ``found(**parts)`` as ``hand.files`` takes them."""

    def check(**parts: Any) -> tuple[Property, ...]:
        result = hand.published(tmp_path, hand.files(**parts))
        return verify(round_, scenario, result, inputs_sha256=hand.INPUTS, draft=True)

    return check


@pytest.fixture
def failing(round_: Round, scenario: ResolvedScenario, good: Published) -> Callable[..., set[str]]:
    """Which properties fail when parts of the right result are replaced."""

    def check(**parts: Any) -> set[str]:
        result = replace(good, **parts)
        return hand.failing(verify(round_, scenario, result, inputs_sha256=hand.INPUTS, draft=True))

    return check
