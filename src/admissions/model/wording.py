"""Words that people read, in the three languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from admissions.model.vocabulary import Language


class Wording(BaseModel):
    """The same words in bokmål, nynorsk and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nb: str = Field(min_length=1)
    nn: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: Language) -> str:
        """The words in ``language``."""
        return {"nb": self.nb, "nn": self.nn, "en": self.en}[language]


def words(nb: str, nn: str, en: str) -> Wording:
    """A wording, where many stand one after another."""
    return Wording(nb=nb, nn=nn, en=en)
