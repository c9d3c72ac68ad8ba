"""What a shell offers for an option, and the quoting of each shell: the filters of the completion templates."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .bound import BoundOption, BoundProgram, Type
from .sentences import conflicts

FILES = ("file", "uri")
WIDTH = 120
ZSH_ACTIONS = {"file": "_files", "directory": "_files -/", "host": "_hosts"}
FISH_ACTIONS = {
    "file": "-r -F", "directory": "-x -a '(__fish_complete_directories)'", "text": "-x",
    "host": "-x -a '(__fish_print_hostnames)'",
}  # fmt: skip


@dataclass
class Completion:
    """A spelling of an option as a shell sees it."""

    name: str
    help: str
    metavar: str
    kind: str
    words: list[tuple[str, str]] = field(default_factory=list)
    excludes: list[str] = field(default_factory=list)
    repeats: bool = False

    @property
    def folded(self) -> str:
        """The spelling with dashes only, since an underscore is the same."""
        return self.name.replace("_", "-")


def kind_of(value_type: Type | None) -> str:
    """What a shell offers for a value: flag, words, file, directory, host, or text for nothing."""
    if value_type is None:
        return "flag"
    if value_type.base == "enum":
        return "words"
    if value_type.base == "host_port":
        return "host"
    if value_type.base in FILES:
        return "file"
    return "directory" if value_type.base == "directory" else "text"


def completions(program: BoundProgram) -> list[Completion]:
    """Every spelling of this build that is shown, by name."""
    found = []
    for option in program.available:
        words = [(word.text, " ".join(word.doc.split())) for word in option.type.shown_words] if option.type else []
        others = sorted(spelling.text for other in conflicts(program, option) for spelling in other.shown)
        repeats = option.record.repeat in ("append", "count")
        own = [] if repeats else [spelling.text for spelling in option.shown]
        for spelling in option.shown:
            excludes = others + [text for text in own if text != spelling.text]
            value = (spelling.help, option.metavar, kind_of(option.type))
            found.append(Completion(spelling.text, *value, words, excludes, repeats))
    return sorted(found, key=lambda item: item.name)


def positional(program: BoundProgram) -> BoundOption | None:
    """The option that an argument without a dash stands for."""
    return next((option for option in program.options if option.positional), None)


def dashed(name: str) -> str:
    """An option as it is typed."""
    return f"-{name}"


def shell_words(words: Iterable[str], indent: int) -> str:
    """Words for a list in a script, wrapped."""
    space = " " * indent
    return textwrap.fill(
        " ".join(shlex.quote(word) for word in words), WIDTH, initial_indent=space, subsequent_indent=space,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def bash_values(options: list[Completion]) -> list[tuple[str, str, list[str]]]:
    """The options with values for a case statement: a pattern of names, the kind, and the words."""
    cases: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for option in options:
        if option.kind != "flag":
            key = (option.kind, tuple(text for text, _doc in option.words))
            cases.setdefault(key, []).append(option.folded)
    return [(pattern(names), kind, list(words)) for (kind, words), names in sorted(cases.items())]


def pattern(names: Iterable[str]) -> str:
    """Names as alternatives of a case statement, wrapped."""
    text = " | ".join(sorted(set(names)))
    return " | \\\n            ".join(
        line.strip(" |") for line in textwrap.wrap(text, WIDTH - 16, break_long_words=False, break_on_hyphens=False)
    )


def zsh_quote(text: str) -> str:
    """A word of zsh."""
    return "'" + text.replace("'", "'\\''") + "'"


def zsh_text(text: str, special: str) -> str:
    """Text with a backslash before each special character."""
    return "".join(f"\\{character}" if character in special + "\\" else character for character in text)


def zsh_action(option: Completion) -> str:
    """What _arguments offers for the value."""
    if option.kind != "words":
        return ZSH_ACTIONS.get(option.kind, " ")
    items = [f"{text}\\:{zsh_word(doc)}" if doc else zsh_word(text) for text, doc in option.words]
    return f"(({' '.join(items)}))"


def zsh_word(text: str) -> str:
    """Text that zsh evaluates to one word."""
    return "".join(character if character.isalnum() or character == "_" else f"\\{character}" for character in text)


def zsh_spec(option: Completion) -> str:
    """An option for _arguments."""
    excluded = f"({' '.join(dashed(name) for name in option.excludes)})" if option.excludes else ""
    value = f":{zsh_text(option.metavar, ':')}:{zsh_action(option)}" if option.kind != "flag" else ""
    star = "*" if option.repeats else ""
    return zsh_quote(f"{excluded}{star}-{option.name}[{zsh_text(option.help, '[]:')}]{value}")


def zsh_positional(option: BoundOption) -> str:
    """The argument without a dash for _arguments."""
    return zsh_quote(f":{zsh_text(option.metavar, ':')}:{ZSH_ACTIONS.get(kind_of(option.type), ' ')}")


def fish_quote(text: str) -> str:
    """A word of fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_options(option: Completion, program: str) -> str:
    """The arguments of fish's complete for an option."""
    parts = [f"-o {option.name}"]
    if option.kind == "words":
        words = [f"{text}\\t{fish_quote(doc)}" if doc else text for text, doc in option.words]
        parts.append(f"-x -a {fish_quote(' '.join(words))}")
    elif option.kind != "flag":
        parts.append(FISH_ACTIONS[option.kind])
    if option.excludes:
        names = " ".join(name.replace("_", "-") for name in option.excludes)
        parts.append(f"-n '__{program}_without {names}'")
    return " ".join([*parts, "-d", fish_quote(option.help)])


FILTERS: dict[str, Callable[..., Any]] = {
    "dashed": dashed,
    "shell_words": shell_words,
    "shell_word": shlex.quote,
    "bash_values": bash_values,
    "zsh_quote": zsh_quote,
    "zsh_spec": zsh_spec,
    "zsh_positional": zsh_positional,
    "fish_quote": fish_quote,
    "fish_options": fish_options,
}
