"""What a round is committed to: the digest that was published before the deadline.

``admissions commit`` keeps it beside the round: ``commitment.json`` in its folder, or
``round.commitment.json`` beside the workbook ``round.xlsx``. Until it is removed, the draw's seed
is the one that was committed to. The salt of a commitment that hides a small seed lies beside it,
in ``commitment.salt``, for its owner alone, until it is told with the seed.
"""

from __future__ import annotations

import json
import os
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
    salted: bool = False


def place_of(round_path: Path) -> Path:
    """The file that says what the round at ``round_path`` is committed to."""
    if round_path.is_dir():
        return round_path / COMMITMENT
    return round_path.with_name(f"{round_path.stem}.{COMMITMENT}")


SHORTEST_SALT = 16


def refuse_short_salt(salt: str) -> None:
    """Raises UsageError for a salt of fewer characters than ``SHORTEST_SALT``."""
    if len(salt) < SHORTEST_SALT:
        raise UsageError(message("commitment.short-salt", count=len(salt), least=SHORTEST_SALT))


def salt_place(round_path: Path) -> Path:
    """The file that keeps the salt of the round's commitment."""
    return place_of(round_path).with_suffix(".salt")


def told(commitment: Commitment) -> dict[str, object]:
    """``commitment`` as it is published."""
    table = asdict(commitment)
    return table if commitment.salted else {k: v for k, v in table.items() if k != "salted"}


def keep(commitment: Commitment, round_path: Path, salt: str = "") -> Path | None:
    """Keeps ``commitment`` beside the round, with its ``salt``, and says where.

    None for a shipped round, which is everybody's example and belongs to nobody.
    """
    if round_path.resolve().is_relative_to(shipped("scenarios").resolve()):
        return None
    place, hidden = place_of(round_path), salt_place(round_path)
    hidden.unlink(missing_ok=True)
    if salt:
        with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(salt + "\n")
    place.write_text(json.dumps(told(commitment), indent=2) + "\n", encoding="utf-8")
    return place


def salt_of(round_path: Path) -> str:
    """The salt of the round's commitment; "" where it has none, or it lies elsewhere."""
    place = salt_place(round_path)
    return place.read_text(encoding="utf-8").strip() if place.is_file() else ""


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
    return Commitment(found.digest, found.seed_sha256, found.salted)


def refuse_other_seed(committed: Commitment | None, seed: int | None, salt: str = "") -> None:
    """Raises UsageError where ``seed`` is stated, and is not the one that was committed to.

    ``salt``: of the commitment (``salt_of``).
    """
    if committed is None or seed is None or seed_sha256(seed, salt) == committed.seed_sha256:
        return
    if committed.salted and not salt:
        raise UsageError(message("commitment.no-salt", digest=committed.digest))
    raise UsageError(message("commitment.other-seed", seed=seed, digest=committed.digest))
