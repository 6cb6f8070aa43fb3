"""Offices' parts as one round: what differs where it must agree is refused, all of it at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from admissions.front.opening import read_round
from admissions.intake.beside import read_register, read_wishes
from admissions.intake.merging import Assessed, Clash, merged, tables_of, texts_of
from admissions.intake.writing import round_texts
from admissions.model.errors import Finding, InputError, UsageError
from admissions.model.files import Place
from admissions.model.messages import message
from admissions.model.policy import Policy
from admissions.model.round import OfferingSettings, Round, RoundSettings
from admissions.rulebooks.known import known_offerings

_OF_OFFERINGS = ("institution", "case", "answer_deadline", "appeal_body")
"""Settings that each office may have of its own."""


@dataclass(frozen=True, eq=False)
class MergedRound:
    """The round that parts are together, and which facts they assess otherwise, each for itself."""

    round: Round
    assessed: tuple[Assessed, ...]


def merge(
    parts: Sequence[Path], *, register: Place | None = None, wishes: Place | None = None
) -> MergedRound:
    """The rounds at ``parts``, one an office's, as one.

    ``register``: of the services, in place of the parts' own; ``wishes``: the applicants' own.
    Raises InputError with every error of every part, or with everything that differs.
    """
    read = _read(parts)
    found = merged(
        {name: tables_of(_encoded(part)) for name, part in read.items()},
        register=None if register is None else read_register(register, known_offerings()),
        wishes=None if wishes is None else read_wishes(wishes, known_offerings()),
    )
    settings, differing = _settings(read)
    findings = [*differing, *(clash_finding(clash) for clash in found.clashes)]
    if findings:
        raise InputError(findings, where=message("merging.the-parts"))
    texts = texts_of(found.tables)
    whole = read_round({name: text.encode() for name, text in texts.items()})
    offerings = settings.offerings or whole.offerings
    own = {**whole.own, **_own_settings(read, settings, whole.own)}
    round_ = replace(whole, settings=settings, offerings=offerings, own=own, policy=_policy(read))
    return MergedRound(round_, found.assessed)


def _encoded(part: Round) -> dict[str, bytes]:
    return {name: text.encode() for name, text in round_texts(part).items()}


def _read(parts: Sequence[Path]) -> dict[str, Round]:
    """Each part by its name; the errors of all parts together."""
    names = [path.resolve().name for path in parts]
    if len(set(names)) < len(names):
        names = [str(path) for path in parts]
    if len(set(names)) < len(names):
        raise UsageError(message("merging.part-twice"))
    read: dict[str, Round] = {}
    findings: list[Finding] = []
    for name, path in zip(names, parts, strict=True):
        try:
            read[name] = read_round(path)
        except InputError as error:
            findings += [_of_part(name, finding) for finding in error.problems]
    if findings:
        raise InputError(findings, where=message("merging.the-parts"))
    return read


def _of_part(name: str, finding: Finding) -> Finding:
    return replace(finding, place=message("merging.of-part", part=name, place=finding.place))


def clash_finding(clash: Clash) -> Finding:
    """What a clash says to whoever has all parts: what differs between whom, and no value."""
    twice = (clash.table, clash.column) == ("applications", "offering_id")
    said = message(
        "merging.application-twice" if twice else "merging.differ", between=clash.between
    )
    return Finding(
        f"{clash.table}.csv", None, clash.column, ", ".join(filter(None, clash.key)), said
    )


def _settings(read: Mapping[str, Round]) -> tuple[RoundSettings, list[Finding]]:
    """What all parts state alike, and a finding for what must be alike and is not."""
    stated: dict[str, object] = {}
    findings = []
    for name in RoundSettings.model_fields:
        values = {
            part: getattr(round_.settings, name)
            for part, round_ in read.items()
            if getattr(round_.settings, name) is not None
        }
        if name == "offerings":
            stated[name] = _all_offerings(values.values(), len(read))
        elif len(set(values.values())) == 1:
            stated[name] = next(iter(values.values()))
        elif values and name not in _OF_OFFERINGS:
            said = message("merging.differ", between=sorted(values))
            findings.append(Finding("round.toml", None, name, "", said))
    return RoundSettings.model_validate(stated), findings


def _all_offerings(stated: Collection[tuple[str, ...]], parts: int) -> tuple[str, ...] | None:
    if len(stated) < parts:
        return None
    return tuple(sorted({offering for own in stated for offering in own}))


def _own_settings(
    read: Mapping[str, Round], settings: RoundSettings, own: Mapping[str, OfferingSettings]
) -> dict[str, OfferingSettings]:
    """What a part states for its whole round, as its offerings' own where parts differ."""
    found: dict[str, OfferingSettings] = {}
    for part in read.values():
        stated = {
            name: getattr(part.settings, name)
            for name in _OF_OFFERINGS
            if getattr(settings, name) is None and getattr(part.settings, name) is not None
        }
        for offering in part.offerings if stated else ():
            already = own.get(offering, OfferingSettings())
            found[offering] = OfferingSettings(
                **{**stated, **already.model_dump(exclude_none=True)}
            )
    return found


def _policy(read: Mapping[str, Round]) -> Policy | None:
    """The policy of the parts that state one. Raises InputError where they differ."""
    stated = {name: part.policy for name, part in read.items() if part.policy is not None}
    if len({repr(policy) for policy in stated.values()}) > 1:
        said = message("merging.differ", between=sorted(stated))
        finding = Finding("policy.toml", None, "", "", said)
        raise InputError([finding], where=message("merging.the-parts"))
    return next(iter(stated.values()), None)
