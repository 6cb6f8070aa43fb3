"""Few at a time: heavy work in threads of its own; who waits for a turn holds no thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio

from admissions_api.problems import ProblemError

TURN_SECONDS = 20
"""So long a request waits for its turn."""
Given = ParamSpec("Given")
Value = TypeVar("Value")


class Turns:
    """Runs functions, ``count`` at a time; ``busy`` says why others wait."""

    def __init__(self, count: int, busy: str) -> None:
        self._places = anyio.CapacityLimiter(count)
        self._busy = busy

    async def run(
        self, function: Callable[Given, Value], *arguments: Given.args, **named: Given.kwargs
    ) -> Value:
        """What ``function`` gives. Raises ProblemError (503) when no turn comes."""
        me = object()
        try:
            with anyio.fail_after(TURN_SECONDS):
                await self._places.acquire_on_behalf_of(me)
        except TimeoutError:
            raise ProblemError(
                503, self._busy, "Maybe ask again.", headers={"Retry-After": "5"}
            ) from None
        try:
            return await anyio.to_thread.run_sync(
                lambda: function(*arguments, **named), limiter=anyio.CapacityLimiter(1)
            )
        finally:
            self._places.release_on_behalf_of(me)
