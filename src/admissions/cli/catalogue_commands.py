"""Commands on rulebooks and scenarios."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from admissions.cli import options, render
from admissions.cli.language import say, spoken
from admissions.cli.matrix_command import rules_matrix
from admissions.cli.try_command import rules_try
from admissions.model.messages import message
from admissions.model.values import named, yes_no
from admissions.model.vocabulary import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from admissions.rulebooks.catalogue import (
        AssumptionEntry,
        ShownRule,
        ShownScenario,
        ShownVersion,
    )
    from admissions.rulebooks.changes import Change
    from admissions.rulebooks.rulebook import Rulebook

_PLACES = ("requirements", "criteria", "ties", "limits")


def register(app: typer.Typer) -> None:
    """Adds the command groups ``rules`` and ``scenarios`` to ``app``."""
    rules = typer.Typer(help="Show the rules of each offering.", no_args_is_help=True)
    rules.command("list")(rules_list)
    rules.command("show")(rules_show)
    rules.command("matrix")(rules_matrix)
    rules.command("try")(rules_try)
    rules.command("assumptions")(rules_assumptions)
    scenarios = typer.Typer(help="Show the scenarios.", no_args_is_help=True)
    scenarios.command("list")(scenarios_list)
    scenarios.command("show")(scenarios_show)
    app.add_typer(rules, name="rules")
    app.add_typer(scenarios, name="scenarios")


def _rulebooks() -> dict[str, Rulebook]:
    from admissions.rulebooks.known import known_rulebooks

    return known_rulebooks()


def rules_list(json: options.Json = False) -> None:
    """List every dated version of every offering's rules.

    Example: admissions rules list
    """
    from admissions.rulebooks.catalogue import shown_versions

    versions = [v for rulebook in _rulebooks().values() for v in shown_versions(rulebook)]
    if json:
        keys = ("id", "offering", "site", "valid_from", "valid_to", "offered", "source")
        render.as_json([{key: getattr(version, key) for key in keys} for version in versions])
        return
    rows = [
        [
            v.id,
            v.site,
            str(v.valid_from),
            str(v.valid_to or ""),
            "" if v.offered else say("not-offered"),
        ]
        for v in versions
    ]
    columns = (say("rules"), say("site"), say("from"), say("to"), "")
    render.show(render.plain_table(None, columns, rows))
    typer.echo(say("in-full"))


def rules_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="An offering or a version.")],
    date: options.DateOption = None,
    prose: Annotated[
        bool, typer.Option("--prose", help="As a text to publish, for applicants to read.")
    ] = False,
    language: options.TerminalLanguage = None,
    json: options.Json = False,
) -> None:
    """Show the rules of an offering, or of one dated version, with their sources.

    Example: admissions rules show uis-juss --prose --language nb
    """
    from admissions.rulebooks.catalogue import find_entries, shown_version

    told = language or spoken()
    found = find_entries(_rulebooks(), name, options.day(date))
    if prose:
        from admissions.explanation.rulebook_words import rulebook_text

        texts = {
            dated.id: rulebook_text(
                dated.rulebook, dated.entry, dated.valid_to, language or spoken()
            )
            for dated in found
        }
        if json:
            render.as_json(texts)
        else:
            typer.echo("\n".join(texts.values()), nl=False)
        return
    versions = [shown_version(dated) for dated in found]
    if json:
        render.as_json([asdict(version) for version in versions])
        return
    typer.echo("\n\n".join(_version_text(version, told) for version in versions))


def _version_text(version: ShownVersion, language: Language) -> str:
    begins = {"day": version.valid_from, "until": version.valid_to,
              "source": _cited(version.source, language)}  # fmt: skip
    since = "rules-from-to" if version.valid_to else "rules-from"
    lines = [
        f"{version.id}: {version.programme.in_(language)}, {version.site}",
        _in(language, since, **begins),
    ]
    if not version.offered:
        lines.append(_in(language, "not-offered-then"))
    if version.note:
        lines.append(version.note.in_(language))
    for place in _PLACES:
        rules = [rule for rule in version.rules if rule.place == place]
        if rules:
            lines += ["", _in(language, f"place.{place}")]
            for rule in rules:
                lines += _rule_lines(rule, language, "  ")
    return "\n".join(lines)


def _rule_lines(rule: ShownRule, language: Language, indent: str) -> list[str]:
    told = (f"{name} = {_plain(value, language)}" for name, value in rule.parameters.items())
    parameters = ", ".join(told)
    lines = [f"{indent}{rule.title.in_(language)} [{rule.id}, {rule.kind}]"]
    if parameters:
        lines.append(f"{indent}  {parameters}")
    if rule.source:
        cited = _cited(rule.source, language)
        lines.append(indent + "  " + _in(language, "source-of", source=cited))
    lines += [
        indent + "  " + _in(language, "assumption-of", what=a.parameter, why=a.why)
        for a in rule.assumptions
    ]
    for part in rule.parts:
        lines += _rule_lines(part, language, indent + "    ")
    return lines


def _plain(value: Any, language: Language) -> str:
    """A value as a file states it, with the words that ``language`` has for it."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(one, language) for one in value) + "]"
    if isinstance(value, dict):
        held = ((key, one) for key, one in value.items() if one is not None)
        return ", ".join(f"{key} {_plain(one, language)}" for key, one in held)
    if isinstance(value, bool):
        return yes_no(value, language)
    return named(str(value), language)


