"""Texts as they may come in: no control characters, which no id or title has."""

from __future__ import annotations

from pydantic import BeforeValidator

from admissions_api.addresses import with_slashes

PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""The pattern of an id, a name or a title."""

WITH_SLASHES = BeforeValidator(with_slashes)
"""For an id in a path that is an office's own: it may have a slash, which comes as ``%2F``."""
