"""Ranks applicants and allocates places in further education for child-welfare workers."""

__version__ = "0.1.0"
