"""The spec format: every record and key that a file under opts/ may hold.

This is the one description of the format. The loader reads by it, the editor's schema (build/opts.schema.json) and the
reference (doc/spec-reference) are written from it, and `used_by` names the outputs that consume each key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from .shapes import Choice, Either, Integer, Lazy, Map, Placed, PlacedText, Rec, Record, Seq, Shape, Text, YesNo, key

IDENTIFIER = Text("a C identifier", r"[A-Za-z_][A-Za-z0-9_]*")
SPELLING = Text("an option name without its dash", r"[A-Za-z0-9][A-Za-z0-9_-]*")
SLUG = Text("lower-case words joined by dashes", r"[a-z0-9]+(-[a-z0-9]+)*")

HELP = "help"  # the function that is none: it asks for the help text
RELEASES = ("1.1.0", "1.1.1", "3.0", "3.2", "3.3", "3.4", "3.5", "3.6", "4.0", "own")
BASES = ("int", "string", "enum", "host_port", "port", "file", "directory", "uri", "hex", "seconds", "list")
SLOTS = ("depth", "auth_level", "purpose", "name", "policy", "time", "host", "email", "ip", "flag")


def _condition() -> Shape:
    return CONDITION


CONDITION = Either(
    {
        yaml.ScalarNode: Text("the name of a feature", r"[a-z0-9_]+"),
        yaml.MappingNode: Lazy(lambda: Rec(ConditionTree)),
    },
    {yaml.ScalarNode: lambda name, place: ConditionTree(place=place, places={}, feature=name)},
)


@dataclass
class ConditionTree(Record):
    """When something exists: all, any and not over the features of opts/features.yaml. A bare name is that feature."""

    feature: str = key(Text(pattern=r"[a-z0-9_]+"), "one feature", used_by="table faces", default="")
    all: list[ConditionTree] = key(Seq(Lazy(_condition)), "every one must hold", used_by="table faces", default=[])
    any: list[ConditionTree] = key(Seq(Lazy(_condition)), "one must hold", used_by="table faces", default=[])
    neither: ConditionTree | None = key(Lazy(_condition), "must not hold", used_by="table faces", spelled="not")

    def features(self) -> list[ConditionTree]:
        """Every leaf."""
        inner = [*self.all, *self.any, *([self.neither] if self.neither else [])]
        return ([self] if self.feature else []) + [leaf for tree in inner for leaf in tree.features()]

    def holds(self, on: set[str]) -> bool:
        """Whether the condition holds in a build that has the features `on`."""
        if self.feature:
            return self.feature in on
        if self.neither:
            return not self.neither.holds(on)
        return all(tree.holds(on) for tree in self.all) and (
            not self.any or any(tree.holds(on) for tree in self.any)
        )


@dataclass
class History(Record):
    """Which OpenSSL release brought, changed or removed something."""

    since: str = key(
        Choice(RELEASES),
        "the first release that has it; 1.1.0 also stands for all before, `own` for what only this project has",
        used_by="pod json tests",
        required=True,
    )
    removed: str = key(Choice(RELEASES), "the first release that lacks it again", used_by="pod json tests", default="")
    changed: dict[str, str] = key(
        Map(Text(), Choice(RELEASES)),
        "what a release changed, one sentence without its full stop",
        used_by="pod json",
        default={},
    )


@dataclass
class Deprecation(Record):
    """How something ends its life."""

    since: str = key(Choice(RELEASES), "the release that deprecated it", used_by="pod json", required=True)
    use: str = key(SPELLING, "the option that replaces it", used_by="pod json check", default="")


@dataclass
class EnumValue(Record):
    """One word that an enumeration accepts."""

    doc: str = key(Text(), "what the word means", used_by="pod json completion", default="")
    c: str = key(
        IDENTIFIER, "the C constant it stands for; by default one made from type and word", used_by="table", default=""
    )
    when: ConditionTree | None = key(CONDITION, "the builds that have it", used_by="table faces")
    history: History | None = key(Rec(History), "its releases", used_by="pod json")
    hide: bool = key(YesNo(), "accepted but not shown", used_by="faces", default=False)


@dataclass
class ValueType(Record):
    """A type of value. `like` starts from another type and changes single facts."""

    base: str = key(Choice(BASES), "what kind of value it is", used_by="table", default="")
    like: str = key(Text(pattern=r"[a-z0-9_]+"), "the type to start from", used_by="bind", default="")
    metavar: str = key(Text(), "the word that stands for the value in help", used_by="table faces", default="")
    min: int | None = key(
        Integer(),
        "the smallest number (int), milliseconds (seconds), count of bytes (hex) or of items (list)",
        used_by="table",
    )
    max: int | None = key(Integer(), "the largest, likewise", used_by="table")
    values: dict[str, EnumValue] = key(
        Map(Rec(EnumValue)), "the words of an enumeration", used_by="table faces", default={}
    )
    match: str = key(
        Choice(("exact", "nocase", "initial")),
        "how words are compared: to the letter, without regard to case, or also by their first letter",
        used_by="table",
        default="",
    )
    separator: str = key(Text("one character", "."), "what stands between the items of a list", used_by="table")
    item_min: int | None = key(Integer(), "the smallest number in a list of numbers", used_by="table")
    item_max: int | None = key(Integer(), "the largest", used_by="table")
    item: str = key(Choice(("text", "number")), "what a list holds", used_by="table", default="")
    direction: str = key(
        Choice(("in", "out")), "whether a file is read or written ", used_by="faces", default=""
    )
    bare: str = key(
        Choice(("host", "port")), "what a word without a colon is in an address", used_by="table", default=""
    )
    nonempty: bool | None = key(YesNo(), "whether the empty text is refused", used_by="table")
    expected: str = key(
        Text(), "how an error message says what is expected, where the other facts do not tell", used_by="table"
    )


ARGUMENT = Either(
    {yaml.ScalarNode: Text("the name of a type", r"[a-z0-9_]+"), yaml.MappingNode: Lazy(lambda: Rec(Argument))},
    {yaml.ScalarNode: lambda name, place: Argument(place=place, places={"type": place}, type=name)},
)


@dataclass
class Argument(Record):
    """The value that an option takes: a type, and facts that hold for this option only."""

    type: str = key(Text(pattern=r"[a-z0-9_]+"), "a type of opts/types.yaml", used_by="table faces", required=True)
    metavar: str = key(Text(), "the word for the value in help", used_by="table faces", default="")
    min: int | None = key(Integer(), "a tighter lower bound", used_by="table")
    max: int | None = key(Integer(), "a tighter upper bound", used_by="table")


@dataclass
class Apply(Record):
    """What an option does to the args struct.

    Without one, a flag sets and a value is stored in the field of its name.
    """

    set: dict[str, str] = key(
        Map(Text(empty=True), IDENTIFIER),
        "gives fields a constant: yes, no, a number or an enumeration's word",
        used_by="table",
        default={},
    )
    store: str = key(IDENTIFIER, "puts the value in this field", used_by="table", default="")
    append: str = key(IDENTIFIER, "adds the value to this list field", used_by="table", default="")
    sslconf: list[str] = key(
        Either(
            {yaml.ScalarNode: Text(), yaml.SequenceNode: Seq(Text())}, {yaml.ScalarNode: lambda one, _place: [one]}
        ),
        "SSL_CONF_cmd(3) commands, `name` or `name value`; {value} is the option's value",
        used_by="table",
        default=[],
    )
    phase: str = key(
        Choice(("user", "after_user")),
        "when sslconf commands run: in the order of the command line, or after all of those and -ssl_config",
        used_by="table",
        default="user",
    )
    verify_param: str = key(
        Choice(SLOTS), "the setting of X509_VERIFY_PARAM that takes the value", used_by="table", default=""
    )
    flag: str = key(IDENTIFIER, "for the slot `flag`: the X509_V_FLAG constant to add", used_by="table", default="")
    call: str = key(
        IDENTIFIER,
        "a C function, declared in args/GROUP.h, to run when the line is stored; `help` prints the help text",
        used_by="table",
        default="",
    )


@dataclass
class Alias(Record):
    """Another spelling of an option."""

    history: History | None = key(Rec(History), "its releases", used_by="pod json tests")
    deprecated: Deprecation | None = key(Rec(Deprecation), "how it ends", used_by="pod json")
    hide: bool = key(YesNo(), "not in help and completion", used_by="faces", default=False)
    help: str = key(Text(), "its own line in -help", used_by="faces", default="")


@dataclass
class Example(Record):
    """A command line, which the real parser must accept."""

    argv: list[str] = key(Seq(Text(empty=True)), "its arguments", used_by="pod json tests", required=True)
    text: str = key(Text(), "what it does, in a sentence without its full stop", used_by="pod json", required=True)


@dataclass
class Samples(Record):
    """Values beyond those that the type yields by itself, for the generated tests."""

    ok: list[str] = key(Seq(Text(empty=True)), "accepted", used_by="tests", default=[])
    bad: list[str] = key(Seq(Text(empty=True)), "refused", used_by="tests", default=[])


@dataclass
class Outcome(Record):
    """What a run ends with. A text is a Perl regular expression that must match."""

    status: int | None = key(
        Integer(), "the exit status; without it the program may run on, and what it wrote counts", used_by="tests pod"
    )
    out: str = key(Text(), "on standard output", used_by="tests", default="")
    err: str = key(Text(), "on standard error", used_by="tests", default="")
    answer: str = key(Text(), "what the client got that sent `request`", used_by="tests", default="")
    files: dict[str, str] = key(
        Map(Text("a mode such as 0600, or none", "0[0-7]{3}|none")),
        "files of the current directory and their modes, under the umask 022; `none` is a file that is not there",
        used_by="tests pod",
        default={},
    )


@dataclass(frozen=True)
class Stand:
    """What a word in braces stands for in the texts of a difference, and what the manual shows in its place."""

    doc: str
    shown: str


PEER = "example.com:443"
BRACED = re.compile(r"\{([^{}]*)\}")
STANDS = {
    "closed": Stand("an address that nobody listens on", PEER),
    "server": Stand("the address of a TLS server", PEER),
    "resetting": Stand("that of a TLS server which resets each connection after the handshake", PEER),
    "closing": Stand("that of a server which answers a ClientHello with the alert close_notify and closes", PEER),
    "cert": Stand("a certificate in PEM", "own.pem"),
    "key": Stand("its key in PEM", "own.key"),
    "cert_der": Stand("the certificate in DER", "own.der"),
    "key_der": Stand("the key in DER", "own-key.der"),
    "file": Stand("a file of the current directory, with some text in it", "file.txt"),
    "response": Stand("a file there with an answer of HTTP in it, header and body", "answer.http"),
    "folder": Stand("a folder there", "folder"),
    "outside": Stand("a link there to a file outside of it", "link"),
}


@dataclass
class Difference(Record):
    """A licence to behave unlike the original, tested against the system's openssl.

    Each program runs in a directory of its own, with a certificate and its key in server.pem. A word in braces stands
    for a thing of the table at the end.
    """

    id: str = key(SLUG, "its name", used_by="tests pod json", required=True)
    input: list[str] = key(Seq(Text(empty=True)), "the command line", used_by="tests pod json", required=True)
    stdin: str = key(
        Text(),
        "what it reads on standard input, which stays open until the outcome is there; by default it is at its end",
        used_by="tests pod json",
        default="",
    )
    stdout: str = key(Text(), "a file in the place of standard output", used_by="tests pod json", default="")
    request: str = key(
        Text(),
        "what a client sends: the system's s_client -quiet, to the port that the line ACCEPT names",
        used_by="tests pod json",
        default="",
    )
    client: list[str] = key(Seq(Text(empty=True)), "more arguments of the client", used_by="tests pod json", default=[])
    silent: int | None = key(
        Integer(), "how many connect before the client and say nothing", used_by="tests pod json"
    )
    when: ConditionTree | None = key(CONDITION, "the builds with which it is so", used_by="tests pod json")
    upstream: Outcome | None = key(Rec(Outcome), "what the original does", used_by="tests pod", required=True)
    ours: Outcome | None = key(Rec(Outcome), "what we do", used_by="tests pod", required=True)
    why: str = key(Text(), "the reason, in a sentence without its full stop", used_by="pod json", required=True)

    def texts(self) -> list[str]:
        """All in which words in braces may stand."""
        outcomes = [outcome for outcome in (self.upstream, self.ours) if outcome]
        files = [name for outcome in outcomes for name in outcome.files]
        return [*self.input, self.stdin, self.stdout, self.request, *self.client, *files]


@dataclass
class Option(Record):
    """One logical option with everything about it."""

    group: str = key(Text(pattern="[a-z_0-9]+"), "its group, in a program's file", used_by="table faces", default="")
    help: str = key(Text(), "its line in -help: at most 60 columns, no full stop", used_by="faces", required=True)
    doc: str = key(
        Text(),
        "its paragraph in the manual; {arg} is the value, {opt:NAME} another option; no facts of other keys",
        used_by="pod",
        required=True,
    )
    arg: Argument | None = key(ARGUMENT, "the value it takes; an option without one is a flag", used_by="table faces")
    c_name: str = key(IDENTIFIER, "its C name where dashes to underscores do not make one", used_by="table", default="")
    programs: list[str] = key(
        Seq(IDENTIFIER),
        "the programs that have it, in a group's file; by default both",
        used_by="bind",
        default=[],
    )
    default: str | None = key(Text(empty=True), "the value without the option", used_by="table faces")
    repeat: str = key(
        Choice(("last", "append", "count", "error")),
        "what a second use does: replaces the first, adds to a list, counts up, or is refused",
        used_by="table pod json tests",
        default="last",
    )
    apply: list[Apply] = key(Seq(Rec(Apply)), "its effect on the args struct", used_by="table", default=[])
    when: ConditionTree | None = key(CONDITION, "the builds that have it", used_by="table faces")
    secret: bool = key(
        YesNo(), "the value is wiped from argv and masked in output", used_by="table json tests", default=False
    )
    document: bool = key(
        YesNo(),
        "standard output is one document then, also for a command line that is refused",
        used_by="table json tests",
        default=False,
    )
    effect: str = key(
        Choice(("full", "none")), "`none`: accepted for compatibility, does nothing", used_by="faces", default="full"
    )
    history: History | None = key(Rec(History), "its releases", used_by="pod json tests", required=True)
    deprecated: Deprecation | None = key(Rec(Deprecation), "how it ends", used_by="faces")
    aliases: dict[str, Alias] = key(Map(Rec(Alias), SPELLING), "other spellings", used_by="table faces", default={})
    tags: list[str] = key(Seq(SLUG), "names that relations use for sets of options", used_by="bind", default=[])
    examples: list[Example] = key(Seq(Rec(Example)), "command lines", used_by="pod json tests", default=[])
    samples: Samples | None = key(Rec(Samples), "more values to test", used_by="tests")
    differs: list[Difference] = key(
        Seq(Rec(Difference)), "where it is unlike the original", used_by="pod json tests", default=[]
    )


MEMBERS = Seq(Text("an option name, or tag:NAME", r"(tag:)?[A-Za-z0-9][A-Za-z0-9_-]*"))


@dataclass
class Relation(Record):
    """A rule between options. It is checked once, after the whole line was read, in every order and spelling."""

    kind: str = key(
        Choice(("exclusive", "requires", "implies")),
        "exclusive counts what was given; requires asks what has a value; implies gives what was not given",
        used_by="table pod json tests",
        required=True,
    )
    members: list[str] = key(
        MEMBERS, "exclusive: no two of these", used_by="table pod json tests completion", default=[]
    )
    between: list[list[str]] = key(
        Seq(MEMBERS),
        "exclusive: none of the first list with one of the second",
        used_by="table pod json tests completion",
        default=[],
    )
    on_clash: str = key(
        Choice(("error", "last_wins")),
        "exclusive: refuse, or let the last one count",
        used_by="table pod json tests",
        default="",
    )
    given: list[str] = key(
        MEMBERS, "requires, implies: if one of these is given", used_by="table pod json tests", default=[]
    )
    need: list[str] = key(MEMBERS, "requires: then all of these", used_by="table pod json tests", default=[])
    need_any: list[str] = key(MEMBERS, "requires: then one of these", used_by="table pod json tests", default=[])
    then: list[str] = key(MEMBERS, "implies: these flags too", used_by="table pod json tests", default=[])
    programs: list[str] = key(
        Seq(IDENTIFIER), "the programs it holds in; by default all", used_by="bind", default=[]
    )
    why: str = key(
        Text(),
        "the reason, as the end of a sentence: lower case, no full stop",
        used_by="table pod json",
        required=True,
    )
    differs: list[Difference] = key(
        Seq(Rec(Difference)), "where it is unlike the original", used_by="pod json tests", default=[]
    )


@dataclass
class Feature(Record):
    """Something that one build has and another lacks."""

    cpp: str = key(
        Text(), "a preprocessor expression over the headers of libssl and libc", used_by="features", required=True
    )
    why: str = key(Text(), "the end of `option -x is not available: ...`", used_by="table json", required=True)


@dataclass
class Positional(Record):
    """An argument without a dash."""

    name: str = key(Text(), "the word for it in help", used_by="table faces", required=True)
    same_as: str = key(SPELLING, "the option that it stands for", used_by="table faces", required=True)
    help: str = key(Text(), "its line in -help", used_by="faces", required=True)


@dataclass
class Group(Record):
    """A group of options: one struct, one module, one section."""

    title: str = key(Text(), "the heading in -help and manual", used_by="faces", required=True)
    module: str = key(
        Text("a folder", r"[a-z0-9_/]+"), "the folder that consumes the struct", used_by="json", required=True
    )
    doc: str = key(Text(), "a paragraph at the head of the manual's section", used_by="pod", default="")


@dataclass
class GroupName(Group):
    """The head of a group's file."""

    name: str = key(Text(pattern="[a-z_0-9]+"), "the group's name", used_by="table faces", required=True)


