"""What a record must state, and what it must not: everything that is missing at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from admissions.intake.names import most_alike
from admissions.model.columns import fold
from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.model.tables import APPLICANTS
from admissions.model.vocabulary import Language
from admissions.season.record import Record
from admissions.season.states import HAND_MADE, MET, OTHER_REASON, REASONS

OF_A_PERSON = ("correct", "appeal-received", "appeal-upheld", "appeal-refused")
EVENTS = (
    *OF_A_PERSON, "late-application", "reinstate", "annul", "place", "defer", *MET, "expire",
    "close-lists",
)  # fmt: skip
"""What can be recorded."""

NEEDS: Mapping[str, Sequence[str]] = {
    "correct": ("person", "fact", "value", "reason"),
    **dict.fromkeys(("appeal-received", "appeal-upheld", "appeal-refused"), ("person", "reason")),
    "late-application": ("person", "offering", "reason"),
    **dict.fromkeys((*HAND_MADE, "defer"), ("person", "offering", "reason")),
    **dict.fromkeys((*MET, "expire"), ("person", "offering")),
    "close-lists": (),
}
"""What each event cannot do without; a reason for all that follows from no state by itself."""

MAY_TAKE: Mapping[str, Sequence[str]] = {
    "correct": ("offering",),
    "appeal-received": ("offering",),
    "appeal-upheld": ("offering", "fact", "value"),
    "appeal-refused": ("offering",),
    "late-application": ("preference", "facts"),
    "close-lists": ("offering",),
}
"""What else it can be given. A reason can always be."""


class RecordRefusedError(UsageError):
    """A record that lacks something; ``faults`` are all that is wrong with it."""

    def __init__(self, faults: Sequence[Message]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults[0])

    def in_(self, language: Language) -> str:
        """A line a fault, in ``language``."""
        return "\n".join(fault.in_(language) for fault in self.faults)


def refuse_misstated(record: Record) -> None:
    """Raises RecordRefusedError where ``record`` lacks something, or states what is not used."""
    faults = list(_faults(record))
    if faults:
        raise RecordRefusedError(faults)


def _faults(record: Record) -> Iterator[Message]:
    event = record.event
    if event not in EVENTS:
        yield message("season.no-such-event", event=event, known=EVENTS)
        return
    given = {
        "person": record.person_id, "offering": record.offering_id, "fact": record.fact,
        "value": record.value is not None, "reason": record.reason.strip(),
        "preference": record.preference is not None, "facts": record.facts,
    }  # fmt: skip
    needed = list(NEEDS[event])
    if record.fact and "value" in MAY_TAKE.get(event, ()):
        needed.append("value")
    lacking = [name for name in needed if not given[name]]
    if event in HAND_MADE:
        lacking = [name for name in lacking if name != "reason"]
        if not _from_the_list(record.reason):
            yield message("season.reason-from-the-list", event=event, known=REASONS)
    if lacking:
        yield message("season.needs", event=event, names=lacking, options=_options(lacking))
    taken = (*needed, *MAY_TAKE.get(event, ()), "reason")
    unused = [name for name in given if given[name] and name not in taken]
    if unused:
        yield message("season.not-used", event=event, names=unused, options=_options(unused))
    texts = (record.reason, record.by, record.value or "")
    if any(not sign.isprintable() for text in texts for sign in text):
        yield message("season.one-line")


def _options(names: Sequence[str]) -> list[str]:
    return [f"--{name}" for name in names]


def _from_the_list(reason: str) -> bool:
    other = reason.startswith(OTHER_REASON) and reason[len(OTHER_REASON) :].strip()
    return reason in REASONS or bool(other)


def fact_named(text: str) -> str:
    """The fact that ``text`` means: its name, or any header that files may have for it.

    Raises UsageError, with what is alike, where there is none.
    """
    facts = {
        header: column.name
        for header, column in APPLICANTS.by_header.items()
        if column.name != "person_id"
    }
    folded = fold(text)
    if folded in facts:
        return facts[folded]
    close = most_alike(folded, facts)
    known = [facts[close]] if close is not None else list(dict.fromkeys(facts.values()))
    raise UsageError(message("season.no-such-fact", fact=text, known=known))
