"""Filters that templates share: quoting for each output language, and layout."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from .bind import quote
from .bound import BoundOption, Type
from .completion import FILTERS as SHELL_FILTERS
from .perl import FILTERS as PERL_FILTERS

WIDTH = 120


def c_identifier(text: str) -> str:
    """A name with its dashes and dots as underscores."""
    return "".join(character if character.isalnum() else "_" for character in text)


def c_lines(text: str, indent: int = 4) -> str:
    """A long text as adjacent C literals, one for each of its lines, to stand behind an equals sign."""
    lines = text.splitlines(keepends=True) or [""]
    start = " " if len(lines) == 1 else "\n" + " " * indent
    return start + ("\n" + " " * indent).join(quote(line) for line in lines)


def fit(literal: str, before: str, indent: int) -> str:
    """What stands behind an equals sign: on the same line where it fits, else on the next."""
    if len(before) + len(literal) + 1 <= WIDTH:
        return " " + literal
    return "\n" + " " * indent + literal


def index_width(members: list[BoundOption]) -> int:
    """The width of the widest index with its comma."""
    return max(len(str(option.index)) for option in members) + 1


def c_comment(text: str, indent: int = 0) -> str:
    """A block comment at an indent, wrapped."""
    flat = " ".join(text.split())
    single = f"{' ' * indent}/* {flat} */"
    if len(single) <= WIDTH:
        return single
    body = textwrap.fill(flat, WIDTH, initial_indent=f"{' ' * indent} * ", subsequent_indent=f"{' ' * indent} * ")
    return f"{' ' * indent}/*\n{body}\n{' ' * indent} */"


def table_header(program: str) -> str:
    """The name of a program's table header."""
    return f"{program}_table"


def c_number(number: int) -> str:
    """A C constant; the smallest number of 64 bits has no literal of its own."""
    if number == -(2**63):
        return "INT64_MIN"
    return "INT64_MAX" if number == 2**63 - 1 else f"INT64_C({number})" if abs(number) > 2**31 else str(number)


def c_base(value_type: Type) -> str:
    """The base of a type in the C table."""
    bases = {"file": "STRING", "directory": "STRING", "uri": "STRING"}
    if value_type.base == "list":
        return "NUMBERS" if value_type.item == "number" else "TEXTS"
    return bases.get(value_type.base, value_type.base.upper())


def md_cell(text: str) -> str:
    """A text in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("<", "&lt;")


OWN_FILTERS: dict[str, Callable[..., Any]] = {
    "c_string": quote,
    "c_identifier": c_identifier,
    "c_lines": c_lines,
    "c_comment": c_comment,
    "fit": fit,
    "index_width": index_width,
    "table_header": table_header,
    "c_number": c_number,
    "c_base": c_base,
    "md_cell": md_cell,
}
FILTERS: dict[str, Callable[..., Any]] = OWN_FILTERS | SHELL_FILTERS | PERL_FILTERS
