"""The bound model: the spec with every name resolved, in the form that templates and tests read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .model import HELP, Alias, Difference, Example, History, Option, Program, Relation, Samples, ValueType

C_TYPES = {
    "BOOL": "bool",
    "INT": "int",
    "INT64": "int64_t",
    "TEXT": "const char *",
    "HOST_PORT": "struct sapp_host_port",
    "BYTES": "struct sapp_bytes",
    "TEXTS": "struct sapp_texts",
    "NUMBERS": "struct sapp_numbers",
}


@dataclass
class Word:
    """A word of an enumeration."""

    text: str
    c: str
    value: int
    doc: str
    available: bool
    hidden: bool
    history: History | None


@dataclass
class Type:
    """A value type with everything inherited."""

    name: str
    base: str
    metavar: str
    min: int | None
    max: int | None
    item_min: int | None
    item_max: int | None
    words: list[Word]
    match: str
    separator: str
    item: str
    direction: str
    nonempty: bool
    bare: str
    expected: str
    record: ValueType
    own_words: bool = True

    @property
    def c_id(self) -> str:
        """The name of the type's C table."""
        bounds = [str(bound).replace("-", "m") for bound in (self.min, self.max) if bound is not None]
        return "_".join(["type", self.name, *bounds])

    @property
    def shown_words(self) -> list[Word]:
        """The words that help and completion list."""
        return [word for word in self.words if word.available and not word.hidden]


@dataclass
class Field:
    """A field of a group's args struct."""

    name: str
    group: str
    kind: str
    doc: str
    enum: str = ""
    secret: bool = False
    initial: str = ""

    @property
    def c_type(self) -> str:
        """Its type in C."""
        return C_TYPES[self.kind]

    @property
    def path(self) -> str:
        """Where it is in a program's args struct."""
        return f"{self.group}.{self.name}"


@dataclass
class Action:
    """One verb of an option, resolved."""

    verb: str
    target: Field | None = None
    number: str = "0"
    slot: str = "SAPP_SLOT_DEPTH"
    name: str = ""
    text: str = ""
    after_user: bool = False
    function: str = ""


@dataclass
class Spelling:
    """One way to write an option."""

    text: str
    help: str
    hidden: bool
    alias: Alias | None = None


@dataclass(eq=False)
class BoundOption:
    """An option of one program. It equals nothing but itself, which also makes looking for one fast."""

    name: str
    index: int
    group: str
    record: Option
    type: Type | None
    metavar: str
    actions: list[Action]
    spellings: list[Spelling]
    unavailable: str
    differs: list[Difference]
    pending: bool
    positional: bool
    given: Field | None

    @property
    def available(self) -> bool:
        """Whether this build serves it."""
        return not self.unavailable

    @property
    def is_help(self) -> bool:
        """Whether it asks for the help text."""
        return any(action.function == HELP for action in self.actions)

    @property
    def shown(self) -> list[Spelling]:
        """The spellings that help and completion show."""
        return [spelling for spelling in self.spellings if not spelling.hidden]


@dataclass
class BoundRelation:
    """A relation of one program, over options."""

    id: str
    record: Relation
    kind: str
    left: list[BoundOption]
    right: list[BoundOption]
    differs: list[Difference]

    @cached_property
    def members(self) -> frozenset[int]:
        """The indexes of all its options."""
        return frozenset(option.index for option in self.left + self.right)


@dataclass
class BoundGroup:
    """A group: its fields over all programs, and the C functions that its options call."""

    name: str
    title: str
    module: str
    doc: str
    fields: dict[str, Field] = field(default_factory=dict)
    enums: dict[str, Type] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)


@dataclass
class BoundProgram:
    """A program with everything resolved."""

    name: str
    record: Program
    groups: list[BoundGroup]
    options: list[BoundOption]
    relations: list[BoundRelation]
    types: dict[str, Type]

    def option(self, name: str) -> BoundOption:
        """The option that a spelling names."""
        for option in self.options:
            if any(spelling.text == name for spelling in option.spellings):
                return option
        raise KeyError(name)

    def section(self, group: BoundGroup) -> list[BoundOption]:
        """The options of a group that this build serves, in the spec's order."""
        return [option for option in self.options if option.group == group.name and option.available]

    @property
    def available(self) -> list[BoundOption]:
        """The options that this build serves."""
        return [option for option in self.options if option.available]

    @property
    def documents(self) -> list[BoundOption]:
        """The options with which a refused command line has a document too."""
        return [option for option in self.available if option.record.document]

    @property
    def spellings(self) -> list[tuple[str, BoundOption]]:
        """Every spelling in the order of the C table."""
        pairs = [(spelling.text, option) for option in self.options for spelling in option.spellings]
        return sorted(pairs, key=lambda pair: pair[0].replace("_", "-"))

    @property
    def first_spellings(self) -> list[int]:
        """For each first byte from 0 to 128, the index of the first spelling that does not come before it."""
        initials = [ord(text[0]) for text, _option in self.spellings]
        return [sum(initial < byte for initial in initials) for byte in range(129)]


@dataclass
class Bound:
    """All programs and groups, for one build's features."""

    programs: list[BoundProgram]
    groups: dict[str, BoundGroup]
    features: dict[str, str]
    on: set[str]

    @property
    def differences(self) -> list[tuple[BoundProgram, str, Difference]]:
        """Every licence to be unlike the original: the program, the option or relation it is about, the record."""
        found = []
        for program in self.programs:
            for option in program.options:
                found += [(program, f"-{option.name}", item) for item in option.differs]
            for relation in program.relations:
                found += [(program, relation.id, item) for item in relation.differs]
        return found


__all__ = [
    "Action", "Bound", "BoundGroup", "BoundOption", "BoundProgram", "BoundRelation", "Example", "Field", "Samples",
    "Spelling", "Type", "Word",
]  # fmt: skip
