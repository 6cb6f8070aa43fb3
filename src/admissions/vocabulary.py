"""The closed lists of the field (contract, ``applicants.csv``). Frames hold positions in them."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["nb", "nn", "en"]
Sector = Literal["municipal", "state", "private", "none"]
Position = Literal["staff", "team-leader", "professional-lead", "deputy-leader", "leader"]
Master = Literal["none", "relevant", "other"]
Region = Literal["oslo", "bergen", "trondheim", "tromso"]
Gender = Literal["female", "male", "other"]

LANGUAGES: tuple[Language, ...] = get_args(Language)

VOCABULARIES: dict[str, tuple[str, ...]] = {
    "sector": get_args(Sector),
    "position": get_args(Position),
    "master": get_args(Master),
    "region": get_args(Region),
    "gender": get_args(Gender),
}
"""The values of each column that has a closed list, by the column's name, in code order."""
