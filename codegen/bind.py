"""Resolves every name of a checked spec, for the features of one build."""

from __future__ import annotations

from dataclasses import replace

from .bound import Action, Bound, BoundGroup, BoundOption, BoundProgram, BoundRelation, Field, Spelling, Type, Word
from .check import Index, programs_of
from .model import HELP, Apply, Argument, ConditionTree, Difference, Option, SpecFile, ValueType
from .place import Mistakes, SpecError
from .values import INT32, LIST_MAX, PORT, Refused, convert, field_kind

INHERITED = (
    "base", "metavar", "min", "max", "item_min", "item_max", "values", "match", "separator", "item", "direction",
    "nonempty", "bare", "expected",
)  # fmt: skip
BOUNDS = ("min", "max", "item_min", "item_max", "nonempty")


def bind(index: Index, on: set[str]) -> Bound:
    """The bound model for a build that has the features `on`. Raises SpecError where defaults or samples do not fit."""
    return Binder(index, on).bind()


class Binder:
    """One binding: the groups collect fields while the programs are bound."""

    def __init__(self, index: Index, on: set[str]) -> None:
        self.index = index
        self.on = on
        self.mistakes = Mistakes()
        self.features: dict[str, str] = {name: feature.why for name, feature in index.spec.collect("features").items()}
        self.types = {name: self.bind_type(name) for name in index.types}
        self.groups: dict[str, BoundGroup] = {}

    def bind(self) -> Bound:
        """Everything."""
        for file in self.index.spec.files:
            heads = dict(file.groups)
            if file.group:
                heads[file.group.name] = file.group
            for name, head in heads.items():
                self.groups[name] = BoundGroup(name, head.title, head.module, head.doc)
        programs = [self.bind_program(name) for name in sorted(self.index.programs)]
        if self.mistakes.found:
            raise SpecError(self.mistakes)
        return Bound(programs, self.groups, self.features, self.on)

    def bind_type(self, name: str) -> Type:
        """A type with what it inherits."""
        record = self.index.types[name]
        facts = {fact: getattr(record, fact) for fact in INHERITED}
        parent: ValueType = record
        inherits_words = False
        while parent.like:
            parent = self.index.types[parent.like]
            for fact in INHERITED:
                if facts[fact] in (None, "", {}):
                    inherits_words |= fact == "values" and bool(parent.values)
                    facts[fact] = getattr(parent, fact)
        words = [
            Word(
                text, value.c or c_word(name, text), position, value.doc,
                value.when is None or value.when.holds(self.on), value.hide, value.history,
            )
            for position, (text, value) in enumerate(facts.pop("values").items())
        ]  # fmt: skip
        has_own = any(not value.c for value in record.values.values()) and not inherits_words
        bound = Type(
            name=name, words=words, record=record, own_words=has_own,
            **{fact: value or "" for fact, value in facts.items() if fact not in BOUNDS},
            min=facts["min"], max=facts["max"], item_min=facts["item_min"], item_max=facts["item_max"],
            nonempty=bool(facts["nonempty"]),
        )  # fmt: skip
        bound.match = bound.match or "exact"
        return finish_type(bound)

    def argument_type(self, argument: Argument) -> Type:
        """The type of one option's value, with its own bounds."""
        base = self.types[argument.type]
        low = argument.min if argument.min is not None else base.min
        high = argument.max if argument.max is not None else base.max
        if low is not None and high is not None and low > high:
            self.mistakes.add(argument.place, "E307", f"min {low} is above max {high}")
        narrowed = replace(base, min=low, max=high, expected=base.record.expected or "")
        return finish_type(narrowed)

    def bind_program(self, name: str) -> BoundProgram:
        """A program with its options and relations."""
        file = self.index.programs[name]
        assert file.program is not None
        positional = file.program.positional.same_as if file.program.positional else ""
        pending = {item for one in self.index.spec.of_kind("pending") for item in one.pending.get(name, [])}
        options: list[BoundOption] = []
        for option_name, group, record in self.ordered_options(name, file):
            option = self.bind_option(option_name, group, record, len(options))
            option.positional = option_name == positional
            if option_name in pending:
                option.pending = True
                option.unavailable = option.unavailable or " in this version yet"
            options.append(option)
        by_name = {option.name: option for option in options}
        types = {option.type.c_id: option.type for option in options if option.type}
        groups = [self.groups[section] for section in file.program.sections]
        program = BoundProgram(name, file.program, groups, options, [], types)
        program.relations = self.bind_relations(name, by_name)
        return program

    def ordered_options(self, program: str, file: SpecFile) -> list[tuple[str, str, Option]]:
        """The program's options in the order of its sections, each with its group."""
        found: dict[str, list[tuple[str, str, Option]]] = {}
        for one in self.index.spec.files:
            for name, option in one.options.items():
                group = one.group.name if one.group else option.group
                if program in programs_of(one, option.programs, list(self.index.programs)):
                    found.setdefault(group, []).append((name, group, option))
        assert file.program is not None
        for group in found:
            if group not in file.program.sections:
                self.mistakes.add(file.program.at("sections"), "E205", f"the group '{group}' is not among the sections")
        return [item for section in file.program.sections for item in found.get(section, [])]

    def bind_option(self, name: str, group: str, record: Option, index: int) -> BoundOption:
        """One option: its type, its fields and its actions."""
        value_type = self.argument_type(record.arg) if record.arg else None
        metavar = (record.arg.metavar or value_type.metavar) if record.arg and value_type else ""
        identifier = record.c_name or name.replace("-", "_")
        spellings = [Spelling(name, record.help, False)]
        for alias, item in record.aliases.items():
            spellings.append(Spelling(alias, item.help or f"Same as -{name}", item.hide, item))
        option = BoundOption(
            name, index, group, record, value_type, metavar, [], spellings, self.unavailable(record.when),
            self.true_here(record.differs), pending=False, positional=False, given=None,
        )
        if value_type:
            option.given = self.add_field(option, f"{identifier}_given", "BOOL", f"whether -{name} was given")
        for apply in record.apply or [self.default_apply(record, identifier)]:
            option.actions += self.bind_apply(option, apply, identifier)
        self.bind_default(option)
        self.check_samples(option)
        return option

    def default_apply(self, record: Option, identifier: str) -> Apply:
        """What an option without `apply` does."""
        apply = Apply(place=record.place, places={})
        if record.effect == "none":
            return apply
        if record.arg is None:
            apply.set = {identifier: "yes"}
        elif record.repeat == "append":
            apply.append = identifier
        else:
            apply.store = identifier
        return apply

    def bind_apply(self, option: BoundOption, apply: Apply, identifier: str) -> list[Action]:
        """The actions of one apply record."""
        value_type = option.type
        if option.record.repeat == "count":
            return [Action("COUNT", self.add_field(option, identifier, "INT", option.record.help))]
        actions = [self.bind_set(option, name, text) for name, text in apply.set.items()]
        if apply.store and value_type:
            target = self.add_field(option, apply.store, field_kind(value_type), option.record.help, value_type)
            actions.append(Action("STORE", target))
        if apply.append and value_type:
            actions.append(Action("APPEND", self.add_field(option, apply.append, "TEXTS", option.record.help)))
        for command in apply.sslconf:
            name, _, text = command.partition(" ")
            fixed = "" if text in ("", "{value}") else text
            actions.append(Action("SSLCONF", name=name, text=fixed, after_user=apply.phase == "after_user"))
        if apply.verify_param:
            slot = f"SAPP_SLOT_{apply.verify_param.upper()}"
            actions.append(Action("VERIFY_PARAM", slot=slot, number=apply.flag or "0"))
        if apply.call:
            actions.append(Action("CALL", function=apply.call))
            functions = self.groups[option.group].functions
            if apply.call != HELP and apply.call not in functions:
                functions.append(apply.call)
        return actions

    def bind_set(self, option: BoundOption, name: str, text: str) -> Action:
        """A constant into a field: the field's kind follows from the constant, or from whoever stores a value there."""
        known = self.groups[option.group].fields.get(name)
        if text in ("yes", "no"):
            return Action("SET", self.add_field(option, name, "BOOL", option.record.help), str(int(text == "yes")))
        if text.lstrip("-").isdigit():
            kind = known.kind if known else "INT" if INT32[0] <= int(text) <= INT32[1] else "INT64"
            return Action("SET", self.add_field(option, name, kind, option.record.help), text)
        enum = self.types.get(known.enum) if known else None
        word = next((word for word in enum.words if word.text == text), None) if enum else None
        if word is None:
            sentence = f"'{text}' is neither yes, no, a number nor a word of the type that the field '{name}' has"
            self.mistakes.add(option.record.place, "E314", sentence)
        return Action("SET", known, word.c if word else "0")

    def add_field(self, option: BoundOption, name: str, kind: str, doc: str, value_type: Type | None = None) -> Field:
        """The group's field of this name; options that share one must agree on its kind."""
        group = self.groups[option.group]
        enum = value_type.name if value_type and value_type.base == "enum" else ""
        if enum and value_type:
            group.enums[enum] = value_type
        found = group.fields.setdefault(name, Field(name, group.name, kind, doc, enum))
        found.secret |= option.record.secret and kind in ("TEXT", "BYTES")
        if found.kind != kind or (enum and found.enum and found.enum != enum):
            sentence = f"the field '{name}' of group '{group.name}' is {found.kind} elsewhere and {kind} here"
            self.mistakes.add(option.record.place, "E314", sentence)
        return found

    def bind_default(self, option: BoundOption) -> None:
        """Writes a default into the field that the option stores."""
        text, value_type = option.record.default, option.type
        if text is None:
            return
        target = next((action.target for action in option.actions if action.verb == "STORE"), None)
        if value_type is None or target is None:
            sentence = f"'{option.name}' stores no value that could have a default"
            self.mistakes.add(option.record.at("default"), "E315", sentence)
            return
        try:
            target.initial = initialiser(value_type, text)
        except Refused:
            expected = value_type.expected.strip() or "a word of its type"
            sentence = f"the default '{text}' of '{option.name}' is not {expected}"
            self.mistakes.add(option.record.at("default"), "E315", sentence)

    def check_samples(self, option: BoundOption) -> None:
        """Samples that the parser would judge otherwise are mistakes."""
        samples, value_type = option.record.samples, option.type
        if samples is None:
            return
        if value_type is None:
            self.mistakes.add(samples.place, "E316", f"'{option.name}' is a flag and takes no samples")
            return
        for text in samples.ok:
            if not accepted(value_type, text):
                self.mistakes.add(samples.at("ok"), "E316", f"'{text}' is not a value of '{option.name}'")
        for text in samples.bad:
            if accepted(value_type, text):
                self.mistakes.add(samples.at("bad"), "E316", f"'{text}' is a value of '{option.name}'")

    def true_here(self, differs: list[Difference]) -> list[Difference]:
        """The differences of this build: the original of another release may do otherwise."""
        return [item for item in differs if item.when is None or item.when.holds(self.on)]

    def unavailable(self, when: ConditionTree | None) -> str:
        """Why the build lacks something, as the end of a sentence; nothing when it has it."""
        if when is None or when.holds(self.on):
            return ""
        return ": " + self.reason(when)

    def reason(self, when: ConditionTree) -> str:
        """The reason for a condition that does not hold."""
        if when.feature:
            return self.features[when.feature]
        if when.neither:
            return "this build has " + ", ".join(leaf.feature for leaf in when.neither.features())
        failing = [tree for tree in [*when.all, *when.any] if not tree.holds(self.on)]
        return " and ".join(self.reason(tree) for tree in (failing[:1] if when.all else failing))

    def bind_relations(self, program: str, options: dict[str, BoundOption]) -> list[BoundRelation]:
        """The program's relations in the order of their ids."""
        bound = []
        for file in self.index.spec.files:
            for name, relation in file.relations.items():
                if program not in programs_of(file, relation.programs, list(self.index.programs)):
                    continue
                kind, left, right = "EXCLUSIVE_MEMBERS", relation.members, list[str]()
                if relation.between:
                    kind, left, right = "EXCLUSIVE_BETWEEN", relation.between[0], relation.between[1]
                elif relation.kind == "requires":
                    kind = "REQUIRES_ALL" if relation.need else "REQUIRES_ANY"
                    left, right = relation.given, relation.need or relation.need_any
                elif relation.kind == "implies":
                    kind, left, right = "IMPLIES", relation.given, relation.then
                sides = [[options[item] for item in self.index.members(program, side)] for side in (left, right)]
                differs = self.true_here(relation.differs)
                bound.append(BoundRelation(name, relation, kind, sides[0], sides[1], differs))
        return sorted(bound, key=lambda relation: relation.id)


