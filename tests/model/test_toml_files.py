"""TOML files as people's editors save them: read, or refused with line and byte."""

from __future__ import annotations

import codecs
from decimal import Decimal

import pytest

from admissions.model.errors import DataError
from admissions.model.toml_files import TomlError, toml_table
from admissions.rulebooks.scenario_files import scenario_of_toml

TEXT = 'name = "Prøve"\npoints = 0.25\n'


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_whatever_an_editor_puts_before_the_text_is_read(content: bytes) -> None:
    assert toml_table(content) == {"name": "Prøve", "points": Decimal("0.25")}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'id = "a"\ntitle = "Pr\xf8ve"\n', "line 2: byte 0xf8 is not UTF-8. Maybe save the file"),
        (b"id = a\n", "line 1"),
        (b"seed = " + b"9" * 5000, "a number is too long"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_place(content: bytes, told: str) -> None:
    with pytest.raises(TomlError) as refused:
        toml_table(content)
    assert told in str(refused.value)


def test_a_title_that_is_one_text_is_told_how_to_write_three() -> None:
    with pytest.raises(DataError) as refused:
        scenario_of_toml(b'id = "mine"\ntitle = "Min"\n', "mine.toml")
    assert "under the heading [title]: nb = …, nn = …, en = …" in str(refused.value)
    assert "overskriften [title]" in refused.value.in_("nb")


def test_a_long_value_is_shown_cut() -> None:
    own = 'id = "mine"\nextends = "coordinated-2019"\nseed = ' + "9" * 400
    with pytest.raises(DataError) as refused:
        scenario_of_toml(own.encode(), "mine.toml")
    assert "9" * 61 not in str(refused.value)
    assert "9" * 40 in str(refused.value)
