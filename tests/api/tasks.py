"""What a reader is given to do in the tests: too long, too much, an end, an error."""

from __future__ import annotations

import os
import time

from admissions.model.errors import Finding, InputError


def forever() -> None:
    while True:
        time.sleep(0.05)


def greedy() -> int:
    return len(b"x" * (600 * 2**20))


def ends() -> None:
    os.abort()


def refuses() -> None:
    raise InputError([Finding("a.csv", 2, "b", "c", "expected d")], 3)
