"""Results worked out by hand hold, and what is reported about them is what the hand counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from admissions.model.round import Round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification import Property, Published, verify
from tests.verification import hand, hand_results

EVERY = [f"P{n}" for n in range(16)]


def holds(found: tuple[Property, ...]) -> dict[str, bool | None]:
    return {one.id: one.holds for one in found}


def by_id(found: tuple[Property, ...]) -> dict[str, Property]:
    return {one.id: one for one in found}


def test_p1_is_drawn_before_p9() -> None:
    cells = hand.lottery_cells()
    assert cells["p1"] > cells["p9"]


def test_the_coordinated_plan_by_hand_keeps_every_promise(
    found: Callable[..., tuple[Property, ...]],
) -> None:
    properties = found()
    assert [one.id for one in properties] == EVERY
    assert [line for one in properties for line in one.exceptions] == []
    not_promised = dict.fromkeys(("P10", "P13", "P14"))
    assert holds(properties) == {**dict.fromkeys(EVERY, True), **not_promised}


def test_a_certificate_with_its_findings_holds(
    round_: Round, scenario: ResolvedScenario, good: Published
) -> None:
    whole = hand.with_findings(round_, scenario, good)
    assert hand.failing(verify(round_, scenario, whole, inputs_sha256=hand.INPUTS)) == set()


def test_the_other_stable_plan_fails_only_for_not_being_the_best(
    found: Callable[..., tuple[Property, ...]],
) -> None:
    held = (("south", "p1"), ("north", "p2"), ("north", "p3"), ("south", "p4"))
    properties = found(
        decisions=hand_results.PESSIMAL,
        stated=hand.certificate(*held, preferences=6),
        counted=hand.summary(waiting=((3, 1), (2, 1)), last="4.50"),
    )
    assert hand.failing(properties) == {"P11"}
    chain = by_id(properties)["P11"]
    assert chain.counted["broken"] == 1
    assert chain.exceptions == ("all could do better: p1 to north, p2 to south",)


def test_a_reserved_seat_excuses_envy_and_is_named(round_: Round, tmp_path: Path) -> None:
    scenario = hand.resolved(limits=[hand.TROMSO_AT_NORTH])
    held = (("south", "p1"), ("north", "p3"), ("south", "p4"), ("north", "p5"))
    texts = hand.files(
        hand_results.RESERVED,
        stated=hand.certificate(*held, preferences=5),
        counted=hand.summary(waiting=((3, 1), (1, 1)), last="3.50"),
    )
    properties = verify(
        round_, scenario, hand.published(tmp_path, texts), inputs_sha256=hand.INPUTS, draft=True
    )
    assert hand.failing(properties) == set()
    envy = by_id(properties)["P5"]
    assert envy.counted == {"broken": 0, "excused": 3, "excused by regions": 3}
    assert envy.exceptions[0] == (
        "p1, rank 3 at north, waits; p5, rank 5 at north, holds an offer; the limit regions "
        "forbids the exchange"
    )


def test_a_reserve_not_kept_is_told_with_the_limit(round_: Round, good: Published) -> None:
    scenario = hand.resolved(limits=[hand.TROMSO_AT_NORTH])
    properties = verify(round_, scenario, good, inputs_sha256=hand.INPUTS, draft=True)
    assert {"P7"} <= hand.failing(properties)
    assert by_id(properties)["P5"].holds
    assert by_id(properties)["P7"].exceptions == (
        "0 from tromso at north hold offers, and others from there wait; "
        "the limit regions reserves 1",
    )


def test_the_calls_of_the_independent_mechanism_hold(round_: Round, tmp_path: Path) -> None:
    scenario = hand.resolved(seats=3, mechanism="independent", call_rounds=2)
    texts = hand.files(
        hand_results.INDEPENDENT,
        stated=hand.certificate(mechanism="independent", preferences=0),
        counted=hand.summary(
            mechanism="independent", seats=3, offered=(2, 3), waiting=((2, 1), (0, 1))
        ),
    )
    properties = verify(
        round_, scenario, hand.published(tmp_path, texts), inputs_sha256=hand.INPUTS, draft=True
    )
    promised = {"P0", "P1", "P2", "P3", "P7", "P8", "P12", "P13"}
    assert holds(properties) == {name: True if name in promised else None for name in EVERY}
    assert by_id(properties)["P6"].counted == {"broken": 3, "excused": 0, "unused": 1}
    assert by_id(properties)["P13"].counted == {"broken": 0, "called": 8, "released": 3}
