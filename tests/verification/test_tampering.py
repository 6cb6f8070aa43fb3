"""Whatever is changed in a right result, exactly the properties that it breaks fail."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from admissions.allocation.run import LARGE
from admissions.model.round import Round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification import Published, verify
from admissions.verification.objectives import REDUCED_ABOVE
from tests.verification import hand

Failing = Callable[..., set[str]]
Cells = tuple[tuple[str, str, str, str], ...]  # person, offering, column, new text


def changed(decisions: pd.DataFrame, *cells: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = decisions.copy()
    for person, offering, column, text in cells:
        frame.loc[row(frame, person, offering), column] = text
    return frame


def row(frame: pd.DataFrame, person: str, offering: str) -> int:
    here = (frame["person_id"] == person) & (frame["offering_id"] == offering)
    return int(frame.index[here][0])


DECISIONS: dict[str, tuple[Cells, set[str]]] = {
    "two people swapped": (
        (("p3", "north", "outcome", "waiting"), ("p9", "north", "outcome", "offered")),
        {"P5", "P9", "P12"},
    ),
    "a seat for an unqualified one instead of a qualified": (
        (("p1", "north", "outcome", "waiting"), ("p7", "north", "outcome", "offered")),
        {"P1", "P5", "P9", "P12"},
    ),
    "a seat for the state before municipal employees": (
        (("p2", "south", "outcome", "waiting"), ("p6", "south", "outcome", "offered")),
        {"P4", "P5", "P9", "P12"},
    ),
    "a seat emptied": (
        (("p1", "north", "outcome", "waiting"),),
        {"P5", "P6", "P9", "P12"},
    ),
    "an offer too many": (
        (("p9", "north", "outcome", "offered"),),
        {"P3", "P9", "P12"},
    ),
    "a second offer": (
        (("p3", "south", "outcome", "offered"),),
        {"P2", "P3", "P9", "P12"},
    ),
    "the worse of two wishes": (
        (("p3", "north", "outcome", "waiting"), ("p3", "south", "outcome", "offered"),
         ("p2", "south", "outcome", "waiting"), ("p2", "north", "outcome", "offered")),
        {"P5", "P9", "P11", "P12"},
    ),
    "an offer declined, which nobody does here": (
        (("p3", "south", "outcome", "declined"),),
        {"P12"},
    ),
    "a rank": ((("p5", "north", "rank", "4"),), {"P8"}),
    "a rank for an unqualified one": ((("p7", "north", "rank", "7"),), {"P8"}),
    "a rank that is no number": ((("p5", "north", "rank", "five"),), {"P8"}),
    "points": ((("p5", "north", "points", "3.51"),), {"P12"}),
    "points with another decimal": ((("p5", "north", "points", "3.5"),), {"P12"}),
    "qualified": ((("p7", "north", "qualified", "yes"),), {"P12"}),
    "a preference": ((("p5", "north", "preference", "2"),), {"P12"}),
    "a waiting number": ((("p5", "north", "waiting_number", "1"),), {"P12"}),
    "a waiting number for a lapsed one": ((("p3", "south", "waiting_number", "1"),), {"P12"}),
    "waiting made lapsed": ((("p5", "south", "outcome", "lapsed"),), {"P12"}),
    "an outcome that does not exist": ((("p5", "south", "outcome", "Offered"),), {"P12"}),
    "a reason": ((("p9", "north", "reason", "seats-filled"),), {"P12"}),
    "the reason of an unqualified one": (
        (("p8", "south", "reason", "requirement-not-met"),),
        {"P12"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DECISIONS)
def test_a_change_in_decisions(case: str, good: Published, failing: Failing) -> None:
    cells, expected = DECISIONS[case]
    assert failing(decisions=changed(good.decisions, *cells)) == expected


def test_a_row_dropped(good: Published, failing: Failing) -> None:
    lapsed = row(good.decisions, "p1", "south")
    assert failing(decisions=good.decisions.drop(index=lapsed)) == {"P12"}
    offered = row(good.decisions, "p4", "south")
    without = good.decisions.drop(index=offered)
    assert failing(decisions=without) == {"P5", "P6", "P9", "P12"}


def added(decisions: pd.DataFrame, **cells: str) -> pd.DataFrame:
    last = decisions.iloc[[-1]].assign(**cells)
    return pd.concat([decisions, last], ignore_index=True)


def test_a_row_added(good: Published, failing: Failing) -> None:
    stranger = added(good.decisions, person_id="p99")
    assert failing(decisions=stranger) == {"P12"}
    assert failing(decisions=stranger.assign(outcome=[*good.decisions["outcome"], "offered"])) == {
        "P1", "P12",
    }  # fmt: skip
    assert failing(decisions=added(good.decisions, offering_id="east")) == {"P12"}


def test_a_row_doubled(good: Published, failing: Failing) -> None:
    assert failing(decisions=added(good.decisions)) == {"P12"}


def test_a_doubled_row_that_offers_a_seat(good: Published, failing: Failing) -> None:
    assert failing(decisions=added(good.decisions, outcome="offered")) == {"P3", "P9", "P12"}


def test_every_row_dropped_doubled_or_moved(good: Published, failing: Failing) -> None:
    rows = list(range(len(good.decisions)))
    for at in rows:
        rest = rows[:at] + rows[at + 1 :]
        orders = [rest, [*rows, at], [*rows[:at], at, *rows[at:]]]
        orders += [[*rest[:n], at, *rest[n:]] for n in range(len(rows)) if n != at]
        for order in orders:
            frame = good.decisions.iloc[order].reset_index(drop=True)
            assert "P12" in failing(decisions=frame), order


def test_rows_reordered(good: Published, failing: Failing) -> None:
    assert failing(decisions=good.decisions.iloc[::-1].reset_index(drop=True)) == {"P12"}


def test_no_rows_at_all(good: Published, failing: Failing) -> None:
    assert failing(decisions=good.decisions.iloc[:0]) == {"P6", "P9", "P12"}


@pytest.mark.parametrize(
    ("at", "column", "text"),
    [
        (0, "rank", "2"),
        (6, "rank", "7"),
        (0, "person_id", "p1"),
        (0, "service_id", "s1"),
        (6, "qualified", "yes"),
        (6, "bachelor", "1"),
        (5, "sector", "2"),
        (2, "grade", "401"),
        (2, "grade", "4.00"),
        (2, "grade", "0400"),
        (2, "lottery", "-99"),
        (2, "lottery", ""),
    ],
)
def test_a_cell_of_a_ranking(
    at: int, column: str, text: str, good: Published, failing: Failing
) -> None:
    north = good.rankings["north"].copy()
    assert north.loc[at, column] != text
    north.loc[at, column] = text
    assert failing(rankings={**good.rankings, "north": north}) == {"P8"}


def test_two_lottery_cells_swapped_with_their_ranks(good: Published, failing: Failing) -> None:
    north = good.rankings["north"].copy()
    north.loc[[2, 3], ["person_id", "service_id"]] = [["p9", "s3"], ["p1", "s1"]]
    assert failing(rankings={**good.rankings, "north": north}) == {"P8"}


def test_rankings_of_other_shapes(good: Published, failing: Failing) -> None:
    north, south = good.rankings["north"], good.rankings["south"]
    for table in (
        north.iloc[:-1],
        north.drop(columns="lottery"),
        north.rename(columns={"grade": "mark"}),
        north[[*north.columns[:4], *north.columns[:3:-1]]],
        north.iloc[[1, 0, *range(2, len(north))]].reset_index(drop=True),
        pd.DataFrame(),
    ):
        assert failing(rankings={"north": table, "south": south}) == {"P8"}
    assert failing(rankings={"north": north}) == {"P8"}
    assert failing(rankings={**good.rankings, "east": north}) == {"P8"}


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(tree, dict | list) and tree:
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from leaves(tree[key], (*path, key))
    else:
        yield path


def with_leaf(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    found = copy.deepcopy(tree)
    at = found
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return found


def without_leaf(tree: Any, path: tuple[Any, ...]) -> Any:
    found = copy.deepcopy(tree)
    at = found
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return found


def other_values(value: Any) -> list[Any]:
    numbers = [value + 1, float(value), str(value)] if type(value) is int else []
    return [
        v for v in (*numbers, None, "x", True, -1, [], {}) if (v, type(v)) != (value, type(value))
    ]


def test_every_value_of_the_summary(good: Published, failing: Failing) -> None:
    for path in leaves(dict(good.summary)):
        value = good.summary
        for key in path:
            value = value[key]
        for other in other_values(value)[:3]:
            assert failing(summary=with_leaf(good.summary, path, other)) == {"P12"}, path
        assert failing(summary=without_leaf(good.summary, path)) == {"P12"}, path
    assert failing(summary={**good.summary, "more": 1}) == {"P12"}
    assert failing(summary={}) == {"P12"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("seed",), 4),
        (("inputs", "applicants.csv"), "c3" * 32),
        (("inputs", "services.csv"), "c3" * 32),
        (("rulebooks", "north"), "north-2"),
        (("rulebooks", "east"), "east-1"),
        (("program", "name"), "another"),
        (("program", "version"), 1),
        (("program", "version"), ""),
        (("program", "version"), "0.1.0x"),
        (("program", "version"), "99.0.0"),
        (("scenario",), "another"),
        (("rules_on",), "2020-08-01"),
        (("mechanism",), "independent"),
        (("leader",), "points"),
        (("lottery",), "per-offering"),
        (("ties",), "accept-all"),
        (("language",), "fr"),
        (("files", "decisions.csv"), "c3" * 32),
        (("files",), 3),
        (("inputs",), None),
        (("made_at",), "noon"),
    ],
)
def test_a_name_in_the_certificate(
    path: tuple[Any, ...], value: Any, good: Published, failing: Failing
) -> None:
    assert failing(certificate=with_leaf(good.certificate, path, value)) == {"P0"}


def test_a_result_of_an_older_version_is_verified_by_what_holds(
    round_: Round, scenario: ResolvedScenario, good: Published
) -> None:
    older = with_leaf(good.certificate, ("program", "version"), "0.0.1")
    whole = hand.with_findings(round_, scenario, replace(good, certificate=older))

    def failing(*path: str, value: Any) -> set[str]:
        changed = with_leaf(whole.certificate, ("properties", *path), value)
        result = replace(whole, certificate=changed)
        return hand.failing(verify(round_, scenario, result, inputs_sha256=hand.INPUTS))

    assert failing("P3", "statement", value="Said in other words then.") == set()
    assert failing("P3", "holds", value=None) == {"P0"}
    assert failing("P3", value=None) == {"P0"}


@pytest.mark.parametrize("name", ["seed", "inputs", "rulebooks", "files", "language", "program"])
def test_a_name_missing_in_the_certificate(name: str, good: Published, failing: Failing) -> None:
    assert failing(certificate=without_leaf(good.certificate, (name,))) == {"P0"}


def test_every_statement_of_a_solver(good: Published, failing: Failing) -> None:
    tried = 0
    for path in leaves(good.certificate["solvers"], ("solvers",)):
        value = good.certificate
        for key in path:
            value = value[key]
        for other in other_values(value):
            if path[-1] == "objectives" and other == []:
                continue
            tried += 1
            assert failing(certificate=with_leaf(good.certificate, path, other)) == {"P9"}, path
        assert failing(certificate=without_leaf(good.certificate, path)) == {"P9"}, path
    assert tried > 60


def test_solvers_that_disagree(good: Published, failing: Failing) -> None:
    for number in (0, 1):
        changed = with_leaf(good.certificate, ("solvers", number, "agrees"), False)
        assert failing(certificate=changed) == {"P9"}


@pytest.mark.parametrize("solvers", [None, 5, [], [5], {}, "cp-sat"])
def test_solvers_that_are_none(solvers: Any, good: Published, failing: Failing) -> None:
    assert failing(certificate={**good.certificate, "solvers": solvers}) == {"P9"}


@pytest.mark.parametrize(
    ("number", "model", "left_out", "right"),
    [
        (0, "unreduced", 0, True),
        (0, "unreduced", 3, False),
        (0, "unreduced", None, False),
        (0, None, 0, False),
        (0, "reduced", 3, False),  # nine people are not many
        (1, "unreduced", 0, False),  # deferred acceptance has no model
    ],
)
def test_what_a_model_left_out_makes_sense(
    number: int, model: str | None, left_out: int | None, right: bool, good: Published,
    failing: Failing,
) -> None:  # fmt: skip
    stated = copy.deepcopy(good.certificate)
    stated["solvers"][number] |= {"model": model, "left_out": left_out}
    assert failing(certificate=stated) == (set() if right else {"P9"})


def test_a_model_is_reduced_where_the_program_reduces_it() -> None:
    assert REDUCED_ABOVE == LARGE


def test_an_objective_left_out_or_invented(good: Published, failing: Failing) -> None:
    for path in leaves(good.certificate["solvers"][0]["objectives"], ("solvers", 0, "objectives")):
        assert failing(certificate=without_leaf(good.certificate, path[:4])) == {"P9"}
    more = copy.deepcopy(good.certificate)
    more["solvers"][0]["objectives"].append({"name": "beauty", "sense": "max", "value": 1})
    assert failing(certificate=more) == {"P9"}


def test_an_input_changed_after_the_fact(
    round_: Round, scenario: ResolvedScenario, good: Published
) -> None:
    inputs = {**hand.INPUTS, "applicants.csv": "c3" * 32}
    found = verify(round_, scenario, good, inputs_sha256=inputs, draft=True)
    assert hand.failing(found) == {"P0"}
    applicants = round_.applicants.copy()
    applicants.loc[8, "bachelor_grade"] = 460
    better = replace(round_, applicants=applicants)
    found = verify(better, scenario, good, inputs_sha256=inputs, draft=True)
    assert hand.failing(found) == {"P0", "P5", "P8", "P9", "P12"}


def test_another_seed_than_the_one_drawn_with(round_: Round, good: Published) -> None:
    found = verify(round_, hand.resolved(seed=4), good, inputs_sha256=hand.INPUTS, draft=True)
    assert hand.failing(found) == {"P0", "P5", "P8", "P9", "P12"}


def test_more_seats_than_the_result_was_made_with(round_: Round, good: Published) -> None:
    found = verify(round_, hand.resolved(seats=3), good, inputs_sha256=hand.INPUTS, draft=True)
    assert hand.failing(found) == {"P6", "P9", "P12"}


def test_findings_that_were_not_found(
    round_: Round, scenario: ResolvedScenario, good: Published
) -> None:
    whole = hand.with_findings(round_, scenario, good)
    stated = whole.certificate["properties"]
    for name in stated:
        for path, value in (
            ((name, "holds"), None if stated[name]["holds"] else True),
            ((name, "statement"), "All is well."),
            ((name, "counted", "broken"), 7),
            ((name, "exceptions"), ["p1 is unlucky"]),
        ):
            properties = with_leaf(stated, path, value)
            certificate = {**whole.certificate, "properties": properties}
            found = verify(
                round_, scenario, replace(whole, certificate=certificate),
                inputs_sha256=hand.INPUTS,
            )  # fmt: skip
            assert hand.failing(found) == {"P0"}, path
    for properties in ({}, None, without_leaf(stated, ("P5",))):
        certificate = {**whole.certificate, "properties": properties}
        found = verify(
            round_, scenario, replace(whole, certificate=certificate), inputs_sha256=hand.INPUTS
        )
        assert hand.failing(found) == {"P0"}


def test_every_mutation_of_a_cell_of_decisions(good: Published, failing: Failing) -> None:
    tried = 0
    for column in good.decisions.columns.drop("explanation"):
        own = sorted(set(good.decisions[column]))
        for at in good.decisions.index:
            for text in (*own, "", "0", "x", good.decisions.loc[at, column] + " "):
                if text == good.decisions.loc[at, column]:
                    continue
                frame = good.decisions.copy()
                frame.loc[at, column] = text
                tried += 1
                assert failing(decisions=frame), (at, column, text)
    assert tried > 700
