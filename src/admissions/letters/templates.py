"""How an institution's letters look: a small TOML file with its logo, colour and own paragraphs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from admissions.model.errors import DataError, first_error, system_fault
from admissions.model.messages import MessageError, message
from admissions.model.round import RoundSettings
from admissions.model.toml_files import TomlError, toml_table
from admissions.model.wording import Wording

COLOUR = "#0b3c5d"
_LOGOS = {".svg": "svg", ".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}


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
        look = _read(path)
        institution = look.template.institution
        if institution in found:
            whose = institution or message("letters.all-institutions")
            raise DataError(message("letters.two-templates", file=path.name, institution=whose))
        found[institution] = look
    return Looks(found)


def _read(path: Path) -> Look:
    try:
        template = Template.model_validate(_table(path))
    except ValidationError as error:
        known = tuple(Template.model_fields)
        raise DataError(
            message("letters.no-template", file=path.name, said=first_error(error), known=known)
        ) from None
    if not template.logo:
        return Look(template, path.name)
    logo = path.parent / template.logo
    kind = _LOGOS.get(logo.suffix.casefold())
    if kind is None or not logo.is_file():
        raise DataError(message("letters.no-logo", file=str(logo)))
    return Look(template, path.name, logo.read_bytes(), kind)


def _table(path: Path) -> dict[str, Any]:
    try:
        return toml_table(path.read_bytes(), float)
    except OSError as error:
        said = message("intake.cannot-be-read", file=str(path), why=system_fault(error))
        raise DataError(said) from None
    except TomlError as error:
        said = message("problems.is-no-toml", file=path.name, fault=error.fault)
        raise DataError(said) from None
