"""What a YAML node may look like, and how it becomes a typed value.

Every scalar stays text until a shape types it, because YAML itself would turn `no` into a boolean and 010 into 8.
One shape serves three readers: the loader, the editor's JSON schema and the reference of the spec format.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml

from .place import Mistakes, Place, nearest

T = TypeVar("T")

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")


@dataclass
class Context:
    """What shaping needs to know: the file's name, and where mistakes go."""

    file: str
    mistakes: Mistakes

    def place(self, node: yaml.Node) -> Place:
        """The place of `node`, counted from 1."""
        mark = node.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def wrong(self, node: yaml.Node, rule: str, sentence: str) -> None:
        """Note that `node` breaks `rule`."""
        self.mistakes.add(self.place(node), rule, sentence)


class Shape:
    """A form that a node must have."""

    label = "anything"

    def read(self, node: yaml.Node, ctx: Context) -> Any:
        """The typed value of `node`, or None after noting a mistake."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """The same form in JSON Schema."""
        raise NotImplementedError

    def scalar(self, node: yaml.Node, ctx: Context) -> str | None:
        """The text of a scalar node."""
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        ctx.wrong(node, "E101", f"expected {self.label}, found {describe(node)}")
        return None


def describe(node: yaml.Node) -> str:
    """A node's kind in words."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return f"'{node.value}'"


@dataclass
class Text(Shape):
    """Text, optionally of a pattern."""

    label: str = "a text"
    pattern: str = ""
    empty: bool = False

    def read(self, node: yaml.Node, ctx: Context) -> str | None:
        value = self.scalar(node, ctx)
        if value is None:
            return None
        if not value and not self.empty:
            ctx.wrong(node, "E102", f"expected {self.label}, found nothing")
            return None
        if self.pattern and not re.fullmatch(self.pattern, value):
            ctx.wrong(node, "E102", f"expected {self.label}, found '{value}'")
            return None
        return value

    def schema(self) -> dict[str, Any]:
        pattern = {"pattern": f"^(?:{self.pattern})$"} if self.pattern else {}
        return {"type": ["string", "number", "boolean"] if not self.pattern else ["string", "number"], **pattern}


class PlacedText(str):
    """Text that knows where it stands, for lists whose items are looked up later."""

    place: Place


@dataclass
class Placed(Text):
    """Text of a pattern that keeps its place."""

    def read(self, node: yaml.Node, ctx: Context) -> PlacedText | None:
        value = super().read(node, ctx)
        if value is None:
            return None
        placed = PlacedText(value)
        placed.place = ctx.place(node)
        return placed


@dataclass
class YesNo(Shape):
    """`yes` or `no`."""

    label: str = "yes or no"

    def read(self, node: yaml.Node, ctx: Context) -> bool | None:
        value = self.scalar(node, ctx)
        if value is None or value in ("yes", "no"):
            return None if value is None else value == "yes"
        ctx.wrong(node, "E102", f"expected yes or no, found '{value}'")
        return None

    def schema(self) -> dict[str, Any]:
        return {"enum": ["yes", "no", True, False]}


@dataclass
class Integer(Shape):
    """A whole number in decimal."""

    label: str = "a decimal whole number"

    def read(self, node: yaml.Node, ctx: Context) -> int | None:
        value = self.scalar(node, ctx)
        if value is None:
            return None
        if not INTEGER.fullmatch(value):
            ctx.wrong(node, "E102", f"expected {self.label}, found '{value}'")
            return None
        return int(value)

    def schema(self) -> dict[str, Any]:
        return {"type": ["integer", "string"], "pattern": f"^{INTEGER.pattern}$"}


@dataclass
class Choice(Shape):
    """One word of a closed list."""

    words: tuple[str, ...]

    @property
    def label(self) -> str:  # type: ignore[override]
        """The words as a person lists them."""
        return "one of " + ", ".join(self.words)

    def read(self, node: yaml.Node, ctx: Context) -> str | None:
        value = self.scalar(node, ctx)
        if value is None or value in self.words:
            return value
        ctx.wrong(node, "E104", f"'{value}' is not {self.label}{nearest(value, self.words)}")
        return None

    def schema(self) -> dict[str, Any]:
        numbers = [float(word) for word in self.words if re.fullmatch(r"[0-9]+(\.[0-9]*[1-9]|\.0)?", word)]
        return {"enum": [*self.words, *numbers]}


@dataclass
class Seq(Shape):
    """A list."""

    item: Shape

    @property
    def label(self) -> str:  # type: ignore[override]
        """The items' form, in a list."""
        return f"a list, each {self.item.label}"

    def read(self, node: yaml.Node, ctx: Context) -> list[Any] | None:
        if not isinstance(node, yaml.SequenceNode):
            ctx.wrong(node, "E101", f"expected a list, found {describe(node)}")
            return None
        values = [self.item.read(child, ctx) for child in node.value]
        return [value for value in values if value is not None]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema()}