def rules_assumptions(
    language: options.TerminalLanguage = None, json: options.Json = False
) -> None:
    """List every value that no source states, with why it was chosen and its range.

    Example: admissions rules assumptions
    """
    from admissions.rulebooks.catalogue import all_assumptions

    _show_assumptions(all_assumptions(_rulebooks()), language or spoken(), json=json)


def _show_assumptions(found: Sequence[AssumptionEntry], language: Language, *, json: bool) -> None:
    if json:
        render.as_json([asdict(entry) for entry in found])
        return
    rows = [
        [entry.where, entry.parameter, "" if entry.value is None else _plain(entry.value, language),
         entry.why.in_(language), _plain(entry.range, language)]
        for entry in found
    ]  # fmt: skip
    columns = [_in(language, key) for key in ("where", "what", "value", "why", "varied-over")]
    render.show(render.plain_table(None, columns, rows))


def scenarios_list(language: options.TerminalLanguage = None, json: options.Json = False) -> None:
    """List the shipped scenarios.

    Example: admissions scenarios list
    """
    from admissions.rulebooks.catalogue import shown_scenarios

    found = shown_scenarios()
    if json:
        render.as_json([_scenario_table(shown) for shown in found])
        return
    rows = [
        [shown.id, shown.extends or "",
         _in(language or spoken(), f"mechanism.{shown.scenario.mechanism}"),
         shown.scenario.title.in_(language or spoken()) if shown.scenario.title else ""]
        for shown in found
    ]  # fmt: skip
    columns = [say(key) for key in ("scenario", "extends", "mechanism-column", "what")]
    render.show(render.plain_table(None, columns, rows))


def scenarios_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A scenario's id, or a TOML file.")],
    language: options.TerminalLanguage = None,
    json: options.Json = False,
) -> None:
    """Show a scenario: its why, its settings, and what it changes.

    Example: admissions scenarios show coordinated-2019
    """
    from admissions.rulebooks.catalogue import changed_rules, show_scenario

    shown = show_scenario(name)
    if json:
        render.as_json(_scenario_table(shown))
        return
    scenario, told = shown.scenario, language or spoken()
    for words in (scenario.title, scenario.why):
        if words is not None:
            typer.echo(words.in_(told))
    rows = [
        [
            key,
            "; ".join(_cited(one, told) for one in value)
            if key == "sources"
            else _plain(value, told),
        ]
        for key, value in scenario.model_dump(mode="json", exclude_none=True).items()
        if key not in ("title", "why", "changes", "assumptions") and value not in ([], {})
    ]
    columns = (_in(told, "setting"), _in(told, "value"))
    render.show(render.plain_table(None, columns, rows))
    if shown.extends:
        typer.echo(_in(told, "extends-base", base=shown.extends))
    for number, change in enumerate(shown.changes, start=1):
        said = message(f"terminal.change.{_way(change)}", **_what_changes(change, told))
        typer.echo(_in(told, "change-number", number=number, said=said))
        for version, gone in shown.limits_removed.get(number, ()):
            typer.echo("  " + _in(told, "takes-away", version=version, limits=gone))
        for rule in changed_rules(change):
            typer.echo("\n".join(_rule_lines(rule, told, "  ")))
    for entry in (entry for entry in shown.assumptions if entry.where == shown.id):
        values = {"where": entry.where, "what": entry.parameter, "why": entry.why}
        typer.echo(_in(told, "assumption-in", **values))


def _cited(source: str, language: Language) -> str:
    """Where something is from, as ``language`` cites it."""
    from admissions.explanation.citations import citation

    return citation(source, language)


def _way(change: Change) -> str:
    """In which way ``change`` changes rules."""
    if change.add is not None:
        if change.before:
            return "add-before"
        return "add-first" if change.place else "add"
    ways = ("set", "remove", "replace", "replace_criteria", "add_limit", "remove_limit")
    found = next((way for way in ways if getattr(change, way) is not None), "limits")
    return found.replace("_", "-")


def _what_changes(change: Change, language: Language) -> dict[str, object]:
    """What the words of ``change`` name."""
    everywhere = message("terminal.all-offerings")
    values = [f"{name} = {_plain(value, language)}" for name, value in (change.set or {}).items()]
    return {
        "where": everywhere if change.offerings == "all" else change.offerings,
        "rule": change.remove or change.remove_limit or change.rule,
        "values": values,
        "before": change.before,
    }


def _in(language: Language, code: str, **values: object) -> str:
    """What ``code`` of ``terminal.toml`` says, in ``language``."""
    return message(f"terminal.{code}", **values).in_(language)


def _scenario_table(shown: ShownScenario) -> dict[str, Any]:
    return {
        "extends": shown.extends,
        **shown.scenario.model_dump(mode="json", exclude_none=True),
    }
