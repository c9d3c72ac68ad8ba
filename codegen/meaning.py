"""What a command line means by the spec: the Python twin of lib/opt, whose answers the generated tests expect.

Nothing here reads the generated C. A line becomes either a Meaning or a Refusal; `as_json` is what
`s_apps explain -batch` must print for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .bound import Action, Bound, BoundOption, BoundProgram, BoundRelation, Field, Type
from .c_output import program_fields
from .constants import constant
from .model import SLOTS
from .suggest import Suggestions, nearest_word
from .values import PORT, Refused, convert, split_address

MASK = "***"
UNKNOWN_NUMBER = "*"
ESCAPES = {code: f"\\u{code:04x}" for code in [*range(0x20), 0x7F]} | {ord('"'): '\\"', ord("\\"): "\\\\"}
NUMBERS = ("BOOL", "INT", "INT64")
NOTHING: dict[str, str] = {"HOST_PORT": '{"host":null,"port":null}', "TEXTS": "[]", "NUMBERS": "[]", "BOOL": "false"}


@dataclass
class Given:
    """An option on a command line."""

    option: BoundOption
    spelling: str
    text: str | None = None
    value: Any = None
    positional: bool = False
    implied: bool = False
    overruled: bool = False


@dataclass
class Meaning:
    """An accepted line: its options, the fields that it writes, and the settings for libssl, all in JSON."""

    program: BoundProgram
    given: list[Given]
    fields: dict[str, str] = field(default_factory=dict)
    conf: list[str] = field(default_factory=list)
    verify_param: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)


@dataclass
class Refusal(Exception):
    """A line that is refused: the message, and what is suggested. `need` and `clash` name the relation behind it."""

    text: str
    hint: str | None = None
    need: BoundRelation | None = None


class HelpWanted(Exception):
    """The line asks for the help text."""


def json_text(text: str | None) -> str:
    """A text as explain writes it."""
    return "null" if text is None else f'"{text.translate(ESCAPES)}"'


class Reader:
    """Reads command lines of one program."""

    def __init__(self, bound: Bound, program: BoundProgram) -> None:
        self.program = program
        self.suggestions = Suggestions(bound.programs)
        self.names = {text.replace("_", "-"): (text, option) for text, option in program.spellings}
        self.order = {item.path: position for position, (item, _enum) in enumerate(program_fields(program))}
        self.enums = {item.path: enum for item, enum in program_fields(program) if enum}
        self.target = next((option for option in program.options if option.positional), None)
        self.defaults = self._defaults()
        actions = [action for option in program.options for action in option.actions]
        targets = {action.target.path: action.target for action in actions if action.target}
        self.targets = [targets[path] for path in sorted(targets, key=lambda path: self.order[path])]
        self.plain = {target.path: self.default_json(target) for target in self.targets if target.kind in NUMBERS}

    def as_json(self, argv: list[str]) -> str:
        """The line that `explain -batch` prints. A star stands for a number that only the C compiler knows."""
        name = json_text(self.program.name)
        try:
            meaning = self.read(argv)
        except Refusal as refusal:
            text, hint = json_text(refusal.text), json_text(refusal.hint)
            return f'{{"program":{name},"failure":"usage","text":{text},"hint":{hint}}}'
        except HelpWanted:
            return f'{{"program":{name},"help":true}}'
        paths = sorted(meaning.fields, key=lambda path: self.order[path])
        parts = [
            f'"options":[{",".join(given_json(given) for given in meaning.given)}]',
            f'"fields":{{{",".join(f"{json_text(path)}:{meaning.fields[path]}" for path in paths)}}}',
            f'"conf":[{",".join(meaning.conf)}]',
            f'"verify_param":[{",".join(meaning.verify_param)}]',
        ]
        if meaning.calls:
            parts.append(f'"calls":[{",".join(meaning.calls)}]')
        return f'{{"program":{name},{",".join(parts)}}}'

    def read(self, argv: list[str]) -> Meaning:
        """The meaning of a line. Raises Refusal or HelpWanted."""
        given = self._words(argv)
        for one in given:
            self._convert(one)
        relations = Relations(self.program, given)
        relations.check()
        return self._store(given)

    def _words(self, argv: list[str]) -> list[Given]:
        given: list[Given] = []
        words = iter(argv)
        ended = False
        for word in words:
            if word == "--" and not ended:
                ended = True
            elif ended or not word.startswith("-"):
                if self.target is None:
                    raise Refusal(f'Extra argument "{word}": only options are expected')
                given.append(Given(self.target, self.target.name, word, positional=True))
            else:
                given.append(self._option(word, words))
        return given

    def _option(self, word: str, words: Iterator[str]) -> Given:
        written, equals, attached = word.removeprefix("-").removeprefix("-").partition("=")
        found = self.names.get(written.replace("_", "-"))
        if found is None:
            raise Refusal(f"Unknown option: -{written}", self.suggestions.hint(self.program, written))
        name, option = found
        if option.unavailable:
            raise Refusal(f"Unknown option: -{name} (not available{option.unavailable})")
        if option.is_help:
            raise HelpWanted
        if option.type is None and equals:
            raise Refusal(f"Option -{name} does not take a value")
        text: str | None = None
        if option.type:
            text = attached if equals else self._next(words)
        if option.type and text is None:
            raise Refusal(f"Option -{name} needs a value")
        return Given(option, name, text)

    @staticmethod
    def _next(words: Iterator[str]) -> str | None:
        for word in words:
            return word
        return None

    def _convert(self, one: Given) -> None:
        value_type, text = one.option.type, one.text
        if value_type is None or text is None:
            return
        try:
            one.value = convert(value_type, text)
        except Refused:
            hint = f"Value must be one of:{value_type.expected}" if value_type.base == "enum" else None
            raise Refusal(self._wrong_value(one, value_type, text), hint) from None

    @staticmethod
    def _wrong_value(one: Given, value_type: Type, text: str) -> str:
        expected = value_type.expected
        if value_type.base == "host_port" and has_parts(value_type, text):
            return f'Invalid value "{text}" for option -{one.spelling}: expected {PORT}'
        if value_type.base == "host_port":
            target = "or target parameter " if one.option.positional else ""
            return f'-{one.spelling} argument {target}malformed or ambiguous: "{text}" is not {expected}'
        if value_type.base == "enum":
            near = nearest_word(value_type, text)
            said = f" (did you mean {near}?)" if near else ""
            return f'Invalid value "{text}" for option -{one.spelling}{said}'
        if one.option.record.secret:
            return f"Invalid value for option -{one.spelling}: expected {expected}"
        return f'Invalid value "{text}" for option -{one.spelling}: expected {expected}'

    def _defaults(self) -> dict[str, Any]:
        """The value of each field without any option, for those that an option stores."""
        values: dict[str, Any] = {}
        for option in self.program.options:
            for action in option.actions:
                if action.verb == "STORE" and action.target and option.record.default is not None and option.type:
                    values[action.target.path] = convert(option.type, option.record.default)
        return values

    def default_json(self, target: Field) -> str:
        """A field of a line without options."""
        value = self.defaults.get(target.path)
        enum = self.enums.get(target.path)
        if value is None and enum:
            return "null"
        if value is None:
            return NOTHING.get(target.kind, "0" if target.kind in NUMBERS else "null")
        return self._value_json(target, value)

    def _store(self, given: list[Given]) -> Meaning:
        meaning = Meaning(self.program, given)
        state: dict[str, Any] = {path: dict(v) for path, v in self.defaults.items() if isinstance(v, dict)}
        for one in given:
            if one.overruled:
                continue
            if one.option.given:
                meaning.fields[one.option.given.path] = "true"
            for action in one.option.actions:
                self._act(meaning, state, one, action)
        for path in [path for path, text in meaning.fields.items() if text == self.plain.get(path)]:
            del meaning.fields[path]
        return meaning

    def _act(self, meaning: Meaning, state: dict[str, Any], one: Given, action: Action) -> None:
        target = action.target
        if action.verb == "SSLCONF":
            meaning.conf.append(self._setting(one, action, action.name))
        elif action.verb == "VERIFY_PARAM":
            meaning.verify_param.append(self._setting(one, action, None))
        elif action.verb == "CALL":
            meaning.calls.append(json_text(action.function))
        elif target is not None:
            text = self._written(state, one, action, target)
            if text is not None:
                meaning.fields[target.path] = text

    def _written(self, state: dict[str, Any], one: Given, action: Action, target: Field) -> str | None:
        """What an action leaves in its field; None when it leaves the default untouched."""
        if action.verb == "SET":
            return self._constant_json(target, action.number)
        if action.verb == "COUNT":
            state[target.path] = state.get(target.path, 0) + 1
            return str(state[target.path])
        if action.verb == "APPEND":
            state[target.path] = [*state.get(target.path, []), one.text]
            return self._value_json(target, state[target.path])
        if target.kind == "HOST_PORT":
            given = {part: text for part, text in one.value.items() if text is not None}
            state[target.path] = {"host": None, "port": None, **state.get(target.path, {}), **given}
            return self._value_json(target, state[target.path]) if given else None
        return self._value_json(target, one.value)

    def _constant_json(self, target: Field, number: str) -> str:
        if target.kind == "BOOL":
            return "false" if number == "0" else "true"
        enum = self.enums.get(target.path)
        if enum is None:
            return number
        word = next((word.text for word in enum.words if word.c == number), None)
        return self._value_json(target, word) if word else self._number_json(enum, int(number))

    def _value_json(self, target: Field, value: Any) -> str:
        enum = self.enums.get(target.path)
        if enum:
            code = next(word.c for word in enum.words if word.text == value)
            return json_text(next(word.text for word in enum.words if word.available and word.c == code))
        if target.secret:
            return json_text(MASK)
        if isinstance(value, dict):
            return f'{{"host":{json_text(value["host"])},"port":{json_text(value["port"])}}}'
        if isinstance(value, list):
            return f'[{",".join(json_text(item) if isinstance(item, str) else str(item) for item in value)}]'
        return str(value) if isinstance(value, int) else json_text(value)

    def _number_json(self, enum: Type, number: int) -> str:
        known = [word.text for word in enum.words if word.available and word_number(enum, word.text) == number]
        return json_text(known[0]) if known else str(number)

    def _setting(self, one: Given, action: Action, name: str | None) -> str:
        number = setting_number(one, action)
        text = action.text or (one.value if one.option.type and one.option.type.base == "enum" else one.text)
        slot = SLOTS.index(action.slot.removeprefix("SAPP_SLOT_").lower())
        return (
            f'{{"option":{json_text(one.spelling)},"name":{json_text(name)},"slot":{slot},'
            f'"number":{UNKNOWN_NUMBER if number is None else number},"text":{json_text(text)},'
            f'"after_user":{"true" if action.after_user else "false"}}}'
        )


def setting_number(one: Given, action: Action) -> int | None:
    """The number that a setting carries: a constant of its own, or that of the value."""
    fixed = constant(action.number)
    if fixed != 0:
        return fixed
    if one.option.type and one.option.type.base == "enum":
        return word_number(one.option.type, one.value)
    return one.value if isinstance(one.value, int) else 0


def word_number(enum: Type, text: str) -> int | None:
    """The number of a word of an enumeration."""
    word = next(word for word in enum.words if word.text == text)
    return word.value if enum.own_words and word.c.startswith("SAPP_") else constant(word.c)


def given_json(given: Given) -> str:
    """An option as explain lists it."""
    value = json_text(MASK if given.option.record.secret else given.text)
    if given.option.type and given.option.type.base == "enum":
        number = word_number(given.option.type, given.value)
        value += f',"number":{UNKNOWN_NUMBER if number is None else number}'
    return (
        f'{{"name":{json_text(given.option.name)},"spelling":{json_text(given.spelling)},"value":{value},'
        f'"implied":{"true" if given.implied else "false"},"overruled":{"true" if given.overruled else "false"}}}'
    )


def has_parts(value_type: Type, text: str) -> bool:
    """Whether a text that is no address has the form of one, so that it is the port that is wrong."""
    try:
        split_address(value_type, text)
    except Refused:
        return False
    return True


@dataclass
class Relations:
    """The rules between the options of one line."""

    program: BoundProgram
    given: list[Given]

    def check(self) -> None:
        """Applies all rules: repeats, the argument without a dash, exclusives, implications, requirements."""
        self._repeats()
        self._positional()
        for relation in self._touched():
            if relation.kind.startswith("EXCLUSIVE"):
                self._exclusive(relation)
        before = -1
        while before != len(self.given):
            before = len(self.given)
            for relation in self._touched():
                if relation.kind == "IMPLIES":
                    self._imply(relation)
        for relation in self._touched():
            if relation.kind.startswith("REQUIRES"):
                self._require(relation)

    def _touched(self) -> list[BoundRelation]:
        """The relations that have an option of the line; most lines meet few."""
        given = {one.option.index for one in self.given}
        return [relation for relation in self.program.relations if not given.isdisjoint(relation.members)]

    def _repeats(self) -> None:
        seen: set[str] = set()
        for one in self.given:
            if one.option.record.repeat == "error" and one.option.name in seen:
                raise Refusal(f"Option -{one.spelling} can be given only once")
            seen.add(one.option.name)

    def _positional(self) -> None:
        for position, word in enumerate(self.given):
            for other in self.given if word.positional else []:
                if other is word or other.option is not word.option:
                    continue
                if other.positional:
                    last = max(position, self.given.index(other))
                    raise Refusal(f'Extra argument "{self.given[last].text}": only one target is expected')
                raise Refusal(f'must not provide both -{other.spelling} option and target parameter "{word.text}"')

    def _exclusive(self, relation: BoundRelation) -> None:
        for later, second in enumerate(self.given):
            for first in self.given[:later]:
                if first.overruled or second.overruled or not clash(relation, first.option, second.option):
                    continue
                if relation.record.on_clash != "last_wins":
                    both = f"Options -{first.spelling} and -{second.spelling}"
                    raise Refusal(f"{both} cannot be used together: {relation.record.why}")
                first.overruled = True

    def _counts(self, option: BoundOption) -> bool:
        return any(one.option is option and not one.overruled for one in self.given)

    def _imply(self, relation: BoundRelation) -> None:
        if not any(self._counts(option) for option in relation.left):
            return
        for option in relation.right:
            written = [one.option for one in self.given if not one.overruled and not one.implied]
            gives_way = any(clash(rule, option, other) for rule in self.program.relations for other in written)
            if not gives_way and not self._counts(option):
                self.given.append(Given(option, option.name, implied=True))

    def _require(self, relation: BoundRelation) -> None:
        asking = next((one for one in self.given if not one.overruled and one.option in relation.left), None)
        if asking is None:
            return
        missing = [
            option for option in relation.right if option.record.default is None and not self._counts(option)
        ]
        enough = len(missing) < len(relation.right) if relation.kind == "REQUIRES_ANY" else not missing
        if not enough:
            text = f"Option -{asking.spelling} requires -{missing[0].name}: {relation.record.why}"
            raise Refusal(text, need=relation)


def clash(relation: BoundRelation, first: BoundOption, second: BoundOption) -> bool:
    """Whether the relation forbids the two together."""
    if relation.kind == "EXCLUSIVE_MEMBERS":
        return first is not second and first in relation.left and second in relation.left
    if relation.kind != "EXCLUSIVE_BETWEEN":
        return False
    one_way = first in relation.left and second in relation.right
    return one_way or (first in relation.right and second in relation.left)
