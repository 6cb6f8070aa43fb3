"""Allocation: from rankings and wishes to who holds which offer (``docs/allocation.md``)."""
