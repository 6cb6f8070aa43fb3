"""Whether a published plan is the best one: allocated again, by both solvers, and compared.

Verification knows no solver; whoever verifies may allocate beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from admissions.verification.outcomes import OFFERED
from admissions.verification.property import Noted, Property, both, judged
from admissions.verification.verify import ALLOCATED_AGAIN

if TYPE_CHECKING:
    from admissions.allocation.problem import Watch
    from admissions.allocation.run import Run
    from admissions.model.round import Round
    from admissions.rulebooks.scenario import ResolvedScenario
    from admissions.verification import Published


def allocated_again(
    round_: Round,
    scenario: ResolvedScenario,
    published: Published,
    *,
    seconds: float,
    watch: Watch | None = None,
) -> Property:
    """The same people hold the same offers when the round is allocated again.

    By CP-SAT, and by deferred acceptance where it is exact; CP-SAT may take ``seconds``.

    Raises NotProvenError when CP-SAT proves no optimum.
    """
    from admissions.allocation.run import allocate

    run = allocate(round_, scenario, seconds=seconds, watch=watch)
    expected, found = _held(run), _published(published)
    wrong = sorted(
        person for person in {*expected, *found} if expected.get(person) != found.get(person)
    )
    return judged(
        ALLOCATED_AGAIN,
        "Allocated again, the same people hold the same offers.",
        broken=len(wrong),
        lines=_lines(wrong, expected, found),
        holders=len(expected),
        solvers=len(run.solvers),
    )


def _held(run: Run) -> dict[str, tuple[str, ...]]:
    """The offerings at which each person holds an offer, of those who hold one."""
    rows = run.problem.application[run.plan.held]
    stated = run.round.applications.iloc[rows]
    return _by_person(zip(stated["person_id"], stated["offering_id"], strict=True))


def _published(published: Published) -> dict[str, tuple[str, ...]]:
    decisions = published.decisions
    stated = decisions[decisions["outcome"] == OFFERED]
    return _by_person(zip(stated["person_id"], stated["offering_id"], strict=True))


def _by_person(pairs: Iterator[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for person, offering in sorted(pairs):
        found[person] = (*found.get(person, ()), offering)
    return found


def _lines(
    wrong: list[str],
    expected: Mapping[str, tuple[str, ...]],
    found: Mapping[str, tuple[str, ...]],
) -> Iterator[str]:
    for person in wrong:
        said, again = (both(one.get(person, (Noted("nothing"),))) for one in (found, expected))
        yield Noted("held-otherwise", person=person, found=said, again=again)