@dataclass
class Program(Record):
    """The head of a program's file."""

    name: str = key(IDENTIFIER, "the program's name", used_by="table faces", required=True)
    summary: str = key(Text(), "what it is, in half a line", used_by="pod faces", required=True)
    sections: list[str] = key(
        Seq(Text(pattern="[a-z_0-9]+")), "its groups, in the order of -help", used_by="faces", required=True
    )
    positional: Positional | None = key(Rec(Positional), "the argument without a dash", used_by="table faces")


@dataclass
class SpecFile(Record):
    """A whole file under opts/."""

    format: str = key(Choice(("1",)), "the version of this format", used_by="bind", required=True)
    kind: str = key(
        Choice(("program", "group", "types", "features", "pending")),
        "what the file holds",
        used_by="bind",
        required=True,
    )
    program: Program | None = key(Rec(Program), "kind program: its head", used_by="table faces")
    group: GroupName | None = key(Rec(GroupName), "kind group: its head", used_by="table faces")
    groups: dict[str, Group] = key(
        Map(Rec(Group)), "kind program: groups that only it has", used_by="table faces", default={}
    )
    options: dict[str, Option] = key(Map(Rec(Option), SPELLING), "options by name", used_by="table faces", default={})
    relations: dict[str, Relation] = key(
        Map(Rec(Relation), SLUG), "relations by id", used_by="table faces tests", default={}
    )
    types: dict[str, ValueType] = key(
        Map(Rec(ValueType)), "kind types: types by name", used_by="table faces", default={}
    )
    features: dict[str, Feature] = key(
        Map(Rec(Feature)), "kind features: features by name", used_by="features table", default={}
    )
    pending: dict[str, list[PlacedText]] = key(
        Map(Seq(Placed(SPELLING.label, SPELLING.pattern))),
        "kind pending: per program, the options whose effect is not built yet",
        used_by="table faces",
        default={},
    )


@dataclass
class Spec:
    """The spec as it was read: all files, and each kind of record by name."""

    files: list[SpecFile] = field(default_factory=list)

    def collect(self, attribute: str) -> dict[str, Any]:
        """The records of one mapping, over all files."""
        return {name: item for file in self.files for name, item in getattr(file, attribute).items()}

    def of_kind(self, kind: str) -> list[SpecFile]:
        """The files of one kind."""
        return [file for file in self.files if file.kind == kind]


def record_classes() -> list[type[Record]]:
    """Every record class, in the order in which the reference tells of them."""
    return [
        SpecFile, Program, Positional, GroupName, Group, Option, Argument, Apply, Alias, History, Deprecation, Example,
        Samples, Difference, Outcome, Relation, ValueType, EnumValue, ConditionTree, Feature,
    ]  # fmt: skip


__all__ = [name for name in dir() if not name.startswith("_")]
