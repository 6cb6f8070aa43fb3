"""The digest of a run: what was to be decided by, in 64 characters that can be published first.

It covers the resolved scenario, with its seats and seed, and every rule. Anybody can recompute it
from a result folder without this program::

    LC_ALL=C sha256sum rules/*.toml scenario.toml | sha256sum
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rulebooks.scenario_files import rules_tomls, scenario_toml

SCENARIO = "scenario.toml"
RULES = "rules/"


def sealed_texts(resolved: ResolvedScenario) -> dict[str, str]:
    """The files of a result folder that say by what it was decided, by their path in it."""
    rules = {f"{RULES}{name}.toml": text for name, text in rules_tomls(resolved).items()}
    return {SCENARIO: scenario_toml(resolved), **rules}


def digest_of(resolved: ResolvedScenario) -> str:
    """The digest of a run under ``resolved``, in hex."""
    texts = sealed_texts(resolved)
    return digest_of_files({name: _sha256(text) for name, text in texts.items()})


def digest_of_files(files: Mapping[str, str]) -> str:
    """The digest of a result folder, given the SHA-256 of each of its files by path, in hex.

    1. Of ``scenario.toml`` and the files of ``rules/`` a line each, by path: the SHA-256, two
    spaces, the path. 2. The SHA-256 of these lines.
    """
    names = sorted(name for name in files if name == SCENARIO or name.startswith(RULES))
    return _sha256("".join(f"{files[name]}  {name}\n" for name in names))


@dataclass(frozen=True)
class Commitment:
    """What can be published before a deadline, while nobody can know the draw.

    ``seed_sha256`` is the SHA-256 of the seed's decimal digits: whoever is told the seed later can
    check that it was this one. Where it is ``salted`` both are behind a text that is told with the
    seed (``behind_salt``): nobody finds a seed by trying them all.
    """

    digest: str
    seed_sha256: str
    salted: bool = False


def commitment(resolved: ResolvedScenario, salt: str = "") -> Commitment:
    """The commitment to a run under ``resolved``, behind ``salt`` where there is one."""
    digest = behind_salt(digest_of(resolved), salt) if salt else digest_of(resolved)
    return Commitment(digest, seed_sha256(resolved.scenario.seed, salt), salted=bool(salt))


def seed_sha256(seed: int, salt: str = "") -> str:
    """The SHA-256 of the seed's decimal digits, in hex; behind ``salt`` where there is one."""
    return behind_salt(str(seed), salt) if salt else _sha256(str(seed))


def behind_salt(text: str, salt: str) -> str:
    """The SHA-256 of the salt, a colon, and ``text``, in hex."""
    return _sha256(f"{salt}:{text}")


GUESSABLE = 10**15
"""A smaller seed is found from its SHA-256, or from the digest, by trying them all."""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
