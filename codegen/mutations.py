"""Every fact of the bound model, and how to make it false: what `make obligations` goes through.

A rule stands for each field of each record. A field without a fact of its own says why; none may be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from . import bound as model_bound
from . import model
from .bind import c_word
from .bound import Action, Bound, BoundGroup, BoundOption, BoundProgram, BoundRelation, Field, Spelling, Type, Word
from .model import RELEASES, SLOTS, Alias, Deprecation, Difference, Example, History, Positional
from .shapes import Record, record_keys

INT64 = (-(2**63), 2**63 - 1)
MAY_BE_EMPTY = ("argv", "bare", "input", "removed", "unavailable")


@dataclass(frozen=True)
class Mutation:
    """One fact made false: its name, the change, how to do and to undo that, and the tests to try first."""

    fact: str
    change: str
    do: Callable[[], None]
    undo: Callable[[], None]
    first: str = ""

    @property
    def kind(self) -> str:
        """What facts have in common that the same test is likely to catch: the program and the field, without names."""
        words = self.fact.split()
        return f"{words[0]} {words[-1] if '.' in words[-1] else self.change}"


def other_base(base: str) -> str:
    """A base whose values differ."""
    others = {"file": "directory", "directory": "file", "uri": "file", "string": "int", "text": "int"}
    return others.get(base, "string")


def longer(text: str) -> str:
    """The text with something at its end."""
    return f"{text}x"


def rotated(words: tuple[str, ...]) -> Callable[[str], str]:
    """Gives the word behind a word."""
    return lambda word: words[(words.index(word) + 1) % len(words)]


def opposite(value: Any) -> bool:
    """Yes for no."""
    return not value


def other_number(number: str) -> str:
    """Another constant of C."""
    return str(int(number) ^ 1) if number.lstrip("-").isdigit() else "1"


def other_reason(reason: str) -> str:
    """Available for unavailable."""
    return "" if reason else ": a change of the test"


Rule = Callable[[Any], Any]

# A field of a record: how to change what it says, or in words why it holds no fact to change.
RULES: dict[type[Any], dict[str, Rule | str]] = {
    Type: {
        "name": longer, "base": other_base, "metavar": "each option has its own copy", "min": "bounds", "max": "bounds",
        "item_min": "bounds", "item_max": "bounds", "words": "dropped one by one", "separator": lambda text: ";",
        "match": rotated(("exact", "nocase", "initial")), "item": rotated(("text", "number")),
        "direction": rotated(("in", "out")), "nonempty": opposite, "bare": rotated(("", "port")), "expected": longer,
        "record": "bound", "own_words": "how the C constants are made",
    },
    Word: {
        "text": longer, "c": "exchanged in pairs", "value": "the place in the list", "doc": longer, "hidden": opposite,
        "available": opposite, "history": "a record",
    },
    Field: {
        "name": "a name of C, which the compiler checks", "group": "a name of C", "kind": "follows from the type",
        "doc": "a comment of C", "enum": "follows from the type", "secret": opposite, "initial": "a default",
    },
    Action: {
        "verb": "dropped with its action", "target": "another field of the kind", "number": other_number,
        "slot": lambda slot: f"SAPP_SLOT_{rotated(SLOTS)(slot[10:].lower()).upper()}", "name": longer,
        "text": longer, "after_user": opposite, "function": "dropped with its action",
    },
    Spelling: {"text": longer, "help": longer, "hidden": opposite, "alias": "a record"},
    BoundOption: {
        "name": longer, "index": "the place in the list", "group": "another section", "record": "a record",
        "type": "a record", "metavar": longer, "actions": "dropped one by one", "spellings": "dropped one by one",
        "unavailable": other_reason, "differs": "records", "pending": "told by `unavailable`", "positional": opposite,
        "given": "another field of the kind",
    },
    BoundRelation: {
        "id": longer, "record": "a record", "left": "dropped one by one", "right": "dropped one by one",
        "differs": "records",
        "kind": lambda kind: {
            "EXCLUSIVE_MEMBERS": "REQUIRES_ALL", "EXCLUSIVE_BETWEEN": "EXCLUSIVE_MEMBERS", "IMPLIES": "REQUIRES_ALL",
            "REQUIRES_ALL": "REQUIRES_ANY", "REQUIRES_ANY": "REQUIRES_ALL",
        }[kind],
    },
    BoundGroup: {
        "name": "a name of C", "title": longer, "module": longer, "doc": longer, "fields": "records",
        "enums": "records", "functions": "names of C, which the compiler checks",
    },
    BoundProgram: {
        "name": "the name of the command", "record": "a record", "groups": "exchanged in pairs", "options": "records",
        "relations": "dropped one by one", "types": "records",
    },
    Bound: {
        "programs": "records", "groups": "records", "features": "told by `unavailable`", "on": "dropped one by one",
    },
    model.Program: {
        "name": "the name of the command", "summary": longer, "sections": "bound as groups", "positional": "a record",
    },
    Positional: {"name": longer, "same_as": "bound as BoundOption.positional", "help": longer},
    model.Option: {
        "group": "bound", "help": longer, "doc": longer, "arg": "bound as type", "c_name": "a name of C",
        "programs": "bound", "default": longer, "repeat": rotated(("last", "append", "count", "error")),
        "apply": "bound as actions", "when": "bound as `unavailable`", "secret": opposite,
        "document": opposite, "effect": rotated(("full", "none")), "history": "a record", "deprecated": "a record",
        "aliases": "bound as spellings", "tags": "bound in relations", "examples": "records",
        "samples": "only for tests", "differs": "records",
    },
    model.Relation: {
        "kind": "bound", "members": "bound", "between": "bound", "on_clash": rotated(("error", "last_wins")),
        "given": "bound", "need": "bound", "need_any": "bound", "then": "bound", "programs": "bound", "why": longer,
        "differs": "records",
    },
    History: {"since": rotated(RELEASES), "removed": rotated(("", *RELEASES)), "changed": "dropped one by one"},
    Deprecation: {"since": rotated(RELEASES), "use": longer},
    Alias: {"history": "a record", "deprecated": "a record", "hide": "bound as Spelling.hidden", "help": "bound"},
    Example: {"argv": lambda argv: [*argv, "x"], "text": longer},
    Difference: {
        "id": longer, "input": lambda argv: [*argv, "x"], "stdin": longer, "stdout": longer, "request": longer,
        "client": lambda argv: [*argv, "x"], "silent": lambda count: count + 1,
        "when": "bound as `differs`", "why": longer,
        "upstream": "run against the original by a recipe", "ours": "run against the program by a recipe",
    },
}  # fmt: skip

FIRST_TESTS = {
    "min": "values", "max": "values", "item_min": "values", "item_max": "values", "separator": "values",
    "match": "values", "nonempty": "values", "bare": "values", "expected": "values", "base": "values",
    "words": "values", "c": "values",
    "target": "values", "number": "flags", "slot": "values", "verb": "values", "positional": "spellings",
    "unavailable": "unavailable", "left": "relations", "right": "relations", "kind": "relations",
    "on_clash": "relations",
    "why": "relations", "repeat": "repeats", "initial": "defaults", "given": "values", "metavar": "help",
    "title": "help", "module": "list", "doc": "list", "since": "list", "removed": "list", "changed": "list",
    "argv": "list", "id": "list", "input": "list", "stdin": "list", "stdout": "list", "request": "list",
    "client": "list", "silent": "list", "use": "list", "direction": "list", "summary": "list",
    "default": "help", "effect": "help", "help": "help", "hidden": "help", "secret": "secrets", "actions": "values",
    "document": "list",
}  # fmt: skip


def forgotten() -> list[str]:
    """Fields of records that have no rule, and rules that have no field."""
    wanted = {cls: _keys(cls) for cls in RULES}
    missing = [f"{cls.__name__}.{name}" for cls, names in wanted.items() for name in sorted(names ^ set(RULES[cls]))]
    bound_records = {name for name in model_bound.__all__ if name[0].isupper()} - {"Samples"}
    unknown = sorted(bound_records - {cls.__name__ for cls in RULES})
    return missing + unknown


def _keys(cls: type[Any]) -> set[str]:
    return {item.name for item in (record_keys(cls).values() if issubclass(cls, Record) else fields(cls))}


class Mutator:
    """Goes through all facts of a bound model."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound

    def all(self) -> Iterator[Mutation]:
        """Every fact, in the order of the model."""
        yield from self.types()
        for program in self.bound.programs:
            yield from self.program(program)
        for group in self.bound.groups.values():
            yield from self.record(f"group {group.name}", group)
            for item in group.fields.values():
                yield from self.field(f"field {item.path}", item)
        for feature in sorted(self.bound.on & set(self.bound.features)):
            yield self.without_feature(feature)

    def record(self, owner: str, record: Any, values: dict[str, Any] | None = None) -> Iterator[Mutation]:
        """The facts that a rule changes by itself; `values` restricts them."""
        for name, rule in RULES[type(record)].items():
            value = getattr(record, name)
            if isinstance(rule, str) or value is None or (value in ("", []) and name not in MAY_BE_EMPTY):
                continue
            if values is None or name in values:
                yield self.change(f"{owner}: {type(record).__name__}.{name}", [record], name, rule(value))

    def change(self, fact: str, records: list[Any], name: str, value: Any) -> Mutation:
        """A field of some records with another value."""
        before = getattr(records[0], name)

        def put(new: Any) -> None:
            for record in records:
                setattr(record, name, new)
            self.renew()

        said = f"{_brief(before)} becomes {_brief(value)}"
        return Mutation(fact, said, lambda: put(value), lambda: put(before), FIRST_TESTS.get(name, "list"))

    def renew(self) -> None:
        """What is kept for speed is made again."""
        for program in self.bound.programs:
            program.types = {option.type.c_id: option.type for option in program.options if option.type}
            for relation in program.relations:
                relation.__dict__.pop("members", None)

    def without(self, fact: str, items: list[Any], position: int, first: str) -> Mutation:
        """A list without one of its items."""
        item = items[position]

        def drop() -> None:
            del items[position]
            self.renew()

        def put_back() -> None:
            items.insert(position, item)
            self.renew()

        return Mutation(fact, "is dropped", drop, put_back, first)

    def exchanged(self, fact: str, items: list[Any], position: int) -> Mutation:
        """A list with two neighbours exchanged."""

        def exchange() -> None:
            items[position], items[position + 1] = items[position + 1], items[position]

        return Mutation(fact, "is exchanged with its neighbour", exchange, exchange, "help")

    def without_feature(self, name: str) -> Mutation:
        """A build that would not have a feature."""
        return Mutation(
            f"feature {name}", "is dropped", lambda: self.bound.on.remove(name), lambda: self.bound.on.add(name), "list"
        )

    def types(self) -> Iterator[Mutation]:
        """The types of values; options of the same type and bounds share them."""
        found: dict[str, list[Type]] = {}
        for program in self.bound.programs:
            for option in program.options:
                if option.type:
                    found.setdefault(option.type.c_id, []).append(option.type)
        for group in self.bound.groups.values():
            for enum in group.enums.values():
                found.setdefault(enum.c_id, []).append(enum)
        seen: set[int] = set()
        for types in found.values():
            yield from self.type(types)
            if types[0].words and id(types[0].words) not in seen:
                seen.add(id(types[0].words))
                yield from self.words(types[0])

    def type(self, types: list[Type]) -> Iterator[Mutation]:
        """The facts of one type."""
        one = types[0]
        owner = f"type {one.c_id[5:]}"
        applies = {
            "match": bool(one.words), "separator": bool(one.separator), "item": bool(one.item),
            "expected": one.base != "enum", "direction": bool(one.direction), "bare": one.base == "host_port",
            "nonempty": one.base in ("string", "file", "directory", "uri"),
        }  # fmt: skip
        for name, rule in RULES[Type].items():
            if not isinstance(rule, str) and applies.get(name, True):
                yield self.change(f"{owner}: Type.{name}", types, name, rule(getattr(one, name)))
        for name in ("min", "max", "item_min", "item_max"):
            value = getattr(one, name)
            for step in (-1, 1) if value is not None else ():
                if INT64[0] <= value + step <= INT64[1]:
                    yield self.change(f"{owner}: Type.{name}", types, name, value + step)

    def words(self, one: Type) -> Iterator[Mutation]:
        """The words of an enumeration."""
        for position, word in enumerate(one.words):
            owner = f"type {one.name}: word {word.text}"
            yield self.without(owner, one.words, position, "values")
            yield from self.record(owner, word)
            if word.history:
                yield from self.history(owner, word.history)
        for left, right in zip(one.words, one.words[1:]):
            named = c_word(one.name, left.text) != left.c or c_word(one.name, right.text) != right.c
            if named and left.c != right.c and left.available and right.available:
                yield self.constants(f"type {one.name}: words {left.text} and {right.text}: Word.c", left, right)

    @staticmethod
    def constants(fact: str, left: Word, right: Word) -> Mutation:
        """Two words with their constants exchanged."""

        def exchange() -> None:
            left.c, right.c = right.c, left.c

        return Mutation(fact, f"{left.c} and {right.c} are exchanged", exchange, exchange, "values")

    def field(self, owner: str, item: Field) -> Iterator[Mutation]:
        """A field of an args struct."""
        if item.kind in ("TEXT", "BYTES") and not item.name.endswith("_given"):
            yield from self.record(owner, item, {"secret": None})
        if item.initial:
            yield self.change(f"{owner}: Field.initial", [item], "initial", "")

    def program(self, program: BoundProgram) -> Iterator[Mutation]:
        """Everything about a program."""
        yield from self.record(program.name, program.record)
        if program.record.positional:
            yield from self.record(f"{program.name}: the argument without a dash", program.record.positional)
        for position, group in enumerate(program.groups[:-1]):
            yield self.exchanged(f"{program.name}: section {group.name}", program.groups, position)
        for option in program.options:
            yield from self.option(program, option)
        for position, relation in enumerate(program.relations):
            yield self.without(f"{program.name}: {relation.id}", program.relations, position, "relations")
            yield from self.relation(f"{program.name}: {relation.id}", relation)

    def option(self, program: BoundProgram, option: BoundOption) -> Iterator[Mutation]:
        """Everything about an option."""
        owner = f"{program.name} -{option.name}"
        values = {name: None for name in RULES[BoundOption] if name != "positional" or option.type}
        if not option.is_help:
            yield from self.record(owner, option, values)
        yield from self.record(owner, option.record, self.sensible(option))
        yield self.other_group(owner, program, option)
        if option.given and option.available:
            yield self.other_field(f"{owner}: BoundOption.given", program, option, option.given)
        for position, action in enumerate(option.actions if option.available else []):
            yield from self.action(f"{owner}: {action.verb} {_target(action)}", program, option, position)
        for position, spelling in enumerate(option.spellings):
            yield from self.spelling(f"{owner}: spelling {spelling.text}", option, position)
        yield from self.life(owner, option.record.history, option.record.deprecated)
        yield from self.several(f"{owner}: example", option.record.examples)
        yield from self.several(f"{owner}: difference", option.differs)

    @staticmethod
    def sensible(option: BoundOption) -> dict[str, Any]:
        """The facts of an option's record that apply to it."""
        names = set(RULES[model.Option]) - ({"document"} if option.type else {"secret"})
        return dict.fromkeys(names)

    def other_group(self, owner: str, program: BoundProgram, option: BoundOption) -> Mutation:
        """An option in another section."""
        names = [group.name for group in program.groups]
        other = names[(names.index(option.group) + 1) % len(names)]
        return self.change(f"{owner}: BoundOption.group", [option], "group", other)

    def other_field(self, fact: str, program: BoundProgram, record: Any, field: Field) -> Mutation:
        """Another field of the same kind."""
        name = "given" if isinstance(record, BoundOption) else "target"
        groups = [group for group in program.groups if group.fields]
        same = [item for group in groups for item in group.fields.values() if item.kind == field.kind]
        any_other = [item for group in groups for item in group.fields.values() if item is not field]
        candidates = [item for item in same if item is not field and item.enum == field.enum] or any_other
        return self.change(fact, [record], name, candidates[0])

    def action(self, owner: str, program: BoundProgram, option: BoundOption, position: int) -> Iterator[Mutation]:
        """An effect of an option."""
        action = option.actions[position]
        yield self.without(owner, option.actions, position, "flags" if option.type is None else "values")
        if action.target:
            yield self.other_field(f"{owner}: Action.target", program, action, action.target)
        wanted = {
            "number": action.verb == "SET" or action.slot == "SAPP_SLOT_FLAG", "slot": action.verb == "VERIFY_PARAM",
            "name": True, "text": True, "after_user": action.verb == "SSLCONF",
        }  # fmt: skip
        yield from self.record(owner, action, {name: None for name, holds in wanted.items() if holds})
        if action.verb == "SSLCONF" and not action.text:
            yield self.change(f"{owner}: Action.text", [action], "text", "x")

    def spelling(self, owner: str, option: BoundOption, position: int) -> Iterator[Mutation]:
        """A way to write an option."""
        spelling = option.spellings[position]
        if position > 0:
            yield self.without(owner, option.spellings, position, "spellings")
        yield from self.record(owner, spelling)
        if spelling.alias:
            yield from self.life(owner, spelling.alias.history, spelling.alias.deprecated)

    def life(self, owner: str, history: History | None, deprecated: Deprecation | None) -> Iterator[Mutation]:
        """Releases and the end."""
        if history:
            yield from self.history(owner, history)
        if deprecated:
            yield from self.record(owner, deprecated)

    def history(self, owner: str, history: History) -> Iterator[Mutation]:
        """Releases."""
        yield from self.record(owner, history)
        for release in history.changed:
            changed = {name: text for name, text in history.changed.items() if name != release}
            yield self.change(f"{owner}: History.changed {release}", [history], "changed", changed)

    def several(self, owner: str, records: list[Any]) -> Iterator[Mutation]:
        """Records in a list."""
        for position, record in enumerate(records):
            yield self.without(f"{owner} {position + 1}", records, position, "list")
            yield from self.record(f"{owner} {position + 1}", record)

    def relation(self, owner: str, relation: BoundRelation) -> Iterator[Mutation]:
        """A rule between options."""
        yield from self.record(owner, relation)
        wanted = {"why": None} | ({"on_clash": None} if relation.record.on_clash else {})
        yield from self.record(owner, relation.record, wanted)
        yield from self.several(f"{owner}: difference", relation.differs)
        for name in ("left", "right"):
            side = getattr(relation, name)
            for position, option in enumerate(side):
                yield self.without(f"{owner}: BoundRelation.{name} -{option.name}", side, position, "relations")


def _target(action: Action) -> str:
    return action.target.path if action.target else action.name or action.function or action.slot


def _brief(value: Any) -> str:
    if isinstance(value, Field):
        return value.path
    text = " ".join(str(value).split())
    return f"'{text[:40]}...'" if len(text) > 44 else f"'{text}'"
