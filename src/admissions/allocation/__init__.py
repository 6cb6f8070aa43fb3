"""Allocation: from rankings and wishes to who holds which offer (design §5)."""
