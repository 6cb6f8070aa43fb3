"""P9: what the solvers say of their plan, computed again from the decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt, StrictStr, ValidationError

from admissions.model.errors import first_error
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.rulebooks.objectives import ObjectiveName
from admissions.rulebooks.scenario import Scenario
from admissions.verification.case import Case
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits import LAST
from admissions.verification.promises import why_alone
from admissions.verification.property import Noted, Property, judged
from admissions.verification.spread import Spread
from admissions.verification.stability import blocking_pairs


class _InCertificate(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatedObjective(_InCertificate):
    """One objective as the certificate states it."""

    name: StrictStr
    sense: StrictStr
    value: StrictInt


class StatedSolver(_InCertificate):
    """One solver as the certificate states it."""

    solver: StrictStr
    status: StrictStr
    objectives: tuple[StatedObjective, ...]
    unique: StrictBool | None
    agrees: StrictBool | None
    model: Literal["unreduced", "reduced"] | None = None
    left_out: StrictInt | None = None
    alone: StrictStr | None = None


class _Solvers(_InCertificate):
    solvers: tuple[StatedSolver, ...]


REDUCED_ABOVE = 5_000
"""With no more persons than these the model has every application."""

PROVEN = {"cp-sat": "OPTIMAL", "deferred-acceptance": "EXACT"}
"""The one status with which each solver's plan is an allocation."""


Objective = tuple[str, Callable[[], int]]
"""Its sense, and what computes its value."""


def offers_used(case: Case) -> int:
    """How many offers are held."""
    return len(case.holders)


def preferences(case: Case) -> int:
    """The sum over holders of the wish they got, counted among their qualified applications.

    It is the one after all those that they want more than what they hold.
    """
    holds = np.zeros(len(case.persons), dtype=np.bool_)
    holds[case.person[case.holders]] = True
    return int(np.count_nonzero(holds) + np.count_nonzero(holds[case.person[case.better]]))


def _tie(case: Case, seed: int) -> int:
    """The sum of 32 bits for each offer held.

    They are the first 4 bytes, big-endian, of SHA-256 of ``seed:offering_id:person_id``.
    """
    offerings, persons = case.offering[case.holders].tolist(), case.person[case.holders].tolist()
    held = (
        f"{seed}:{case.offerings[offering]}:{case.persons[person]}".encode()
        for offering, person in zip(offerings, persons, strict=True)
    )
    return sum(int.from_bytes(sha256(one).digest()[:4], "big") for one in held)


def set_aside(case: Case) -> int:
    """How many of those who are to go together wait where nobody of them holds an offer."""
    count = 0
    for group in case.limits.groups:
        own = (case.service == group.service) & (case.offering == group.offering)
        if not case.held[own].any():
            count += int(np.count_nonzero(own[case.wanted]))
    return count


def municipal_first(case: Case) -> int:
    """How many offers employees of municipal child welfare hold."""
    return int(np.count_nonzero(case.municipal[case.holders]))


def _service_order(case: Case) -> int:
    """The sum over holders of the place in the service's own order, counted among all its staff."""
    ordered = (case.limits.max_students < LAST) & case.limits.ordered
    line = case.service * len(case.persons) + case.limits.standing[case.person]
    staff = np.unique(line)
    begins = np.searchsorted(staff, case.service * len(case.persons))
    place = np.where(ordered[case.service], np.searchsorted(staff, line) - begins + 1, 0)
    return int(place[case.holders].sum())


