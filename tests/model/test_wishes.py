"""The best wish that people hold."""

from __future__ import annotations

import numpy as np

from admissions.model.wishes import BEHIND_ALL, best_wish


def test_the_best_of_what_is_held_and_behind_all_where_nothing_is() -> None:
    person = np.array([0, 0, 0, 1, 1, 2])
    preference = np.array([1, 2, 3, 1, 4, 2])
    held = np.array([False, True, True, False, True, False])
    assert best_wish(4, person, preference, held).tolist() == [2, 4, BEHIND_ALL, BEHIND_ALL]
    assert best_wish(4, person, preference, np.array([5, 0])).tolist()[::2] == [1, 2]
    assert (preference < BEHIND_ALL).all()
