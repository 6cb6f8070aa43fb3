"""The language that the terminal speaks: what ``--language`` says, else the locale's."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from admissions.model.messages import message
from admissions.model.vocabulary import LANGUAGES, Language

OPTION = "--language"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a locale stands, the first that is set before the others (POSIX)."""

_spoken: Language = "en"


def language_of(
    arguments: Sequence[str], environment: Mapping[str, str], shown_in: str = ""
) -> Language:
    """The language that ``arguments`` ask for; else that of the locale, English if it has none.

    ``language_of(["check", "--language", "nn"], {"LANG": "nb_NO.UTF-8"}) == "nn"``. ``shown_in``:
    the locale of the system where no variable states one (``windows_locale``).
    """
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == OPTION:
            asked = value or "".join(arguments[place + 1 : place + 2])
            for language in LANGUAGES:
                if language == asked:
                    return language
    locale = next((environment[name] for name in _VARIABLES if environment.get(name)), shown_in)
    return {"nb": "nb", "no": "nb", "nn": "nn"}.get(locale[:2].casefold(), "en")  # type: ignore[return-value]


def windows_locale() -> str:
    """The locale that Windows shows itself in, as ``nb_NO``; "" on other systems."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    shown_in = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(shown_in, "")


def speak(language: Language) -> None:
    """From now on the terminal speaks ``language``."""
    global _spoken
    _spoken = language


def spoken() -> Language:
    """The language that the terminal speaks."""
    return _spoken


def say(code: str, /, **values: object) -> str:
    """What ``code`` of ``terminal.toml`` says of ``values``, in the terminal's language."""
    return message(f"terminal.{code}", **values).in_(_spoken)
