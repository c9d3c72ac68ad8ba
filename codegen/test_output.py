"""The tests that follow from the spec: recipes for prove, one for each topic and program.

What they expect comes from the spec alone, by meaning.py and by the functions that write the faces.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from .bound import Bound, BoundProgram
from .cases import CaseMaker, document_lines, refused_lines, topics
from .completion import completions
from .emit import Output
from .help_text import help_sections
from .json_output import program_facts
from .meaning import json_text
from .model import Difference
from .pod_output import heading
from .values_to_try import two_values


def write_tests(bound: Bound) -> Iterator[Output]:
    """Recipes below test/: parsing first, then the faces."""
    for program in bound.programs:
        maker = CaseMaker(bound, program)
        common: dict[str, Any] = {"program": program.name}
        for number, topic in enumerate(topics(maker), 10):
            values = common | {"title": topic.title, "cases": topic.cases}
            yield Output(f"test/{number}-{program.name}-{topic.name}.t", "cases.t.j2", values)
        faces: list[tuple[str, dict[str, Any]]] = [
            ("30-{}-defaults.t", {"template": "defaults.t.j2", "fields": default_fields(maker)}),
            ("31-{}-processes.t", {"template": "processes.t.j2", "lines": list(refused_lines(maker))}),
            ("32-{}-secrets.t", {"template": "secrets.t.j2", "lines": secret_lines(program)}),
            ("33-{}-documents.t", {"template": "documents.t.j2", "lines": list(document_lines(maker))}),
            ("40-{}-help.t", {"template": "help.t.j2", "lines": "".join(help_sections(program)).splitlines()}),
            ("41-{}-list.t", {"template": "list.t.j2", "text": program_json(program), "features": bound.features,
                              "on": bound.on}),
            ("42-{}-manual.t", {"template": "manual.t.j2", "headings": headings(program)}),
            ("43-{}-completion.t", {"template": "completion.t.j2", "options": completion_rows(program)}),
            ("50-{}-differs.t", {"template": "differs.t.j2", "differences": differences(bound, maker)}),
        ]  # fmt: skip
        for name, values in faces:
            template = values.pop("template")
            yield Output(f"test/{name.format(program.name)}", template, common | values)


def differences(bound: Bound, maker: CaseMaker) -> list[Difference]:
    """The program's differences that this build can show.

    One in a group that programs share runs with the first of them.
    """
    own: dict[str, Difference] = {}
    taken: set[str] = set()
    for owner, _subject, item in bound.differences:
        if owner is maker.program and item.id not in taken and "(not available" not in maker.refusal(item.input):
            own[item.id] = item
        taken.add(item.id)
    return list(own.values())


def default_fields(maker: CaseMaker) -> list[tuple[str, str]]:
    """Each field that an option of the program writes, and its value without any option, in JSON."""
    reader = maker.reader
    known = [(target.path, f"{json_text(target.path)}:{reader.default_json(target)}") for target in reader.targets]
    given = [option.given.path for option in maker.program.options if option.given]
    return known + [(path, f"{json_text(path)}:false") for path in given]


def secret_lines(program: BoundProgram) -> list[tuple[str, list[str], str]]:
    """For each secret option its name, arguments that give it, and the secret."""
    lines = []
    for option in program.available:
        if option.record.secret:
            value = (two_values(option) or [""])[-1]
            lines.append((option.name, [f"-{option.name}", value], value))
    return lines


def program_json(program: BoundProgram) -> str:
    """What `list -json` says about the program, as it stands in the document."""
    return textwrap.indent(json.dumps(program_facts(program), indent=1, ensure_ascii=False), "  ")


def headings(program: BoundProgram) -> list[str]:
    """The headings of the options in the manual."""
    shown = [option for group in program.groups for option in program.section(group)]
    return [", ".join(heading(spelling.text, option.metavar) for spelling in option.shown) for option in shown]


def completion_rows(program: BoundProgram) -> list[tuple[str, str, list[str], list[str], str]]:
    """For each spelling that is completed: name, kind of value, words, what it rules out, help."""
    return [
        (item.name, item.kind, [text for text, _doc in item.words], item.excludes, item.help)
        for item in completions(program)
    ]
