"""A request's body as the file that it is, and how the specification tells of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request


async def _uploaded(request: Request) -> bytes:
    return await request.body()


Uploaded = Annotated[bytes, Depends(_uploaded)]


def upload_of(description: str, kinds: tuple[str, ...], *, required: bool = True) -> dict[str, Any]:
    """What the specification says of an upload: one file, of one of ``kinds``."""
    return {
        "requestBody": {
            "required": required,
            "description": description,
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds},
        }
    }
