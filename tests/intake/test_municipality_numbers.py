"""The register of municipality numbers, held against what is known of the reforms."""

from __future__ import annotations

import pytest

from admissions.intake.municipality_numbers import FILE, in_year, numbers


@pytest.mark.parametrize(
    ("year", "count"),
    [(2018, 422), (2019, 422), (2020, 356), (2021, 356), (2022, 356), (2023, 356), (2024, 357)],
)
def test_each_year_has_its_number_of_municipalities(year: int, count: int) -> None:
    assert sum(number.held_in(year) for number in numbers().values()) == count


@pytest.mark.parametrize(
    ("no", "year", "then"),
    [
        ("0301", 2018, ["0301"]),
        ("0301", 2024, ["0301"]),  # Oslo has kept its number
        ("1601", 2018, ["5001"]),  # Trondheim, when Trøndelag became one county
        ("1601", 2024, ["5001"]),
        ("1201", 2020, ["4601"]),  # Bergen, when Vestland was made
        ("4601", 2019, ["1201"]),
        ("0101", 2019, ["0101"]),
        ("0101", 2020, ["3001"]),  # Halden in Viken
        ("0101", 2024, ["3101"]),  # and in Østfold again
        ("3801", 2023, ["3801"]),
        ("3801", 2024, ["3901"]),  # Horten
        ("0701", 2024, ["3901"]),
        ("1567", 2019, ["5061"]),  # Rindal went to Trøndelag
        ("1902", 2020, ["5401"]),  # Tromsø
        ("5401", 2024, ["5501"]),
        ("1001", 2020, ["4204"]),  # Kristiansand
        ("1103", 2020, ["1103"]),  # Stavanger has kept its number
        ("1141", 2020, ["1103"]),  # Finnøy became part of it
        ("1507", 2024, ["1508", "1580"]),  # Ålesund and Haram went apart
        ("1508", 2021, ["1507"]),
        ("5012", 2020, ["5055", "5056", "5059"]),  # Snillfjord was split
        ("1850", 2020, ["1806", "1875"]),  # Tysfjord was split
        ("9999", 2020, []),
        ("0000", 2020, []),
    ],
)
def test_a_number_leads_to_the_numbers_of_that_year(no: str, year: int, then: list[str]) -> None:
    assert [number.no for number in in_year(no, year)] == then


def test_a_number_that_ended_has_successors_that_begin_when_it_ends() -> None:
    for number in numbers().values():
        assert (number.last_year is None) == (not number.successors)
        for successor in number.successors:
            assert number.last_year is not None
            assert numbers()[successor].held_in(number.last_year + 1)


def test_source_and_licence_stand_beside_the_numbers() -> None:
    head = FILE.read_text(encoding="utf-8").partition("municipality_no,")[0]

    assert "Statistics Norway (SSB), KLASS classification 131" in head
    assert "CC BY 4.0" in head
