"""The store: rounds, parts, preferences, allocations, jobs, and the audit chain."""

from admissions_api.store import agreed_tables  # noqa: F401 - its tables belong to the schema
from admissions_api.store.engine import Store, get_blob, put_again, put_blob

__all__ = ["Store", "get_blob", "put_again", "put_blob"]
