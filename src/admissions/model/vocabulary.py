"""The closed lists of the field, as ``applicants.csv`` has them. Frames hold positions in them."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["nb", "nn", "en"]
Sector = Literal["municipal", "state", "private", "none"]
Position = Literal["staff", "team-leader", "professional-lead", "deputy-leader", "leader"]
Master = Literal["none", "relevant", "other"]
Region = Literal["oslo", "bergen", "trondheim", "tromso"]
Gender = Literal["female", "male", "other"]

Ties = Literal["lottery", "accept-all", "reject-all"]
"""What becomes of applicants who are equal before the lottery: it decides, or they stay together.

``accept-all``: all who are equal to the last one admitted are admitted, over the seats (Chile).
``reject-all``: none of them is, where there are fewer seats than they are (Hungary).
"""

LANGUAGES: tuple[Language, ...] = get_args(Language)

VOCABULARIES: dict[str, tuple[str, ...]] = {
    "sector": get_args(Sector),
    "position": get_args(Position),
    "master": get_args(Master),
    "region": get_args(Region),
    "gender": get_args(Gender),
}
"""The values of each column that has a closed list, by the column's name, in code order."""
