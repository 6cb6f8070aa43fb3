"""Holds two JSON values against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def differences(expected: object, found: object, path: str = "") -> Iterator[str]:
    """Where ``found`` is not ``expected``, a line each. ``1``, ``1.0`` and ``true`` are not equal.

    A path names the keys down to the value; lists are compared as a whole.
    """
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in expected:
            if key in found:
                yield from differences(expected[key], found[key], f"{path}{key}.")
            else:
                yield f"{path}{key} is missing"
        yield from (f"{path}{key} is not expected" for key in found if key not in expected)
    elif type(expected) is not type(found) or expected != found:
        yield f"{path.removesuffix('.')}: found {found!r}; expected {expected!r}"
