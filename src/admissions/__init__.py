"""Ranks applicants and allocates places in further education for child-welfare workers."""

__version__ = "0.2.0"
