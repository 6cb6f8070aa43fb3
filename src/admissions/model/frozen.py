"""A mapping that nobody can change, for objects that are frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from pydantic import AfterValidator

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dict that refuses every change; it is pickled, compared and written as a dict is."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping is frozen; make a new one")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse
    __ior__ = _refuse

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return type(self), (dict(self),)


def frozen(value: Any) -> Any:
    """``value`` with every mapping and list in it, however deep, as one that cannot change."""
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(held) for key, held in value.items()})
    if isinstance(value, list | tuple):
        return tuple(frozen(held) for held in value)
    return value


Frozen = AfterValidator(frozen)
"""Stands at a field that holds a mapping (``Annotated``)."""
