"""What of a scenario bears on nobody in a round, so that a change of it changes nothing there."""

from __future__ import annotations

from collections.abc import Iterator

from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.messages import Message, message
from admissions.model.round import Round
from admissions.rulebooks.scenario import ResolvedScenario


def idle_limits(round_: Round, scenario: ResolvedScenario) -> Iterator[Message]:
    """A note for each limit by region at an offering where no applicant has a region.

    Such a limit is no error, and keeps or gives nobody a seat in this round.
    """
    region = round_.applicants["region"].to_numpy()[round_.applications["person"].to_numpy()]
    offering = round_.applications["offering_id"].to_numpy()
    for name in round_.offerings:
        version = scenario.versions.get(name)
        if version is None or (region[offering == name] != NOT_DOCUMENTED).any():
            continue
        for limit in version.limits:
            if any(place is not None for place, _ in limit.bounds()):
                yield message("terminal.idle-limit", limit=limit.id, offering=name)
