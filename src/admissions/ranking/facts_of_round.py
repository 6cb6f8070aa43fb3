"""Joins a round's frames into the facts of each offering's applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Facts, Numbers
from admissions.model.facts_described import APPLICATION, frame_columns
from admissions.model.facts_of_person import PERSON
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import Round
from admissions.ranking import lottery
from admissions.rulebooks.scenario import ResolvedScenario

_FROM_APPLICANT = tuple(frame_columns(PERSON))
_FROM_APPLICATION = tuple(frame_columns(APPLICATION))


def positions(texts: pd.Series[str], known: pd.Series[str]) -> Numbers:
    """The row in ``known`` (unique texts) of each text, int64; -1 where it is not there."""
    return pd.Index(known).get_indexer(pd.Index(texts)).astype(np.int64)


def person_facts(round_: Round) -> dict[str, NDArray[Any]]:
    """Facts that do not depend on the offering, by name, shape (applicants,)."""
    applicants, services = round_.applicants, round_.services
    columns: dict[str, NDArray[Any]] = _columns(applicants, _FROM_APPLICANT)
    service = positions(applicants["service_id"], services["service_id"])
    columns["service"] = service
    for name in ("employees", "need"):
        columns[name] = _looked_up(services[name].to_numpy(), service)
    return columns | _of_municipality(round_, applicants["municipality_no"], service)


def _of_municipality(
    round_: Round, numbers: pd.Series[str], service: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """What follows from municipality ``numbers`` and the ``service``, the code itself first."""
    services = round_.services
    municipality, names = pd.factorize(numbers, sort=True)
    municipality = municipality.astype(np.int64)
    municipality[numbers.to_numpy() == ""] = NOT_DOCUMENTED
    own = positions(numbers, round_.municipalities["municipality_no"])
    stated = _looked_up(round_.municipalities["centrality"].to_numpy(), own)
    of_service = _looked_up(services["centrality"].to_numpy(), service)
    known = services[services["employees"] >= 0]
    totals = known.groupby("municipality_no")["employees"].sum()
    employees = _looked_up(
        totals.to_numpy(dtype=np.int64), pd.Index(totals.index).get_indexer(names)[municipality]
    )
    employees[municipality < 0] = NOT_DOCUMENTED
    return {
        "municipality": municipality,
        "centrality": np.where(stated >= 0, stated, of_service),
        "municipality_employees": employees,
    }


def _columns(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Those of the columns ``names`` that ``frame`` has."""
    return {name: frame[name].to_numpy() for name in names if name in frame.columns}


def _looked_up(values: NDArray[Any], at: NDArray[Any]) -> Numbers:
    """``values[at]`` as int64, -1 where ``at`` is -1."""
    padded = np.append(values, NOT_DOCUMENTED).astype(np.int64)
    found: Numbers = padded[at]
    return found


def application_facts(round_: Round, service: Numbers | None = None) -> dict[str, NDArray[Any]]:
    """What applications state, by name, shape (applications,).

    ``service``: each applicant's, where it is at hand.
    """
    applications = round_.applications
    found = _columns(applications, (*_FROM_APPLICANT, *_FROM_APPLICATION))
    if "municipality_no" in applications.columns:
        if service is None:
            service = positions(round_.applicants["service_id"], round_.services["service_id"])
        of_each = service[applications["person"].to_numpy()]
        found |= _of_municipality(round_, applications["municipality_no"], of_each)
    return found


def offering_facts(
    round_: Round, scenario: ResolvedScenario, by_person: Mapping[str, NDArray[Any]]
) -> dict[str, tuple[NDArray[np.int64], Facts]]:
    """For each offering of the round: its rows in ``Round.applications``, and their facts.

    ``by_person``: those of ``person_facts``. Rows are in the order of ``Round.applications``, so
    by ``person_id``. ``lottery_place`` is the place among all persons of the round, or, drawn per
    offering, among its applicants.
    """
    applications = round_.applications
    person = applications["person"].to_numpy()
    of_person = dict(by_person)
    of_application = application_facts(round_, by_person["service"])
    single = scenario.scenario.lottery == "single"
    seed = scenario.scenario.seed
    ids = round_.applicants["person_id"].to_numpy()
    if single:
        of_person["lottery_place"] = lottery.places(ids, seed, None)
    offering = positions(applications["offering_id"], pd.Series(round_.offerings, dtype=object))
    order = np.argsort(offering, kind="stable")
    bounds = np.searchsorted(offering[order], np.arange(len(round_.offerings) + 1))
    found = {}
    for number, name in enumerate(round_.offerings):
        rows = order[bounds[number] : bounds[number + 1]]
        who = person[rows]
        columns = {key: column[who] for key, column in of_person.items()}
        columns |= {key: column[rows] for key, column in of_application.items()}
        if not single:
            columns["lottery_place"] = lottery.places(ids[who], seed, name)
        found[name] = (rows, Facts(len(rows), round_.settings.year or scenario.year, columns))
    return found
