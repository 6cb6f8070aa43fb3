"""The terminal speaks the language that is asked for, or the locale's."""

from __future__ import annotations

import pytest

from admissions.cli.language import language_of


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
