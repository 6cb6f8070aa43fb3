"""Texts as they may come in: no control characters, which no id or title has."""

from __future__ import annotations

PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""The pattern of an id, a name or a title."""
