"""Synthetic rounds: people who do not exist, drawn so that a year's figures come out.

``synthetic_round(year, seed)`` makes one round; a ``synthetic.Pool`` makes many.
"""

from admissions.pool.synthetic import synthetic_round

__all__ = ["synthetic_round"]
