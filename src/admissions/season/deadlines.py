"""When an answer is due."""

from __future__ import annotations

import datetime as dt
from functools import cache


@cache
def days_off(year: int) -> frozenset[dt.date]:
    """Public holidays in Norway and the two days on which offices are closed without being one."""
    import holidays

    eves = {dt.date(year, 12, 24), dt.date(year, 12, 31)}
    return frozenset(holidays.country_holidays("NO", years=year)) | eves


def is_day_off(day: dt.date) -> bool:
    """Whether nobody can be expected to answer that day: weekend, holiday, or its eve."""
    return day.weekday() >= 5 or day in days_off(day.year)


def deadline(published: dt.date, answer_days: int, stated: dt.date | None = None) -> dt.date:
    """The last day to answer an offer that was ``published``.

    The later of the round's own deadline (``stated``) and ``answer_days`` after publication (as in
    Finland), moved to the next day that is no day off.
    """
    day = published + dt.timedelta(days=answer_days)
    if stated is not None:
        day = max(day, stated)
    while is_day_off(day):
        day += dt.timedelta(days=1)
    return day
