"""The C that the spec becomes: args structs, option tables, main modules and the list of commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .bound import Bound, BoundProgram, Field, Type
from .emit import Output
from .help_text import help_sections
from .values import LIST_MAX


def write_c(bound: Bound) -> Iterator[Output]:
    """Headers by group, per program its args struct, table and main module, and the list of all commands."""
    yield Output("args/types.h", "types.h.j2", {"types": generated_enums(bound)})
    for group in bound.groups.values():
        yield Output(f"args/{group.name}.h", "group_args.h.j2", {"group": group, "fields": list(group.fields.values())})
    names = [program.name for program in bound.programs]
    for program in bound.programs:
        values: dict[str, Any] = {"program": program, "fields": program_fields(program)}
        values["siblings"] = [name for name in names if name != program.name]
        values["types"] = all_types(program)
        values["openssl"] = needs_openssl(program)
        values["list_max"] = LIST_MAX
        yield Output(f"{program.name}_args.h", "program_args.h.j2", values)
        yield Output(f"{program.name}_table.h", "table.h.j2", values)
        yield Output(f"{program.name}_table.c", "table.c.j2", values | {"help": help_sections(program)})
        yield Output(f"{program.name}_main.h", "main.h.j2", values)
        yield Output(f"{program.name}_main.c", "main.c.j2", values)
    yield Output("commands.c", "commands.c.j2", {"programs": bound.programs})


def needs_openssl(program: BoundProgram) -> bool:
    """Whether the table names constants of OpenSSL's headers."""
    words = [word.c for value_type in all_types(program) for word in value_type.words if word.available]
    actions = [action for option in program.available for action in option.actions]
    flags = [action.number for action in actions if action.slot == "SAPP_SLOT_FLAG"]
    return any(not name.startswith("SAPP_") for name in words + flags)


def generated_enums(bound: Bound) -> list[Type]:
    """The enumerations whose C constants are made from their words."""
    types = [value_type for program in bound.programs for value_type in all_types(program)]
    found = {value_type.name: value_type for value_type in types if value_type.own_words}
    return [found[name] for name in sorted(found)]


def all_types(program: BoundProgram) -> list[Type]:
    """The types of a program's values and fields, once each."""
    enums = {enum.c_id: enum for group in program.groups for enum in group.enums.values()}
    return [value_type for _name, value_type in sorted((enums | program.types).items())]


def program_fields(program: BoundProgram) -> list[tuple[Field, Type | None]]:
    """Every field of a program's args struct, with the enumeration that it holds."""
    return [
        (field, group.enums.get(field.enum)) for group in program.groups for field in group.fields.values()
    ]
