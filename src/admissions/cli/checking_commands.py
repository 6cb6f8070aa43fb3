"""Commands to hold on to a result by: verify it, commit to its rules, make a key to sign it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from admissions.cli import options
from admissions.cli.opening import resolved_for

DIGEST = re.compile("[0-9a-f]{64}")


def verify(
    out: options.ResultPath,
    round: Annotated[  # noqa: A002
        Path, typer.Option("--round", metavar="ROUND", help="The round it was made from.")
    ],
    without_allocating: Annotated[
        bool,
        typer.Option(
            "--without-allocating",
            help="Check the properties alone: do not allocate again and compare.",
        ),
    ] = False,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="D", help="The digest that was published before."),
    ] = None,
    salt: Annotated[
        str,
        typer.Option("--salt", metavar="SALT", help="The salt that the digest was hidden behind."),
    ] = "",
    signer: Annotated[
        Path | None,
        typer.Option("--signer", metavar="KEY.pub", help="The public key that must have signed."),
    ] = None,
    time_limit: options.TimeLimit = options.TIME_LIMIT_SECONDS,
    json: options.Json = False,
) -> None:
    """Re-derive a result folder from its round, check every property, and allocate again.

    Example: admissions verify result --round my-round
    """
    from admissions.cli import progress, render
    from admissions.front.allocation import verify as verified
    from admissions.results.signing import checked_signature, read_public_key
    from admissions.rulebooks.digest import behind_salt

    expected = None if digest is None else _digest(digest)
    key = None if signer is None else read_public_key(signer)
    with progress.watching() as watch:
        found = verified(
            out, round, allocating=not without_allocating, seconds=time_limit, watch=watch
        )
    render.verified(found, json=json)
    _refuse_other_digest(behind_salt(found.digest, salt) if salt else found.digest, expected)
    signature = checked_signature(out, key)
    if signature is not None and not json:
        render.signed(signature, None if signer is None else signer.name.removesuffix(".pub"))
    found.refuse()


def _digest(text: str) -> str:
    from admissions.model.errors import UsageError
    from admissions.model.messages import message

    if not DIGEST.fullmatch(text.strip().casefold()):
        raise UsageError(message("commitment.no-digest", digest=text))
    return text.strip().casefold()


def _refuse_other_digest(found: str, expected: str | None) -> None:
    from admissions.model.errors import PromiseBrokenError
    from admissions.model.messages import message

    if expected is not None and found != expected:
        raise PromiseBrokenError(message("commitment.wrong-digest", found=found, expected=expected))


def commit(
    round: options.RoundPath,  # noqa: A002
    scenario: options.ScenarioName,
    seed: options.SeedOption = None,
    salt: Annotated[
        str | None,
        typer.Option("--salt", metavar="SALT", help="Hide digest and seed behind this salt."),
    ] = None,
) -> None:
    """Print the digest to publish before the deadline, as JSON, and commit the round to it.

    The seed stands in it as its SHA-256 alone, until it is revealed.

    With --salt both are hidden behind a text that is kept beside the round, to be told with the
    seed.

    Example: admissions commit my-round --scenario coordinated-2019
    """
    from admissions.cli import render
    from admissions.front.opening import read_round
    from admissions.model.messages import message
    from admissions.results.commitments import commitment_of, keep, refuse_short_salt, told
    from admissions.rulebooks.digest import GUESSABLE, commitment

    resolved = resolved_for(read_round(round), scenario, seed, every_base=True)
    if salt is not None:
        refuse_short_salt(salt)
    made, before = commitment(resolved, salt or ""), commitment_of(round)
    if resolved.scenario.seed < GUESSABLE and not salt:
        render.note(message("commitment.guessable", seed=resolved.scenario.seed))
    if before is not None and before != made:
        render.note(message("commitment.again", before=before.digest, digest=made.digest))
    keep(made, round, salt or "")
    render.as_json(told(made))


def keygen(
    out: Annotated[Path, typer.Option("--out", metavar="KEY", help="The private key's file.")],
    json: options.Json = False,
) -> None:
    """Make a key to sign certificates with: a private one, and KEY.pub to publish.

    Example: admissions keygen --out office.key
    """
    from admissions.cli import render
    from admissions.results.signing import new_key

    render.new_key(out, new_key(out), json=json)
