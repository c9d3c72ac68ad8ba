"""Every fact about every option, for programs: `s_apps list -json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .bound import Bound, BoundGroup, BoundOption, BoundProgram, BoundRelation, Type, Word
from .emit import Output
from .model import Deprecation, Difference, History

SCHEMA = 1
PART_BYTES = 4000


def write_json(bound: Bound) -> Iterator[Output]:
    """The document as a file, and as C for the program."""
    text = json.dumps(document(bound), indent=1, ensure_ascii=False) + "\n"
    yield Output("options.json", "text.j2", {"text": text})
    yield Output("options_json.c", "options_json.c.j2", {"parts": pieces(text)})


def pieces(text: str) -> list[str]:
    """The text in parts that every C compiler takes as one literal."""
    parts = [""]
    for line in text.splitlines(keepends=True):
        if len((parts[-1] + line).encode()) > PART_BYTES:
            parts.append("")
        parts[-1] += line
    return parts


def document(bound: Bound) -> dict[str, Any]:
    """The whole document."""
    return {
        "schema": SCHEMA,
        "features": {name: name in bound.on for name in sorted(bound.features)},
        "programs": [program_facts(program) for program in bound.programs],
    }


def program_facts(program: BoundProgram) -> dict[str, Any]:
    """One program."""
    return {
        "name": program.name,
        "summary": program.record.summary,
        "sections": [group_facts(group) for group in program.groups],
        "options": [option_facts(option) for option in program.options],
        "relations": [relation_facts(relation) for relation in program.relations],
    }


def group_facts(group: BoundGroup) -> dict[str, Any]:
    """One section."""
    facts = {"name": group.name, "title": group.title, "module": group.module, "doc": " ".join(group.doc.split())}
    return {name: value for name, value in facts.items() if value}


def option_facts(option: BoundOption) -> dict[str, Any]:
    """One option: only the facts it has."""
    record = option.record
    facts: dict[str, Any] = {
        "name": option.name,
        "group": option.group,
        "help": record.help,
        "doc": " ".join(record.doc.split()),
        "available": option.available,
        "reason": option.unavailable.strip(" :"),
        "type": type_facts(option.type) if option.type else None,
        "metavar": option.metavar,
        "default": record.default,
        "repeat": record.repeat,
        "effect": record.effect,
        "secret": record.secret,
        "document": record.document or None,
        "positional": option.positional,
        "aliases": [alias_facts(spelling.text, spelling.alias) for spelling in option.spellings[1:]],
        "history": history_facts(record.history),
        "deprecated": deprecation_facts(record.deprecated),
        "examples": [{"argv": example.argv, "text": example.text} for example in record.examples],
        "differs": [difference_facts(item) for item in option.differs],
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def alias_facts(text: str, alias: Any) -> dict[str, Any]:
    """Another spelling."""
    facts = {
        "name": text, "hidden": alias.hide, "history": history_facts(alias.history),
        "deprecated": deprecation_facts(alias.deprecated),
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def type_facts(value_type: Type) -> dict[str, Any]:
    """The type of a value, with everything inherited."""
    facts: dict[str, Any] = {
        "name": value_type.name,
        "base": value_type.base,
        "expected": value_type.expected if value_type.base != "enum" else "",
        "min": value_type.min,
        "max": value_type.max,
        "match": value_type.match if value_type.words else "",
        "separator": value_type.separator,
        "item_min": value_type.item_min,
        "item_max": value_type.item_max,
        "item": value_type.item,
        "direction": value_type.direction,
        "bare": value_type.bare,
        "nonempty": value_type.nonempty or None,
        "values": [word_facts(word) for word in value_type.words],
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def word_facts(word: Word) -> dict[str, Any]:
    """A word of an enumeration."""
    facts: dict[str, Any] = {
        "name": word.text, "doc": word.doc, "available": word.available, "hidden": word.hidden,
    }  # fmt: skip
    return facts | ({"history": history_facts(word.history)} if word.history else {})


def history_facts(history: History | None) -> dict[str, Any]:
    """Releases."""
    if history is None:
        return {}
    facts = {"since": history.since, "removed": history.removed, "changed": history.changed}
    return {name: value for name, value in facts.items() if value}


def deprecation_facts(deprecated: Deprecation | None) -> dict[str, Any]:
    """The end of an option's life."""
    if deprecated is None:
        return {}
    facts = {"since": deprecated.since, "use": deprecated.use}
    return {name: value for name, value in facts.items() if value}


def difference_facts(item: Difference) -> dict[str, Any]:
    """A licence to be unlike the original."""
    facts: dict[str, Any] = {
        "id": item.id, "input": item.input, "stdin": item.stdin, "stdout": item.stdout, "request": item.request,
        "client": item.client, "silent": item.silent, "why": item.why,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if name == "input" or value}


def relation_facts(relation: BoundRelation) -> dict[str, Any]:
    """One relation."""
    facts: dict[str, Any] = {
        "id": relation.id,
        "kind": relation.kind.lower(),
        "left": [option.name for option in relation.left],
        "right": [option.name for option in relation.right],
        "on_clash": relation.record.on_clash,
        "why": relation.record.why,
        "differs": [difference_facts(item) for item in relation.differs],
    }
    return {name: value for name, value in facts.items() if value}
