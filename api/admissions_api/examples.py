"""Examples in the specification: with the shipped round they work from top to bottom."""

from __future__ import annotations

from typing import Any

from fastapi.openapi.models import Example


def one(value: Any) -> dict[str, Example]:
    """``value`` as the one example of a parameter."""
    return {"shipped": Example(summary="with the shipped round", value=value)}


def answered(value: Any) -> dict[int | str, dict[str, Any]]:
    """``value`` as the example of an answer whose shape is the engine's."""
    return {200: {"content": {"application/json": {"example": value}}}}
