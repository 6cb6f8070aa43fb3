"""How an institution's letters look: a small TOML file with its logo, colour and own paragraphs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from admissions.letters.logos import LOGO_BYTES, LOGO_PIXELS, LOGOS, is_too_large
from admissions.model.errors import DataError, first_error, system_fault
from admissions.model.files import Files, files_at
from admissions.model.messages import MessageError, message
from admissions.model.round import RoundSettings
from admissions.model.toml_files import TomlError, toml_table
from admissions.model.wording import Wording

COLOUR = "#0b3c5d"


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise MessageError(message("letters.no-colour", found=text))
    return text


class DecisionText(BaseModel):
    """What the round leaves open of who decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    institution: str | None = None
    case: str | None = None
    decided_on: dt.date | None = None
    signatory: str | None = None
    answer_deadline: dt.date | None = None
    appeal_body: str | None = None


class Template(BaseModel):
    """An institution's look and own words, as its file states them.

    - ``institution``: whose parts of letters it is for; "" for all that have none of their own;
    - ``accent``: the colour of headings and marks, ``#rrggbb``;
    - ``logo``: an SVG, PNG or JPEG beside the template; ``logo_alt``: what it shows, for those who
      do not see it (a letter without is refused: it would not be PDF/UA);
    - ``after_answer``, ``before_regards``: paragraphs after the answer, and before the signature;
    - ``basis``: the legal basis, in place of the program's own words;
    - ``decision``: what the round leaves open of who decides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    institution: str = ""
    accent: Annotated[str, AfterValidator(_colour)] = COLOUR
    logo: str = ""
    logo_alt: Wording | None = None
    after_answer: Wording | None = None
    before_regards: Wording | None = None
    basis: Wording | None = None
    decision: DecisionText = DecisionText()


@dataclass(frozen=True)
class Look:
    """A template that is read, with its logo; ``file`` is "" for the program's own look."""

    template: Template = field(default_factory=Template)
    file: str = ""
    image: bytes = b""
    image_format: str = ""


@dataclass(frozen=True)
class Looks:
    """The looks of institutions, by name; "" is the one for all that have none of their own."""

    by_institution: Mapping[str, Look]

    def of(self, institution: str) -> Look:
        """The look of ``institution``'s parts."""
        found = self.by_institution
        return found.get(institution) or found.get("") or Look()

    @property
    def files(self) -> list[str]:
        """The templates' names."""
        return [look.file for look in self.by_institution.values()]

    @property
    def decision(self) -> RoundSettings:
        """What the template for all says of who decides."""
        return RoundSettings(**self.of("").template.decision.model_dump())


def read_templates(paths: Iterable[Path]) -> Looks:
    """The templates in the files at ``paths``. Raises DataError naming the file, and what is wrong.

    Two for the same institution are one too many.
    """
    found: dict[str, Look] = {}
    for path in paths:
        look = look_of(path.name, _content(path), files_at(path.parent))
        institution = look.template.institution
        if institution in found:
            whose = institution or message("letters.all-institutions")
            raise DataError(message("letters.two-templates", file=path.name, institution=whose))
        found[institution] = look
    return Looks(found)


def look_of(name: str, content: bytes, beside: Files) -> Look:
    """The template ``content``, called ``name``, with a logo that is one of the files ``beside``.

    Raises DataError as ``read_templates``.
    """
    try:
        template = Template.model_validate(_table(name, content))
    except ValidationError as error:
        known = tuple(Template.model_fields)
        raise DataError(
            message("letters.no-template", file=name, said=first_error(error), known=known)
        ) from None
    if not template.logo:
        return Look(template, name)
    logo = PurePath(template.logo)
    kind, image = LOGOS.get(logo.suffix.casefold()), None
    if not logo.is_absolute() and ".." not in logo.parts:
        image = beside.get(logo.as_posix())
    if kind is None or image is None:
        raise DataError(message("letters.no-logo", file=template.logo))
    if is_too_large(image):
        most, pixels = LOGO_BYTES // 1024, LOGO_PIXELS // 1_000_000
        said = message("letters.large-logo", file=template.logo, most=most, pixels=pixels)
        raise DataError(said)
    return Look(template, name, image, kind)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        said = message("intake.cannot-be-read", file=str(path), why=system_fault(error))
        raise DataError(said) from None


def _table(name: str, content: bytes) -> dict[str, Any]:
    try:
        return toml_table(content, float)
    except TomlError as error:
        said = message("problems.is-no-toml", file=name, fault=error.fault)
        raise DataError(said) from None
