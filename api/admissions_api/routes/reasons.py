"""Why the coordinator changes what others rely on: a text that stands in the chain."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from admissions_api.texts import PLAIN

Reason = Annotated[
    str,
    Field(
        min_length=3,
        max_length=500,
        pattern=PLAIN,
        description="Why; it stands in the chain, so without anybody's name.",
    ),
]


class Reasoned(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "a part was the wrong file"}]}
    )

    reason: Reason
