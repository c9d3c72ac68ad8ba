"""The text of -help: sections and lines in the shape of the original, which scripts grep."""

from __future__ import annotations

from .bound import BoundOption, BoundProgram, Spelling

COLUMN = 27


def help_text(program: BoundProgram) -> str:
    """All that -help prints."""
    return "".join(help_sections(program))


def help_sections(program: BoundProgram) -> list[str]:
    """The parts of the help text: the line of usage, and each section."""
    positional = program.record.positional
    usage = f"Usage: {program.name} [options]" + (f" [{positional.name}]" if positional else "")
    parts = [usage + "\n"]
    for group in program.groups:
        rows = [row for option in program.section(group) for row in option_rows(option)]
        if rows:
            parts.append("\n".join(["", f"{group.title}:", *rows, ""]))
    if positional:
        parts.append("\n".join(["", "Parameters:", row(positional.name, positional.help), ""]))
    return parts


def option_rows(option: BoundOption) -> list[str]:
    """A line for each spelling that is shown."""
    return [
        row(f"-{spelling.text} {option.metavar}".rstrip(), described(option, spelling)) for spelling in option.shown
    ]


def described(option: BoundOption, spelling: Spelling) -> str:
    """The help of a spelling with the facts that the spec holds about it."""
    facts = []
    if option.record.default is not None and spelling.alias is None:
        facts.append(f"default {option.record.default}")
    if option.record.effect == "none":
        facts.append("no effect")
    text = spelling.help + (f"; {', '.join(facts)}" if facts else "")
    deprecated = option.record.deprecated or (spelling.alias.deprecated if spelling.alias else None)
    return f"(deprecated) {text}" if deprecated else text


def row(left: str, right: str) -> str:
    """One line, its text in the common column where there is room for that."""
    start = f" {left}"
    return f"{start:<{COLUMN}} {right}"