def c_word(type_name: str, text: str) -> str:
    """The C constant of an enumeration's word."""
    letters = "".join(character if character.isalnum() else "_" for character in f"{type_name}_{text}")
    return f"SAPP_{letters.upper()}"


def accepted(value_type: Type, text: str) -> bool:
    """Whether the parser takes the text."""
    try:
        convert(value_type, text)
    except Refused:
        return False
    return True


def initialiser(value_type: Type, text: str) -> str:
    """The C initialiser of a value. Raises Refused."""
    value = convert(value_type, text)
    kind = field_kind(value_type)
    if kind == "TEXT":
        return quote(value)
    if kind == "HOST_PORT":
        parts = [f".{part} = {quote(value[part])}" for part in ("host", "port") if value[part]]
        return "{" + ", ".join(parts) + "}"
    if value_type.base == "enum":
        return next(word.c for word in value_type.words if word.text == value)
    if kind in ("INT", "INT64"):
        return str(value)
    raise Refused(text)


def quote(text: str) -> str:
    """A C string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def finish_type(value_type: Type) -> Type:
    """Adds the wording of what is expected, unless the spec words it."""
    if not value_type.record.expected:
        value_type.expected = expectation(value_type)
    return value_type


def expectation(value_type: Type) -> str:
    """What a value must be, as the end of "expected"."""
    low, high = value_type.min, value_type.max
    if value_type.base == "int":
        if low is None or high is None or (low, high) == INT32 or high > INT32[1]:
            return "a whole number"
        return f"a whole number from {low} to {high}"
    if value_type.base == "seconds":
        return f"seconds from {(low or 0) / 1000:g} to {(high or 0) // 1000}, with at most three decimal places"
    if value_type.base == "hex":
        return f"hexadecimal digits for {low} to {high} bytes"
    if value_type.base == "list":
        items = "texts"
        if value_type.item == "number":
            items = f"whole numbers from {value_type.item_min} to {value_type.item_max}"
        return f"{low or 1} to {high or LIST_MAX} {items} separated by '{value_type.separator}'"
    if value_type.base == "host_port":
        bare = "port" if value_type.bare == "port" else "host"
        return f"host:port, [address]:port, :port or {bare}"
    if value_type.base == "port":
        return PORT
    if value_type.base == "enum":
        return "".join(f"\n\t{word.text}" for word in value_type.shown_words)
    nouns = {"file": "the name of a file", "directory": "the name of a directory", "uri": "a URI"}
    return nouns.get(value_type.base, "a text that is not empty")
