"""Pages of a list: so many items after a cursor, and the address of the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

Item = TypeVar("Item")
LARGEST_PAGE = 500
LARGEST_OFFSET = 10_000_000


class Page(BaseModel, Generic[Item]):
    """Some items of a list; ``next`` is the address of the following ones, null at the end."""

    items: list[Item]
    total: int = Field(description="How many there are in all.")
    next: str | None = None


@dataclass(frozen=True)
class Asked:
    """The page that a request asks for."""

    request: Request
    limit: int
    offset: int

    def of(self, items: Sequence[Item], total: int) -> Page[Item]:
        """The page with ``items``, of ``total`` in all."""
        following = self.offset + len(items)
        url = None
        if items and following < total:
            changed = self.request.url.include_query_params(offset=following, limit=self.limit)
            url = f"{changed.path}?{changed.query}"
        return Page(items=list(items), total=total, next=url)

    def cut(self, items: Sequence[Item]) -> Page[Item]:
        """The page out of all ``items``."""
        return self.of(items[self.offset : self.offset + self.limit], len(items))


def _asked(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Items a page.")] = 50,
    offset: Annotated[
        int, Query(ge=0, le=LARGEST_OFFSET, description="Items before the page.")
    ] = 0,
) -> Asked:
    return Asked(request, limit, offset)


Paged = Annotated[Asked, Depends(_asked)]
