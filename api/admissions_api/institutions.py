"""Institutions and their offerings: an offering's id begins with its institution's."""

from __future__ import annotations

from admissions.model.resources import offering_ids


def institution_of(offering: str) -> str:
    """The institution that runs ``offering``."""
    return offering.partition("-")[0]


def institutions() -> tuple[str, ...]:
    """Every institution that runs an offering, by id."""
    return tuple(sorted({institution_of(offering) for offering in offering_ids()}))


def own_offerings(institution: str) -> tuple[str, ...]:
    """The offerings that ``institution`` runs."""
    return tuple(o for o in offering_ids() if institution_of(o) == institution)
