"""The manual pages in POD: the options from the spec, and around them the prose of pod/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import sentences
from .bound import Bound, BoundGroup, BoundOption, BoundProgram, Word
from .emit import Output
from .place import Mistakes, Place, SpecError, nearest

MACRO = re.compile(r"\{(arg|(?:opt|word|code):[^{}]*)\}")
LOOSE_OPTION = re.compile(r"\{opt:([^{}]*)\}")
PAGE = re.compile(r"\b([A-Za-z_][\w.-]*)\(([1-8])\)")
HEADING = re.compile(r"^=head1 (.*)$", re.MULTILINE)
LOWER_NAME = re.compile(r"lib(ssl|crypto)\b")
DRIVER = "s_apps"
WIDTH = 100
SECTION = 1


@dataclass
class Prose:
    """A section of a page that a person wrote, in POD."""

    title: str
    body: str


@dataclass
class Entry:
    """An option as the manual shows it."""

    headings: list[str]
    paragraphs: list[str]
    words: list[tuple[str, str]]
    facts: list[str]
    examples: list[tuple[str, str]]


@dataclass
class Section:
    """A group of options as the manual shows it."""

    title: str
    doc: str
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Writer:
    """Turns the markup of the spec into POD, for one program."""

    owners: dict[str, list[str]]
    program: BoundProgram | None = None
    tested_with: dict[str, str] = field(default_factory=dict)

    def text(self, text: str, metavar: str = "") -> str:
        """A paragraph of the spec in POD, wrapped."""
        parts = []
        end = 0
        flat = " ".join(text.split())
        for match in MACRO.finditer(flat):
            parts += [plain(flat[end:match.start()]), self.macro(match.group(1), metavar)]
            end = match.end()
        parts.append(plain(flat[end:]))
        return wrap("".join(parts))

    def macro(self, macro: str, metavar: str) -> str:
        """One {...} in POD."""
        kind, _, name = macro.partition(":")
        if kind == "arg":
            return f"I<{escape(metavar)}>"
        if kind == "word":
            return f"B<{escape(name)}>"
        return code(name) if kind == "code" else self.option(name)

    def option(self, name: str) -> str:
        """The name of an option, with its program where that is the other one."""
        owners = self.owners.get(name.replace("_", "-"), [])
        if self.program is None or self.program.name in owners or not owners:
            return f"B<-{name}>"
        return f"B<-{name}> of L<{owners[0]}({SECTION})>"

    def entry(self, option: BoundOption) -> Entry:
        """Everything about one option."""
        assert self.program is not None
        facts = sentences.value_facts(option)
        paragraphs = [option.record.doc, " ".join(facts)]
        paragraphs += [" ".join(sentences.relation_facts(self.program, option))]
        differences = sentences.differences(self.program, option)
        later = [sentences.difference_fact(self.tested_with[item.id], item) for item in differences]
        later.append(" ".join(sentences.option_life(option)))
        return Entry(
            [heading(spelling.text, option.metavar) for spelling in option.shown],
            [self.text(text, option.metavar) for text in paragraphs if text],
            [self.word(word) for word in option.type.shown_words] if option.type else [],
            [self.text(text, option.metavar) for text in later if text],
            [
                (self.text(example.text), sentences.command_line(self.program.name, example.argv))
                for example in option.record.examples
            ],
        )

    def word(self, word: Word) -> tuple[str, str]:
        """A word of an enumeration and what it means."""
        since = word.history.since if word.history else "1.1.0"
        life = f" (since {sentences.release(since)})" if since not in ("1.1.0", "own") else ""
        doc = f"{word.doc}{life}" if word.doc else ""
        return f"B<{escape(word.text)}>", self.text(sentence(doc)) if doc else ""

    def section(self, group: BoundGroup) -> Section:
        """A group with the options of this build."""
        assert self.program is not None
        entries = [self.entry(option) for option in self.program.section(group)]
        return Section(group.title, self.text(group.doc), entries)


def sentence(fragment: str) -> str:
    """A fragment as a sentence; names that are lower case stay so."""
    first, rest = fragment[:1], fragment[1:]
    return f"{first if LOWER_NAME.match(fragment) else first.upper()}{rest}."


def wrap(text: str) -> str:
    """A paragraph in lines, none of which POD takes for a command."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= WIDTH:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + (f"Z<>{word}" if not lines[-1] and word.startswith("=") else word)
    return "\n".join(lines)


