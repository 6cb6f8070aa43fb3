"""What the program says, as data: whole in each language, and the same thing in all of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from admissions.model.errors import (
    DataError,
    Finding,
    InputError,
    NotProvenError,
    UsageError,
    first_error,
    system_fault,
)
from admissions.model.messages import MessageError, message


def test_a_message_is_what_is_so_and_what_to_do() -> None:
    said = message("problems.unknown-key")

    assert said.detail("nb") == "nøkkelen er ikke kjent her"
    assert said.advice("nb") == "Kanskje den er feilskrevet"
    assert said.in_("nn") == "nøkkelen er ikkje kjend her. Kanskje han er feilskriven"
    assert str(said) == said.in_("en") == "no such key is known here. Maybe it is misspelt"


def test_a_text_is_quoted_as_the_language_quotes() -> None:
    said = message("rulebooks.no-rules", name="uis", offerings=["a", "b"], versions="a-1, b-1")

    assert said.detail("en") == "there are no rules called 'uis'"
    assert said.detail("nn") == "det er ingen reglar som heiter «uis»"
    assert (
        said.advice("nb") == "Kanskje et av studietilbudene a, b, eller en av versjonene a-1, b-1."
    )


def test_an_advice_that_needs_what_is_not_there_is_left_out() -> None:
    expected = message("problems.one-of", known=["nb", "nn"])

    with_advice = message("problems.found", said=expected, found="nm", close="nn")
    without = message("problems.found", said=expected, found="xx", close=None)

    assert with_advice.in_("nb") == "forventet en av: nb, nn (fant «nm»). Skriv kanskje «nn»."
    assert without.in_("nb") == "forventet en av: nb, nn (fant «xx»)"


def test_a_decimal_has_the_sign_of_the_language() -> None:
    said = message("problems.at-least", ge=Decimal("0.5"))

    assert said.in_("nb") == "forventet 0,5 eller mer"
    assert said.in_("en").endswith("0.5")


def test_one_of_a_thing_and_several() -> None:
    finding = Finding("a.csv", 2, "sektor", "x", message("problems.text"))

    one, two = InputError([finding]), InputError([finding, finding], notes=[finding])

    assert one.in_("nb").splitlines() == [
        "1 feil i opptaksrunden:",
        "  a.csv, rad 2, kolonne sektor: fant «x»; forventet en tekst, i anførselstegn",
    ]
    assert two.in_("nn").splitlines() == [
        "2 feil i opptaksrunden:",
        "  a.csv, rad 2, kolonne sektor: fann «x»; venta ein tekst, i hermeteikn",
        "  a.csv, rad 2, kolonne sektor: fann «x»; venta ein tekst, i hermeteikn",
        "1 merknad:",
        "  a.csv, rad 2, kolonne sektor: fann «x»; venta ein tekst, i hermeteikn",
    ]
    assert str(one).startswith("1 error in the round:\n  a.csv, row 2, column sektor: found 'x'; ")


def test_what_has_no_words_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        message("problems.there-is-no-such-entry")


def test_a_text_stands_as_it_is_in_every_language() -> None:
    for error in (
        UsageError("so it is"),
        DataError("so it is"),
        NotProvenError("unproven", "so it is"),
    ):
        assert str(error) == error.in_("nb") == "so it is"


class _Seats(BaseModel, extra="forbid"):
    seats: int = Field(ge=1)
    offering: str = "uis-juss"

    @field_validator("offering")
    @classmethod
    def _known(cls, value: str) -> str:
        if value != "uis-juss":
            raise MessageError(message("problems.one-of", known=["uis-juss"]))
        return value


@pytest.mark.parametrize(
    ("table", "nb", "en"),
    [
        ({}, "seats: forventet en verdi", "seats: Field required"),
        (
            {"seats": 0},
            "seats: forventet 1 eller mer (fant 0)",
            "seats: Input should be greater than or equal to 1 (found 0)",
        ),
        (
            {"seats": "x"},
            "seats: forventet et heltall, uten anførselstegn (fant «x»)",
            "seats: expected a whole number, without quotes (found 'x')",
        ),
        (
            {"seats": 1, "seets": 2},
            "seets: nøkkelen er ikke kjent her. Kanskje den er feilskrevet (fant 2)",
            "seets: no such key is known here. Maybe it is misspelt (found 2)",
        ),
        (
            {"seats": 1, "offering": "uis"},
            "offering: forventet en av: uis-juss (fant «uis»)",
            "offering: Input should be one of: uis-juss (found 'uis')",
        ),
    ],
)
def test_what_a_model_refuses_is_said_in_each_language(table: object, nb: str, en: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _Seats.model_validate(table)

    said = first_error(caught.value)

    assert (said.in_("nb"), said.in_("en")) == (nb, en)


def test_what_the_system_refuses_is_said_in_each_language() -> None:
    refused = PermissionError(13, "Permission denied")

    assert system_fault(refused).in_("nb") == "Ingen tilgang"
    assert str(system_fault(refused)) == "Permission denied"
    assert str(system_fault(OSError(5, "Input/output error"))) == "Input/output error"
