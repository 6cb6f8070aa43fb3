"""The frontier between merit and spread: for each number of municipalities, the least loss."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.cp_sat.model import Pairs, Sought
from admissions.allocation.cp_sat.search import Search
from admissions.allocation.cp_sat.stability import stability_model
from admissions.allocation.problem import Point, Problem, Watch
from admissions.model.messages import message


def frontier(
    problem: Problem,
    merit: NDArray[np.bool_],
    *,
    seconds: float = 600.0,
    watch: Watch | None = None,
) -> Iterator[Point]:
    """The least loss in ranking for each number of municipalities that can be represented.

    ``problem.worth`` has ``spread-breadth``; ``merit``, bool (m,), is the plan to begin with. The
    plans looked at give some of its offers to people without one: each offering makes as many
    offers, every limit is kept, reserves too, and whoever keeps an offer keeps the same. The loss
    is the sum of the ranks of all who hold an offer, less that in ``merit``, or 0 where that is
    more: one who ranks better costs nothing, as where a service sends its leader's first or
    reserves are filled last, so that the loss begins at 0 and never falls.

    1. The most municipalities, whatever the loss. 2. The least loss of a plan that represents at
    least so many; it is the least for each number up to what it represents, as asking for more
    cannot make it less. 3. Again from 2, for one municipality more.

    Each point is proven before the next, all of them within ``seconds``. Raises NotProvenError
    where one is not.
    """
    placed = np.zeros(problem.persons, dtype=np.bool_)
    placed[problem.person[merit]] = True
    open_ = merit | ~placed[problem.person]
    there, kept = problem.among(open_), merit[open_]
    worth = there.worth["spread-breadth"]
    plans = stability_model(there, Sought(Pairs.IGNORED))
    search = Search(None, seconds, watch)
    search.take(plans.model, quick=False)
    _make_as_many(search, there, kept)
    everybody, ranks_of = list(range(len(kept))), there.rank.tolist()
    begun = int(there.rank[kept].sum())
    represented = plans.objective("spread-breadth")
    most = search.best(message("solving.sought.most-municipalities"), "max", *represented)
    wanted = worth.of(kept)
    while wanted <= most:
        search.at_least(*represented, wanted)
        ranks = search.best(
            message("solving.sought.least-loss", wanted=wanted, most=most),
            "min",
            everybody,
            ranks_of,
        )
        held = search.values(len(kept))
        for number in range(wanted, worth.of(held) + 1):
            yield Point(number, max(0, ranks - begun))
            wanted = number + 1


def _make_as_many(search: Search, problem: Problem, merit: NDArray[np.bool_]) -> None:
    """Each offering makes as many offers as in ``merit``."""
    made = np.bincount(problem.offering[merit], minlength=len(problem.offerings))
    for offering, offers in enumerate(made.tolist()):
        here = np.flatnonzero(problem.offering == offering).tolist()
        search.fix(here, [1] * len(here), offers)
