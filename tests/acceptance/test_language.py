"""The terminal speaks the language that is asked for, or the locale's."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from admissions.cli import app
from admissions.cli.language import language_of
from admissions.cli.spoken_help import commands, parts
from admissions.model.resources import shipped
from admissions.model.words import wordings
from tests.acceptance.command import run, run_installed, write_round

SHIPPED_ROUND = shipped("scenarios") / "rounds" / "2019"
TYPER_S_OWN = {
    "Usage: ", "Options", "Arguments", "Commands", "Example: ", "required", "default: {default}",
    "Show this message and exit.", "Aborted!", "The language of the words.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        ([], {"LANG": "nb_NO.UTF-8"}, "nb"),
        ([], {"LANG": "no_NO"}, "nb"),
        ([], {"LANG": "nn_NO.UTF-8"}, "nn"),
        ([], {"LANG": "nb_NO.UTF-8", "LC_MESSAGES": "nn_NO.UTF-8"}, "nn"),
        ([], {"LANG": "nb_NO.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "nb_NO.UTF-8", "LC_ALL": ""}, "nb"),
        (["check", "r", "--language", "nn"], {"LANG": "nb_NO.UTF-8"}, "nn"),
        (["check", "r", "--language=nb"], {"LANG": "en_GB"}, "nb"),
        (["check", "r", "--language"], {"LANG": "nb_NO"}, "nb"),
        (["check", "r", "--language", "se"], {"LANG": "nn_NO"}, "nn"),
    ],
)
def test_the_language_is_the_option_s_or_else_the_locale_s(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert language_of(arguments, environment) == language


@pytest.mark.parametrize(
    ("environment", "shown_in", "language"),
    [
        ({}, "nb_NO", "nb"),
        ({}, "nn_NO", "nn"),
        ({}, "de_DE", "en"),
        ({"LANG": "en_GB.UTF-8"}, "nb_NO", "en"),
        ({"LANG": ""}, "nn_NO", "nn"),
    ],
)
def test_where_no_variable_states_a_locale_it_is_that_of_the_system(
    environment: dict[str, str], shown_in: str, language: str
) -> None:
    assert language_of([], environment, shown_in) == language


def _sentences() -> dict[str, str]:
    """Every sentence of the help by itself, with where it stands."""
    found: dict[str, str] = {}
    for path, command in commands(typer.main.get_command(app)):
        where = " ".join(("admissions", *path))
        sentences, _ = parts(command.help or "")
        own = [getattr(param, "help", None) for param in command.params]
        for sentence in (*sentences, command.epilog, *own):
            if sentence:
                found[sentence] = where
    return found


def test_every_sentence_of_the_help_is_in_three_languages() -> None:
    known = {wording.en for wording in wordings("help").values()}

    assert {s: where for s, where in _sentences().items() if s not in known} == {}


def test_every_sentence_in_three_languages_is_one_of_the_help() -> None:
    known = {wording.en for wording in wordings("help").values()}

    assert known - _sentences().keys() - TYPER_S_OWN == set()


def test_each_command_takes_the_language() -> None:
    for path, _ in commands(typer.main.get_command(app)):
        ran = run(*path, "--help", "--language", "nn")
        assert ran.code == 0, path
        assert ran.out.startswith("Bruk: admissions"), path
        assert "Vis dette og avslutt." in ran.out
        assert not {"Usage", "Options:", "[required]", "[default"} & set(ran.out.split())


def test_the_language_may_stand_before_the_command_or_come_from_the_locale() -> None:
    before = run("--language", "nb", "check", "nowhere")
    after = run("check", "nowhere", "--language=nb")
    locale = run_installed("check", "nowhere", env={"LC_ALL": "nb_NO.UTF-8"})

    assert before == after == locale
    assert (before.code, before.err.startswith("feil: ")) == (2, True)
    assert run("check", "nowhere").err.startswith("error: ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("allocate",), "'ROUND' mangler"),
        (("check", "x", "--jsn"), "det er ikke noe valg som heter --jsn. Kanskje --json"),
        (("allocate", "x", "--scenario"), "--scenario må ha en verdi etter seg"),
        (("chek",), "det er ingen slik kommando; forventet en av: demo, check, "),
        (
            ("pool", "--year", "to", "--seed", "1", "--out", "x"),
            "ugyldig verdi for '--year': forventet et heltall",
        ),
    ],
)
def test_a_wrong_command_line_is_explained_in_the_language(
    arguments: tuple[str, ...], told: str
) -> None:
    ran = run("--language", "nb", *arguments)

    assert ran.code == 2
    assert f"feil: {told}" in ran.err
    assert "Error" not in ran.err


def test_a_run_is_told_in_the_language(tmp_path: Path) -> None:
    demo = run("demo", "--out", tmp_path / "demo", "--language", "nb")

    assert demo.code == 0
    assert demo.out.splitlines()[0] == (
        "coordinated-2019: regler per 2019-08-01, samordnet, loddtrekning fra tallet 2019"
    )
    assert "fått tilbud (k/s/p)   sist inn   venter" in demo.out
    assert " 37,1 " in demo.out
    assert "k/s/p: ansatt i kommunalt, statlig eller privat barnevern." in demo.out
    assert "P11 P12 " in demo.out
    assert "er ikke lovet; bevist av cp-sat og deferred-acceptance." in demo.out

    verified = run(
        "verify", tmp_path / "demo", "--round", SHIPPED_ROUND, "--without-allocating",
        "--language", "nn",
    )  # fmt: skip

    assert verified.code == 0
    assert "Berre kvalifiserte søkjarar har tilbod." in verified.out
    assert "brot 0, tilbod 274" in verified.out


def test_an_error_has_the_words_that_a_file_would_use(tmp_path: Path) -> None:
    folder = write_round(
        tmp_path / "round",
        {
            "applicants.csv": "person_id;sektor;karakter;stilling\n"
            "p1;komunal;7;sjef\np1;privat;;\n",
            "applications.csv": "person_id;offering_id;prioritet\np1;uis-jus;1\n",
        },
    )

    bokmal = run("check", folder, "--language", "nb").err
    nynorsk = run("check", folder, "--language", "nn").err

    assert "fant «komunal»; forventet en av: kommunal, statlig, privat, ingen. Kanskje " in bokmal
    assert "medarbeider, teamleder, fagleder, stedfortreder, leder" in bokmal
    assert "fant «7»; forventet en karakter 1-5 (5 = A)" in bokmal
    assert "forventet én rad per person; personen står allerede i rad 2" in bokmal
    assert "Kanskje uis-juss" in bokmal
    assert "rad 2, kolonne sektor: fann «komunal»; venta ein av: kommunal, statleg," in nynorsk
    assert "municipal" not in bokmal + nynorsk
    assert "expected" not in bokmal + nynorsk
