"""The store: rounds, parts, preferences, allocations, jobs, and the audit chain."""

from admissions_api.store import (  # noqa: F401 - their tables belong to the schema
    agreed_tables,
    letter_tables,
)
from admissions_api.store.engine import Store, get_blob, put_again, put_blob

__all__ = ["Store", "get_blob", "put_again", "put_blob"]
