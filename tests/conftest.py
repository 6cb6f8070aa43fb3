"""What holds for every test."""

from __future__ import annotations

import os

os.environ["LC_ALL"] = "C.UTF-8"
"""The tests read what the program says in English, whatever the developer's own locale is."""
