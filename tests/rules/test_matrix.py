"""What counts where, held against the report's account of each study site (facts by hand)."""

from __future__ import annotations

import datetime as dt

import pytest

from admissions.model.errors import DataError
from admissions.model.resources import shipped
from admissions.model.vocabulary import LANGUAGES
from admissions.rulebooks.limits import limit_kinds
from admissions.rulebooks.matrix import Matrix, differences, matrix_on
from admissions.rulebooks.rulebook import Rulebook, load_rulebooks
from admissions.rules.registry import BUILT_IN

PRACTICE = dt.date(2019, 8, 1)


@pytest.fixture(scope="module")
def rulebooks() -> dict[str, Rulebook]:
    return load_rulebooks(shipped("rules"))


@pytest.fixture(scope="module")
def matrix(rulebooks: dict[str, Rulebook]) -> Matrix:
    return matrix_on(rulebooks, PRACTICE)


def sites(matrix: Matrix, kind: str) -> set[str]:
    return {name for row in matrix.rows if row.kind == kind for name in row.cells}


def test_what_differs_most_between_the_sites_is_what_the_evaluators_found(matrix: Matrix) -> None:
    """Education beyond the bachelor counts at some sites and not at others (§3.3.3)."""
    education = {"hvl-barnets-beste", "oslomet-juss", "oslomet-barnets-beste", "vid-relasjon"}
    assert sites(matrix, "education-points") == education
    assert sites(matrix, "further-education-count") == {"uit-veiledning"}
    assert sites(matrix, "master") == {"uit-veiledning"}
    assert sites(matrix, "experience-points") == education - {"hvl-barnets-beste"}
    assert sites(matrix, "experience-years") == {"uis-juss", "uit-veiledning"}
    assert sites(matrix, "service-limit") == {"uis-juss"}
    assert sites(matrix, "grade-points") == set(matrix.versions) - {"uit-veiledning"}
    assert sites(matrix, "leader-position") == {"ntnu-ledelse"}
    assert sites(matrix, "sector-tiers") == sites(matrix, "lottery") == set(matrix.versions)


def test_how_much_and_in_which_place(matrix: Matrix) -> None:
    rows = {row.kind: row.cells for row in matrix.rows}
    (hvl,) = rows["education-points"]["hvl-barnets-beste"]
    assert (hvl.place, hvl.part) == (2, True)
    assert hvl.rule.amount_in("nb") == "1 per 30 studiepoeng utdanning, høyst 4"
    (oslomet,) = rows["sum-of-points"]["oslomet-juss"]
    assert oslomet.rule.amount_in("en") == "at most 7"
    (uis,) = rows["grade-points"]["uis-juss"]
    assert (uis.place, uis.part) == (4, False)
    (tie,) = rows["lottery"]["vid-relasjon"]
    assert tie.place == 5
    (sector,) = rows["sector-tiers"]["ntnu-ledelse"]
    assert sector.rule.amount_in("nn") == "kommunalt > statleg eller privat"
    (bachelor,) = rows["bachelor-degree"]["uis-juss"]
    assert bachelor.place == 0


def test_a_day_without_an_offering_and_a_day_without_rules(
    rulebooks: dict[str, Rulebook],
) -> None:
    early = matrix_on(rulebooks, dt.date(2018, 9, 1))
    assert early.versions["vid-minoritet"] is None
    assert all("vid-minoritet" not in row.cells for row in early.rows)
    with pytest.raises(DataError, match="no rules are stated for 2017-01-01"):
        matrix_on(rulebooks, dt.date(2017, 1, 1))


def test_only_what_counts_is_a_difference(rulebooks: dict[str, Rulebook], matrix: Matrix) -> None:
    assert differences(matrix, matrix_on(rulebooks, dt.date(2020, 8, 1))) == ()
    later = differences(matrix, matrix_on(rulebooks, dt.date(2022, 8, 1)))
    at_hvl = {row.kind for row in later if "hvl-barnets-beste" in row.cells}
    assert at_hvl == {
        "sector-tiers", "recommendation-tiers", "education-points", "sum-of-points",
        "grade-points", "oldest-first", "lottery",
    }  # fmt: skip
    tiers = {row.kind: row.cells for row in later}["recommendation-tiers"]
    before, after = tiers["hvl-barnets-beste"]
    assert (before, len(after), after[0].place) == ((), 1, 1)
    assert not any("uis-juss" in row.cells for row in later)


def test_every_kind_has_a_name_of_its_own_in_every_language() -> None:
    for language in LANGUAGES:
        names = [kind.kind_name_in(language) for kind in (*BUILT_IN, *limit_kinds())]
        assert len(set(names)) == len(names)
