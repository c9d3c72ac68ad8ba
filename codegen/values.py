"""What a text means as a value of a type: defaults become C initialisers by it, and tests their expectations."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from .bound import Type

LIST_MAX = 1000
PORT_MAX = 65535
PORT = f"a port from 0 to {PORT_MAX} or the name of a service"
INT32 = (-(2**31), 2**31 - 1)
FIELD_OF_BASE = {
    "string": "TEXT", "file": "TEXT", "directory": "TEXT", "uri": "TEXT", "enum": "INT", "host_port": "HOST_PORT",
    "port": "TEXT", "hex": "BYTES", "seconds": "INT64",
}  # fmt: skip


@dataclass
class Refused(Exception):
    """The text is not a value of the type."""

    text: str


def field_kind(value_type: Type) -> str:
    """The kind of field that holds a value of the type."""
    if value_type.base == "int":
        low, high = value_type.min, value_type.max
        small = low is not None and high is not None and low >= INT32[0] and high <= INT32[1]
        return "INT" if small else "INT64"
    if value_type.base == "list":
        return "NUMBERS" if value_type.item == "number" else "TEXTS"
    return FIELD_OF_BASE[value_type.base]


def convert(value_type: Type, text: str) -> Any:
    """The value in the form in which `explain` shows it. Raises Refused."""
    readers = {
        "int": _integer, "seconds": _seconds, "enum": _word, "host_port": _address, "port": _port, "hex": _hex,
        "list": _list,
    }  # fmt: skip
    reader = readers.get(value_type.base)
    if reader is not None:
        return reader(value_type, text)
    if value_type.nonempty and not text:
        raise Refused(text)
    return text


def _bounded(value_type: Type, number: int, text: str) -> int:
    low, high = value_type.min, value_type.max
    if (low is not None and number < low) or (high is not None and number > high):
        raise Refused(text)
    return number


def _integer(value_type: Type, text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise Refused(text)
    return _bounded(value_type, int(text), text)


def _seconds(value_type: Type, text: str) -> int:
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,3})?", text):
        raise Refused(text)
    whole, _, places = text.partition(".")
    return _bounded(value_type, int(whole) * 1000 + int(places.ljust(3, "0")), text)


def _word(value_type: Type, text: str) -> str:
    for word in value_type.words:
        same = word.text == text if value_type.match == "exact" else word.text.lower() == text.lower()
        initial = value_type.match == "initial" and len(text) == 1 and text.lower() == word.text[0].lower()
        if word.available and (same or initial):
            return word.text
    raise Refused(text)


def _address(value_type: Type, text: str) -> dict[str, str | None]:
    host, port = split_address(value_type, text)
    return {"host": _part(host), "port": None if _part(port) is None else _port(value_type, port or "")}


def split_address(value_type: Type, text: str) -> tuple[str | None, str | None]:
    """Host and port as they stand in an address. Raises Refused."""
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::([^:]*))?", text)
    plain = re.fullmatch(r"([^:\[][^:]*|):([^:]*)", text)
    if bracketed:
        return bracketed.group(1), bracketed.group(2)
    if plain:
        return plain.group(1), plain.group(2)
    if ":" in text or not text or text.startswith("["):
        raise Refused(text)
    return (None, text) if value_type.bare == "port" else (text, None)


def _port(_type: Type, text: str) -> str:
    number = re.fullmatch(r"[ \t\n\v\f\r]*\+?([0-9]+)", text)
    if number and int(number.group(1)) <= PORT_MAX:
        return str(int(number.group(1)))
    letters = any(character.isalpha() or ord(character) > 0x7F for character in text)
    if number or not letters or any(character <= " " or character in "#\x7f" for character in text):
        raise Refused(text)
    return text


def _part(text: str | None) -> str | None:
    return None if text in ("", "*", None) else text


def _hex(value_type: Type, text: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]*", text):
        raise Refused(text)
    _bounded(value_type, (len(text) + 1) // 2, text)
    return text.lower() if len(text) % 2 == 0 else "0" + text.lower()


def _list(value_type: Type, text: str) -> list[Any]:
    items = text.split(value_type.separator)
    if value_type.item == "text":
        items = [item for item in items if item]
    if not (value_type.min or 1) <= len(items) <= (value_type.max or LIST_MAX):
        raise Refused(text)
    if value_type.item == "number":
        return [_integer(replace(value_type, min=value_type.item_min, max=value_type.item_max), item) for item in items]
    return items
