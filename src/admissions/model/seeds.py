"""What a seed may be: the same bound wherever one is asked for."""

from __future__ import annotations

LARGEST_SEED = 2**63 - 1
"""A seed has 63 bits: what a database, a JSON reader and an int64 can all hold."""
