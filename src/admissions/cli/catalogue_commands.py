"""Commands on rulebooks and scenarios."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from admissions.cli import options, render
from admissions.cli.matrix_command import rules_matrix
from admissions.cli.try_command import rules_try
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

_PLACES = {
    "requirements": "Requirements: who is qualified",
    "criteria": "Ranking, in this order",
    "ties": "When all are equal",
    "limits": "Limits",
}


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
    from admissions.model.resources import shipped
    from admissions.rulebooks.rulebook import load_rulebooks

    return load_rulebooks(shipped("rules"))


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
        [v.id, v.site, str(v.valid_from), str(v.valid_to or ""), "" if v.offered else "not offered"]
        for v in versions
    ]
    columns = ("rules", "site", "from", "to", "")
    render.show(render.plain_table(None, columns, rows))
    typer.echo("One of them in full: admissions rules show uis-juss-2019")


def rules_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="An offering or a version.")],
    date: options.DateOption = None,
    prose: Annotated[
        bool, typer.Option("--prose", help="As a text to publish, for applicants to read.")
    ] = False,
    language: options.LanguageOption = "en",
    json: options.Json = False,
) -> None:
    """Show the rules of an offering, or of one dated version, with their sources.

    Example: admissions rules show uis-juss --prose --language nb
    """
    from admissions.rulebooks.catalogue import find_entries, shown_version

    found = find_entries(_rulebooks(), name, options.day(date))
    if prose:
        from admissions.explanation.rulebook_words import rulebook_text

        texts = {
            dated.id: rulebook_text(dated.rulebook, dated.entry, dated.valid_to, language)
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
    typer.echo("\n\n".join(_version_text(version, language) for version in versions))


def _version_text(version: ShownVersion, language: Language) -> str:
    until = f" to {version.valid_to}" if version.valid_to else ""
    lines = [
        f"{version.id}: {version.programme.in_(language)}, {version.site}",
        f"From {version.valid_from}{until}. Source: {version.source}.",
    ]
    if not version.offered:
        lines.append("Not offered.")
    if version.note:
        lines.append(version.note.in_(language))
    for place, heading in _PLACES.items():
        rules = [rule for rule in version.rules if rule.place == place]
        if rules:
            lines += ["", heading]
            for rule in rules:
                lines += _rule_lines(rule, language, "  ")
    return "\n".join(lines)


def _rule_lines(rule: ShownRule, language: Language, indent: str) -> list[str]:
    parameters = ", ".join(f"{name} = {_plain(value)}" for name, value in rule.parameters.items())
    lines = [f"{indent}{rule.title.in_(language)} [{rule.id}, {rule.kind}]"]
    if parameters:
        lines.append(f"{indent}  {parameters}")
    if rule.source:
        lines.append(f"{indent}  source: {rule.source}")
    lines += [
        f"{indent}  assumption ({a.parameter}): {a.why.in_(language)}" for a in rule.assumptions
    ]
    for part in rule.parts:
        lines += _rule_lines(part, language, indent + "    ")
    return lines


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(one) for one in value) + "]"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items() if one is not None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def rules_assumptions(language: options.LanguageOption = "en", json: options.Json = False) -> None:
    """List every value that no source states, with why it was chosen and its range.

    Example: admissions rules assumptions
    """
    from admissions.rulebooks.catalogue import all_assumptions

    _show_assumptions(all_assumptions(_rulebooks()), language, json=json)


def _show_assumptions(found: Sequence[AssumptionEntry], language: Language, *, json: bool) -> None:
    if json:
        render.as_json([asdict(entry) for entry in found])
        return
    rows = [
        [entry.where, entry.parameter, "" if entry.value is None else _plain(entry.value),
         entry.why.in_(language), _plain(entry.range)]
        for entry in found
    ]  # fmt: skip
    columns = ("where", "what", "value", "why", "varied over")
    render.show(render.plain_table(None, columns, rows))


def scenarios_list(language: options.LanguageOption = "en", json: options.Json = False) -> None:
    """List the shipped scenarios.

    Example: admissions scenarios list
    """
    from admissions.rulebooks.catalogue import shown_scenarios

    found = shown_scenarios()
    if json:
        render.as_json([_scenario_table(shown) for shown in found])
        return
    rows = [
        [shown.id, shown.extends or "", shown.scenario.mechanism,
         shown.scenario.title.in_(language) if shown.scenario.title else ""]
        for shown in found
    ]  # fmt: skip
    render.show(render.plain_table(None, ("scenario", "extends", "mechanism", "what"), rows))


def scenarios_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A scenario's id, or a TOML file.")],
    language: options.LanguageOption = "en",
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
    scenario = shown.scenario
    for words in (scenario.title, scenario.why):
        if words is not None:
            typer.echo(words.in_(language))
    rows = [
        [key, _plain(value)]
        for key, value in scenario.model_dump(mode="json", exclude_none=True).items()
        if key not in ("title", "why", "changes", "assumptions") and value not in ([], {})
    ]
    render.show(render.plain_table(None, ("setting", "value"), rows))
    if shown.extends:
        typer.echo(f"Extends {shown.extends}; a base's settings are shown as this one's.")
    for number, change in enumerate(shown.changes, start=1):
        typer.echo(f"Change {number}{_what_changes(change)}")
        for version, gone in shown.limits_removed.get(number, ()):
            typer.echo(f"  takes away at {version}: {', '.join(gone)}")
        for rule in changed_rules(change):
            typer.echo("\n".join(_rule_lines(rule, language, "  ")))
    for entry in (entry for entry in shown.assumptions if entry.where == shown.id):
        why = entry.why.in_(language)
        typer.echo(f"Assumption ({entry.where}, {entry.parameter}): {why}")


def _what_changes(change: Change) -> str:
    where = "all offerings" if change.offerings == "all" else ", ".join(change.offerings)
    if change.set is not None:
        values = ", ".join(f"{name} = {_plain(value)}" for name, value in change.set.items())
        return f" at {where}: {change.rule} gets {values}"
    if change.remove is not None:
        return f" at {where}: {change.remove} goes"
    if change.add is not None:
        place = f" before {change.before}" if change.before else ""
        place += " before the points" if change.place else ""
        return f" at {where}: a new rule{place}"
    if change.replace is not None:
        return f" at {where}: in the place of {change.rule}"
    if change.replace_criteria is not None:
        return f" at {where}: all criteria anew"
    if change.add_limit is not None:
        return f" at {where}: a new limit"
    if change.remove_limit is not None:
        return f" at {where}: the limit {change.remove_limit} goes"
    return f" at {where}: all limits anew"


def _scenario_table(shown: ShownScenario) -> dict[str, Any]:
    return {
        "extends": shown.extends,
        **shown.scenario.model_dump(mode="json", exclude_none=True),
    }
