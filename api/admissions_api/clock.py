"""The one place where the API asks what time it is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def now() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC)


def stamp(at: dt.datetime | None = None) -> str:
    """A time as it is stored: ISO 8601 in UTC with microseconds, so that texts sort by time."""
    return (at or now()).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_stamp(text: str) -> dt.datetime:
    """The time of a ``stamp``."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.UTC)


def today() -> dt.date:
    """The day in Norway, by which deadlines go."""
    return now().astimezone(ZoneInfo("Europe/Oslo")).date()