def objectives_recomputed(
    exchanges: Exchanges, round_: Round, scenario: Scenario, certificate: Mapping[str, Any]
) -> Property:
    """P9: each solver proved its plan, and the objectives have the values that the decisions give.

    A solver that proves an optimum states all objectives of the scenario in their order, each with
    its sense and value (``admissions.rulebooks.objectives`` says what they are; those that count
    nothing in the round are left out). The other mechanisms solve nothing and state nothing.
    """
    case = exchanges.case
    spread = Spread(case, round_)
    computed: dict[ObjectiveName, Objective] = {
        "blocking-pairs": ("min", lambda: blocking_pairs(exchanges)),
        "set-aside": ("min", lambda: set_aside(case)),
        "offers-used": ("max", lambda: offers_used(case)),
        "municipal-first": ("max", lambda: municipal_first(case)),
        "service-order": ("min", lambda: _service_order(case)),
        "preferences": ("min", lambda: preferences(case)),
        "spread-breadth": ("max", spread.breadth),
        "spread-proportional": ("max", spread.proportional),
        "spread-need": ("max", spread.need),
        "leaders-wishes": ("max", spread.leaders_wishes),
        "draw": ("min", lambda: int(case.drawn[case.holders].sum())),
        "tie": ("max", lambda: _tie(case, scenario.seed)),
    }
    known: dict[str, Objective] = {
        name: computed[name] for name in scenario.objectives if name not in case.absent
    }
    solved = case.mechanism == "coordinated"
    try:
        solvers = _Solvers.model_validate({"solvers": certificate.get("solvers")}).solvers
        wrong = [line for solver in solvers for line in _differences(solver, known)]
        alone = why_alone(case, scenario.objectives) if solved else None
        wrong += _solvers_wrong(solvers, alone)
        wrong += [line for solver in solvers for line in _model_wrong(solver, case)]
        if solved != bool(solvers):
            mechanism = message(f"terminal.mechanism.{case.mechanism}")
            wrong.append(Noted("solvers-of-plan", n=len(solvers), mechanism=mechanism))
    except ValidationError as error:
        solvers, wrong = (), [Noted("in-file", file="certificate.json", line=first_error(error))]
    return judged(
        "P9",
        "Objective values recomputed from the decisions equal the solver's.",
        promised=solved or bool(wrong),
        broken=len(wrong),
        lines=wrong,
        objectives=sum(len(solver.objectives) for solver in solvers),
    )


def _solvers_wrong(solvers: tuple[StatedSolver, ...], alone: str | None) -> Iterator[str]:
    """One solver, or both, each of which agrees with the other; ``alone``: why CP-SAT must be."""
    names = [solver.solver for solver in solvers]
    if len(set(names)) < len(names):
        yield Noted("solvers-twice", solvers=tuple(names))
    agreement = True if len(solvers) > 1 else None
    for solver in solvers:
        if solver.agrees is not agreement:
            yield Noted("agrees", solver=solver.solver, agrees=solver.agrees, n=len(solvers))
        reason = alone if solver.solver == "cp-sat" else None
        if solver.alone != reason:
            yield Noted("alone", solver=solver.solver, alone=solver.alone, expected=reason)
    if alone is not None and names != ["cp-sat"]:
        yield Noted("not-alone", solvers=tuple(names), why=alone)


def _model_wrong(solver: StatedSolver, case: Case) -> Iterator[str]:
    """Whether what is said to be left out of the model can be so.

    Only an optimum has a model. An unreduced one leaves out nothing; a reduced one is for more than
    ``REDUCED_ABOVE`` persons, and leaves out no more than the qualified applications.
    """
    qualified = int(np.count_nonzero(case.qualified))
    persons = len(case.persons)
    name, model, left_out = solver.solver, solver.model, solver.left_out
    if (model is None) is not (left_out is None) or (model and solver.status != "OPTIMAL"):
        yield Noted("model", solver=name, model=model, left_out=left_out)
    elif model == "unreduced" and left_out != 0:
        yield Noted("unreduced", solver=name, left_out=left_out)
    elif model == "reduced" and (persons <= REDUCED_ABOVE or not 0 <= (left_out or 0) <= qualified):
        yield Noted(
            "reduced",
            solver=name, left_out=left_out, qualified=qualified, persons=persons,
            above=REDUCED_ABOVE,
        )  # fmt: skip


def _differences(stated: StatedSolver, known: Mapping[str, Objective]) -> Iterator[str]:
    if PROVEN.get(stated.solver) != stated.status:
        yield Noted("status", solver=stated.solver, status=stated.status)
    if stated.unique is not (True if stated.status == "OPTIMAL" else None):
        yield Noted("unique", solver=stated.solver, unique=stated.unique)
    names = [objective.name for objective in stated.objectives]
    if stated.status == "OPTIMAL" and names != [*known]:
        yield Noted("states", solver=stated.solver, found=tuple(names), expected=tuple(known))
    for objective in stated.objectives:
        if objective.name not in known:
            yield Noted("no-objective", solver=stated.solver, objective=objective.name)
            continue
        sense, value = known[objective.name][0], known[objective.name][1]()
        if (objective.sense, objective.value) != (sense, value):
            yield Noted(
                "objective",
                solver=stated.solver, objective=objective.name, sense=objective.sense,
                value=objective.value, own_sense=sense, own=value,
            )  # fmt: skip
