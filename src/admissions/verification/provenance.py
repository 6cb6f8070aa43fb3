"""P0: the certificate names the inputs, rules and files that were verified."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from admissions.model.version import __version__
from admissions.model.vocabulary import LANGUAGES
from admissions.rulebooks.digest import digest_of_files
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rulebooks.scenario_files import as_shipped
from admissions.verification.property import Noted, Property, also_broken, differences, judged
from admissions.verification.published import CERTIFICATE, DECISIONS, SUMMARY, Published
from admissions.verification.ranked import taken_as_published

WRITTEN = (
    DECISIONS, "decisions.xlsx", SUMMARY, "scenario.toml", "report.html", "report-public.html",
)  # fmt: skip
"""The files of a run beside its folders; others may lie there too."""

LATER = ("digest", "taken_as_published")
"""What the certificates of earlier versions of the program do not state."""

JUDGED_ELSEWHERE = ("solvers", "properties", "files", "language", "from_base")


def inputs_as_named(
    resolved: ResolvedScenario,
    offerings: Sequence[str],
    published: Published,
    inputs_sha256: Mapping[str, str],
    copies: Mapping[str, str],
) -> Property:
    """P0: the inputs, rules and files are those that the certificate names.

    The inputs by their SHA-256; program, scenario, seed, date and rulebook versions by name; and
    every file of the folder is as the run wrote it; its copy of the round (``copies``: SHA-256 by
    path) is that of the inputs; the digest is that of its scenario and rules, and a scenario that
    bears a shipped one's id has its rules. An older version of the program may have written it:
    results are kept for years.
    """
    scenario = resolved.scenario
    expected = {
        "program": {"name": "admissions", "version": program_version(published.certificate)},
        "scenario": scenario.id,
        "mechanism": scenario.mechanism,
        "leader": scenario.leader,
        "ties": scenario.ties,
        "lottery": scenario.lottery,
        "seed": scenario.seed,
        "rules_on": resolved.rules_on.isoformat(),
        "rulebooks": {name: resolved.versions[name].id for name in offerings},
        "inputs": dict(inputs_sha256),
        "digest": digest_of_files(published.files),
        "taken_as_published": taken_as_published(resolved, offerings),
    }
    certificate = published.certificate
    if program_version(certificate) != __version__:
        expected = {k: v for k, v in expected.items() if k in certificate or k not in LATER}
    stated = {key: value for key, value in certificate.items() if key not in JUDGED_ELSEWHERE}
    wrong = [*differences(expected, stated), *_files_wrong(certificate.get("files"), published)]
    wrong += _copies_wrong(copies, published)
    if program_version(certificate) == __version__ and not as_shipped(resolved):
        wrong.append(Noted("shipped-id", scenario=scenario.id))
    if _number(program_version(certificate)) > _number(__version__):
        wrong.append(Noted("later-version", version=__version__))
    if certificate.get("language") not in LANGUAGES:
        wrong.append(Noted("no-language", found=certificate.get("language")))
    return judged(
        "P0",
        "The inputs, rules and files are those that the certificate names.",
        broken=len(wrong),
        lines=(Noted("in-file", file=CERTIFICATE, line=line) for line in wrong),
        inputs=len(inputs_sha256),
        rulebooks=len(offerings),
    )


def program_version(certificate: Mapping[str, Any]) -> str:
    """The version of the program that wrote ``certificate``; this one's where it names none."""
    program = certificate.get("program")
    version = program.get("version") if isinstance(program, Mapping) else None
    return version if isinstance(version, str) else __version__


def _number(version: str) -> tuple[int, ...]:
    """The parts of a version; one that is no version counts as later than all."""
    parts = version.split(".")
    if all(part.isdecimal() for part in parts):
        return tuple(map(int, parts))
    return (sys.maxsize,)


def _files_wrong(named: object, published: Published) -> Iterator[str]:
    if not isinstance(named, Mapping):
        yield Noted("no-list")
        return
    for name, digest in named.items():
        if name not in published.files:
            yield Noted("no-file", file=name)
        elif published.files[name] != digest:
            yield Noted("changed-after", file=name)
    for name in published.files:
        folder, _, file = name.rpartition("/")
        written = folder or file in WRITTEN
        if written and not file.startswith(".") and name not in named:
            yield Noted("no-run-wrote", file=name)


def _copies_wrong(copies: Mapping[str, str], published: Published) -> Iterator[str]:
    if not copies:
        return
    there = {name for name in published.files if name.startswith("round/")}
    for name in sorted({*copies, *there}):
        if published.files.get(name) != copies.get(name):
            yield Noted("no-copy", file=name)


def findings_as_stated(
    provenance: Property, others: Sequence[Property], certificate: Mapping[str, Any]
) -> Property:
    """``provenance`` (P0), and besides: the certificate states exactly what was found here.

    Of another version of the program, whose words may differ, only what holds is compared.
    """
    found: dict[str, Any] = {one.id: property_table(one) for one in (provenance, *others)}
    stated = certificate.get("properties")
    if program_version(certificate) != __version__ and isinstance(stated, Mapping):
        found = {name: found[name]["holds"] for name in found if name in stated}
        stated = {
            name: table.get("holds") if isinstance(table, Mapping) else table
            for name, table in stated.items()
        }
    lines = differences(found, stated, "properties.")
    wrong = [Noted("in-file", file=CERTIFICATE, line=line) for line in lines]
    return also_broken(provenance, wrong)


def property_table(found: Property) -> dict[str, Any]:
    """``found`` as the certificate states it."""
    return {
        "statement": found.statement,
        "holds": found.holds,
        "counted": dict(found.counted),
        "exceptions": list(found.exceptions),
    }
