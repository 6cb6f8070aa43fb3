"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ["LC_ALL"] = "C.UTF-8"
"""The tests read what the program says in English, whatever the developer's own locale is."""

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
"""A busy machine makes no test fail: what an example may take is not what is tested."""
