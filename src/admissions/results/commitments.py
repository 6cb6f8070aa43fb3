"""What a round is committed to: the digest that was published before the deadline.

``admissions commit`` keeps it beside the round: ``commitment.json`` in its folder, or
``round.commitment.json`` beside the workbook ``round.xlsx``. Until it is removed, the draw's seed
is the one that was committed to.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from admissions.model.errors import DataError, UsageError
from admissions.model.messages import message
from admissions.model.resources import shipped
from admissions.model.round import COMMITMENT
from admissions.rulebooks.digest import Commitment, seed_sha256


class _CommitmentFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str = Field(pattern="^[0-9a-f]{64}$")
    seed_sha256: str = Field(pattern="^[0-9a-f]{64}$")


def place_of(round_path: Path) -> Path:
    """The file that says what the round at ``round_path`` is committed to."""
    if round_path.is_dir():
        return round_path / COMMITMENT
    return round_path.with_name(f"{round_path.stem}.{COMMITMENT}")


def keep(commitment: Commitment, round_path: Path) -> Path | None:
    """Keeps ``commitment`` beside the round, and says where.

    None for a shipped round, which is everybody's example and belongs to nobody.
    """
    if round_path.resolve().is_relative_to(shipped("scenarios").resolve()):
        return None
    place = place_of(round_path)
    place.write_text(json.dumps(asdict(commitment), indent=2) + "\n", encoding="utf-8")
    return place


def commitment_of(round_path: Path) -> Commitment | None:
    """What the round at ``round_path`` is committed to; None where it is to nothing.

    Raises DataError for a file that ``keep`` did not write.
    """
    place = place_of(round_path)
    if not place.is_file():
        return None
    try:
        found = _CommitmentFile.model_validate_json(place.read_bytes())
    except ValidationError:
        raise DataError(message("commitment.unreadable", name=place.name)) from None
    return Commitment(found.digest, found.seed_sha256)


def refuse_other_seed(committed: Commitment | None, seed: int | None) -> None:
    """Raises UsageError where ``seed`` is stated, and is not the one that was committed to."""
    if committed is None or seed is None or seed_sha256(seed) == committed.seed_sha256:
        return
    raise UsageError(message("commitment.other-seed", seed=seed, digest=committed.digest))
