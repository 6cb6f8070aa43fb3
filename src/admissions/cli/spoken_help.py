"""Help and usage errors in the terminal's language.

What commands and options are for stands in English in the code, where Typer reads it; ``help.toml``
has the same sentence in the three languages, found by its English. A sentence that is not there
stays English; the tests ask for each.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import typer

from admissions.cli.language import OPTION
from admissions.model.errors import first_error
from admissions.model.messages import Message, message
from admissions.model.vocabulary import Language
from admissions.model.words import wordings

RULES = "--rules"
"""The option that names a folder of rulebooks of one's own."""
UsageFault: Any = typer.BadParameter.__base__
"""What Typer raises for a command line that it cannot read."""


def spoken_app(app: typer.Typer, language: Language) -> Any:
    """The command of ``app`` in ``language``, with ``--language`` and ``--rules`` everywhere."""
    command = typer.main.get_command(app)
    for name in (OPTION, RULES):
        _everywhere(command, name)
    _translate(command, language)
    return command


def _everywhere(command: Any, name: str) -> None:
    """Every command takes the option ``name``, as the first that has it does."""
    option = next(
        copy.copy(param)
        for _, known in commands(command)
        for param in known.params
        if name in param.opts
    )
    option.expose_value = False
    option.default = None
    for _, each in commands(command):
        if not any(name in param.opts for param in each.params):
            each.params.append(option)


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """``command`` and all below it, each with the words that lead to it."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


@cache
def _sentences(language: Language) -> Mapping[str, str]:
    """The words in ``language`` by their English; none are needed for English itself."""
    if language == "en":
        return {}
    return {wording.en: wording.in_(language) for wording in wordings("help").values()}


def _translate(command: Any, language: Language) -> None:
    known = _sentences(language)

    def said(text: str) -> str:
        return known.get(text, text)

    setattr(typer.core, "_", said)  # noqa: B010 - where Typer looks up words of its own
    plain: Any = typer.Context.formatter_class

    class Formatter(plain):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or said("Usage: "))

    class Context(typer.Context):
        formatter_class = Formatter

    for path, each in commands(command):
        each.context_class = Context
        sentences, example = parts(each.help or "")
        told = [*map(said, sentences), said("Example: ") + example if example else ""]
        each.help = "\n\n".join(filter(None, told))
        each.epilog = said(each.epilog) if each.epilog else None
        shown = each.get_help_option(Context(each, info_name=" ".join(path)))
        for param in (*each.params, shown):
            if getattr(param, "help", None):
                param.help = said(param.help)


def parts(text: str) -> tuple[list[str], str]:
    """A command's help, a line a paragraph, and the example that it ends with."""
    told, _, example = text.partition("Example: ")
    paragraphs = [" ".join(paragraph.split()) for paragraph in told.split("\n\n")]
    return [paragraph for paragraph in paragraphs if paragraph], " ".join(example.split())


def usage_fault(error: Any) -> Message | None:
    """What is wrong with the command line, in words of our own; None where Typer's must do."""
    kind = type(error).__name__
    if kind == "MissingParameter" and error.param is not None:
        return message("terminal.missing", name=error.param.get_error_hint())
    if kind == "BadParameter" and error.param is not None:
        from pydantic import ValidationError

        cause = error.__cause__
        said = first_error(cause) if isinstance(cause, ValidationError) else error.message
        return message("terminal.bad-value", name=error.param.get_error_hint(), said=said)
    if kind == "NoSuchOption":
        close = sorted(error.possibilities or ())
        return message("terminal.no-option", name=error.option_name, close=close or None)
    if kind == "BadOptionUsage":
        return message("terminal.option-value", name=error.option_name)
    known = getattr(error.ctx.command, "commands", None) if error.ctx else None
    return message("terminal.no-command", known=tuple(known)) if known else None


def show_usage_fault(error: Any, language: Language) -> None:
    """Prints a usage error on standard error, as Typer does, in ``language``."""
    said = usage_fault(error) if language != "en" else None
    if said is None:
        error.show()
        return
    lines = []
    if error.ctx is not None:
        asked = f"{error.ctx.command_path} --help"
        lines = [error.ctx.get_usage(), message("terminal.see-help", command=asked).in_(language)]
    lines.append(message("terminal.error", said=said).in_(language))
    typer.echo("\n".join(lines), err=True)
