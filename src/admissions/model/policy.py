"""What an answer means and what a call aims at: data, each value with a source or an assumption."""

from __future__ import annotations

import tomllib
from typing import Annotated, Literal, Self

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from admissions.model.errors import DataError, first_error, library_fault
from admissions.model.frozen import Frozen, FrozenDict
from admissions.model.messages import MessageError, message

FILE = "policy.toml"

Answers = Annotated[int, Field(strict=True, ge=0, le=10_000)]


class Policy(BaseModel):
    """How a season is run.

    Every default is an assumption: the Norwegian regulation on admission does not cover further
    education, each institution sets its own.

    - ``answer_days``: so many days to answer, from an offer's publication; ``reminder_days``: so
      many before the deadline the silent are to be reminded;
    - ``better_offer``: a better offer ``replace``-s the held one, or the person may ``choose``;
    - ``waiting_needs_yes``: whoever accepts keeps only the waiting places named with the answer;
    - ``silence``: no answer loses all of the person's waiting places too, or the offer alone;
    - ``target``: a call fills the seats, or makes the scenario's ``offers`` (more than the seats),
      or as many as the ``risk`` allows: that more than the seats meet has a chance of at most
      ``risk_percent``, as far as is known when the call is made;
    - ``prior_yes`` and ``prior_no``: what is known of offers before any answer, counted as so many
      answers; ``priors``: the two of an offering, where it differs; ``no_show_percent``: of who
      says yes, so many do not meet;
    - ``late``: late applicants stand ``behind`` the published list, or ``among`` those who wait;
    - ``appeal``: who would have got an offer gets an ``extra-seat`` at once, or the ``next-free``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer_days: int = Field(default=8, ge=1, le=365)
    reminder_days: int = Field(default=2, ge=0, le=365)
    better_offer: Literal["replace", "choose"] = "replace"
    waiting_needs_yes: bool = False
    silence: Literal["lose-all", "lose-offer"] = "lose-all"
    target: Literal["seats", "offers", "risk"] = "seats"
    risk_percent: int = Field(default=10, strict=True, ge=0, le=100)
    prior_yes: Answers = 17
    prior_no: Answers = 3
    priors: Annotated[dict[str, tuple[Answers, Answers]], Frozen] = FrozenDict()
    no_show_percent: int = Field(default=2, strict=True, ge=0, le=100)
    late: Literal["behind", "among"] = "behind"
    appeal: Literal["extra-seat", "next-free"] = "extra-seat"

    @model_validator(mode="after")
    def _know_something(self) -> Self:
        for name, known in {
            "prior_yes, prior_no": (self.prior_yes, self.prior_no),
            **self.priors,
        }.items():
            if not sum(known):
                raise MessageError(message("season.no-prior", key=name))
        return self

    def prior(self, offering: str) -> tuple[int, int]:
        """The yes and no that are known of ``offering`` before any answer."""
        return self.priors.get(offering, (self.prior_yes, self.prior_no))


def read_policy(text: str, file: str = FILE) -> Policy:
    """The policy that ``text`` states; what it leaves out has the default.

    Raises DataError naming ``file``, the key, the value and what was expected.
    """
    try:
        stated = tomllib.loads(text)
        below = [key for key in stated.get("priors", ()) if key in Policy.model_fields]
        if below:
            raise DataError(message("season.below-priors", file=file, keys=below))
        return Policy.model_validate(stated)
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            message("problems.is-no-toml", file=file, fault=library_fault(error))
        ) from None
    except ValidationError as error:
        raise DataError(message("problems.at", place=file, said=first_error(error))) from None


def policy_toml(policy: Policy) -> str:
    """``policy.toml``: every key, so that no default is left to guess."""
    return tomli_w.dumps(policy.model_dump())


def over(own: Policy | None, base: Policy | None) -> Policy:
    """What ``own`` states, then what ``base`` does, then the defaults."""
    said = [found.model_dump(exclude_unset=True) for found in (base, own) if found is not None]
    return Policy.model_validate({key: value for one in said for key, value in one.items()})
