"""What is said where a promised property does not hold."""

from __future__ import annotations

import pytest

from admissions.model.errors import PromiseBrokenError
from admissions.results.allocation import refuse_broken
from admissions.verification import Property


def test_a_broken_promise_is_named_in_three_languages_with_what_breaks_it() -> None:
    broken = Property("P2", "Nobody holds more than one offer.", False, {}, ("a holds 2 offers",))
    with pytest.raises(PromiseBrokenError) as refused:
        refuse_broken([broken])
    assert str(refused.value) == (
        "These promised properties do not hold:\n"
        "  P2: Nobody holds more than one offer.\n    a holds 2 offers"
    )
    assert "P2: Ingen har mer enn ett tilbud.\n    a holds" in refused.value.in_("nb")
    assert "P2: Ingen har meir enn eitt tilbod.\n    a holds" in refused.value.in_("nn")


def test_nothing_is_said_where_all_hold_or_are_not_promised() -> None:
    refuse_broken([Property("P2", "-", True, {}, ()), Property("P3", "-", None, {}, ())])