def escape(text: str) -> str:
    """Text inside a formatting code."""
    return text.replace("<", "\0").replace(">", "E<gt>").replace("\0", "E<lt>")


def plain(text: str) -> str:
    """Text of the spec: nothing in it is POD, but a manual page that it names becomes a link."""
    return PAGE.sub(_page, escape(text))


def _page(match: re.Match[str]) -> str:
    name, section = match.groups()
    return f"L<{name}({section})>" if re.search("[a-z]", name) else match.group(0)


def code(text: str) -> str:
    """A command in POD."""
    return f"C<{escape(text)}>"


def heading(spelling: str, metavar: str) -> str:
    """An option with its value, as the manual's list of options shows it."""
    return f"B<-{spelling}>" + (f" I<{escape(metavar)}>" if metavar else "")


def synopsis(program: BoundProgram) -> list[str]:
    """A line for each spelling of this build that is shown, and for the argument without a dash."""
    lines = [f"[{heading(item.text, option.metavar)}]" for option in program.available for item in option.shown]
    positional = program.record.positional
    return lines + ([f"[I<{escape(positional.name)}>]"] if positional else [])


def read_prose(folder: Path, name: str, writer: Writer, mistakes: Mistakes) -> list[Prose]:
    """The sections of a page that a person wrote; a page without any has its options only."""
    path = folder / f"{name}.pod"
    if not path.exists():
        return [Prose("OPTIONS", "")]
    text = path.read_text(encoding="utf-8")
    check_prose(f"{folder.name}/{path.name}", text, set(writer.owners), mistakes)
    text = LOOSE_OPTION.sub(lambda match: writer.option(match.group(1)), text)
    parts = HEADING.split(text)
    return [Prose(title, body.strip()) for title, body in zip(parts[1::2], parts[2::2])]


def check_prose(name: str, prose: str, known: set[str], mistakes: Mistakes) -> None:
    """E404: the prose of pod/ names options that exist."""
    for number, line in enumerate(prose.splitlines(), start=1):
        for match in LOOSE_OPTION.finditer(line):
            if match.group(1).replace("_", "-") not in known:
                near = nearest(match.group(1), known)
                text = f"no program has an option '{match.group(1)}'{near}"
                mistakes.add(Place(name, number, match.start() + 1), "E404", text)


def write_pod(bound: Bound, folder: Path) -> Iterator[Output]:
    """A page for each program and one for the driver. Raises SpecError where the prose names what does not exist."""
    mistakes = Mistakes()
    owners = sentences.owners(bound)
    tested_with = {item.id: program.name for program, _subject, item in reversed(bound.differences)}
    for program in bound.programs:
        writer = Writer(owners, program, tested_with)
        values: dict[str, Any] = {
            "name": program.name,
            "summary": program.record.summary,
            "prose": read_prose(folder, program.name, writer, mistakes),
            "synopsis": synopsis(program),
            "sections": [section for group in program.groups if (section := writer.section(group)).entries],
        }
        yield Output(f"pod/{program.name}.pod", "manual.pod.j2", values)
    prose = read_prose(folder, DRIVER, Writer(owners), mistakes)
    yield Output(f"pod/{DRIVER}.pod", "driver.pod.j2", {"name": DRIVER, "prose": prose, "programs": bound.programs})
    if mistakes.found:
        raise SpecError(mistakes)