@dataclass
class Map(Shape):
    """A mapping from free names to one form."""

    item: Shape
    key: Text | Choice = field(default_factory=Text)

    @property
    def label(self) -> str:  # type: ignore[override]
        """The values' form, by name."""
        return f"a mapping of names, each {self.item.label}"

    def read(self, node: yaml.Node, ctx: Context) -> dict[str, Any] | None:
        if not isinstance(node, yaml.MappingNode):
            ctx.wrong(node, "E101", f"expected a mapping, found {describe(node)}")
            return None
        result: dict[str, Any] = {}
        for name, child in pairs(node, ctx, self.key):
            value = self.item.read(child, ctx)
            if value is not None:
                result[name] = value
        return result

    def schema(self) -> dict[str, Any]:
        names: dict[str, Any] = {}
        if isinstance(self.key, Text) and self.key.pattern:
            names = {"propertyNames": {"pattern": f"^(?:{self.key.pattern})$"}}
        elif isinstance(self.key, Choice):
            names = {"propertyNames": {"enum": list(self.key.words)}}
        return {"type": "object", "additionalProperties": self.item.schema(), **names}


@dataclass
class Either(Shape):
    """A form for each kind of node: the writer's sugar, made canonical by `sugar`."""

    forms: dict[type[yaml.Node], Shape]
    sugar: dict[type[yaml.Node], Callable[[Any, Place], Any]] = field(default_factory=dict)

    @property
    def label(self) -> str:  # type: ignore[override]
        """All forms, as alternatives."""
        return " or ".join(form.label for form in self.forms.values())

    def read(self, node: yaml.Node, ctx: Context) -> Any:
        form = self.forms.get(type(node))
        if form is None:
            ctx.wrong(node, "E101", f"expected {self.label}, found {describe(node)}")
            return None
        value = form.read(node, ctx)
        convert = self.sugar.get(type(node))
        return convert(value, ctx.place(node)) if convert and value is not None else value

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [form.schema() for form in self.forms.values()]}


@dataclass
class Lazy(Shape):
    """A form that is named before it exists, so that forms can nest in themselves."""

    get: Callable[[], Shape]
    label: str = "a nested record"

    def read(self, node: yaml.Node, ctx: Context) -> Any:
        return self.get().read(node, ctx)

    def schema(self) -> dict[str, Any]:
        return self.get().schema()


@dataclass
class Rec(Shape):
    """A record: a mapping whose keys are the fields of a dataclass made with `key()`."""

    cls: type[Any]

    @property
    def label(self) -> str:  # type: ignore[override]
        """The record's name for a reader."""
        return f"a record ({self.cls.__name__})"

    def read(self, node: yaml.Node, ctx: Context) -> Any:
        if not isinstance(node, yaml.MappingNode):
            ctx.wrong(node, "E101", f"expected {self.label}, found {describe(node)}")
            return None
        keys = record_keys(self.cls)
        values: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for name, child in pairs(node, ctx, Text()):
            found = keys.get(name)
            if found is None:
                valid = ", ".join(sorted(keys))
                ctx.wrong(child, "E103", f"unknown key '{name}'{nearest(name, keys)} (valid: {valid})")
                continue
            places[found.name] = ctx.place(child)
            value = found.metadata["shape"].read(child, ctx)
            if value is not None:
                values[found.name] = value
        missing = [name for name, item in keys.items() if item.metadata["required"] and item.name not in places]
        for name in missing:
            ctx.wrong(node, "E105", f"the key '{name}' is missing")
        if any(keys[name].metadata["required"] and keys[name].name not in values for name in keys):
            return None
        return self.cls(place=ctx.place(node), places=places, **values)

    def schema(self) -> dict[str, Any]:
        return {"$ref": f"#/definitions/{self.cls.__name__}"}

    def definition(self) -> dict[str, Any]:
        """The record itself in JSON Schema; schema() only names it, so that records can nest in themselves."""
        keys = record_keys(self.cls)
        return {
            "type": "object",
            "description": " ".join((self.cls.__doc__ or "").split()),
            "additionalProperties": False,
            "required": sorted(name for name, item in keys.items() if item.metadata["required"]),
            "properties": {
                name: {"description": item.metadata["doc"], **item.metadata["shape"].schema()}
                for name, item in sorted(keys.items())
            },
        }


def pairs(node: yaml.MappingNode, ctx: Context, name_shape: Text | Choice) -> list[tuple[str, yaml.Node]]:
    """The keys and value nodes of a mapping; a key that stands twice is a mistake."""
    seen: dict[str, Place] = {}
    result: list[tuple[str, yaml.Node]] = []
    for name_node, child in node.value:
        name = name_shape.read(name_node, ctx)
        if name is None:
            continue
        if name in seen:
            ctx.wrong(name_node, "E106", f"the key '{name}' stands already in line {seen[name].line}")
            continue
        seen[name] = ctx.place(name_node)
        result.append((name, child))
    return result


@dataclass
class Record:
    """What every record of the spec carries besides its own keys."""

    place: Place = field(repr=False, compare=False)
    places: dict[str, Place] = field(repr=False, compare=False)

    def at(self, name: str) -> Place:
        """Where the key `name` stands, or else the record."""
        return self.places.get(name, self.place)


def key(
    shape: Shape, doc: str, *, used_by: str, required: bool = False, default: Any = None, spelled: str = ""
) -> Any:
    """A key of a record: its form, what it means, and which outputs consume it (a key that none does is refused)."""
    metadata = {"shape": shape, "doc": doc, "required": required, "used_by": used_by.split(), "spelled": spelled}
    if isinstance(default, (list, dict)):
        return field(default_factory=type(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def record_keys(cls: type[Any]) -> dict[str, dataclasses.Field[Any]]:
    """The keys of a record class by the name that the spec uses."""
    fields = [item for item in dataclasses.fields(cls) if "shape" in item.metadata]
    return {item.metadata["spelled"] or item.name: item for item in fields}
