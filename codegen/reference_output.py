"""The reference of the spec's format, from the model that the loader checks by."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from .emit import Output
from .model import STANDS, record_classes
from .rules import all_rules
from .selfcheck import CONSUMERS, consumers
from .shapes import record_keys


@dataclass
class Key:
    """A key as the reference shows it."""

    name: str
    form: str
    presence: str
    doc: str
    used_by: str


@dataclass
class RecordDoc:
    """A record as the reference shows it."""

    name: str
    doc: str
    keys: list[Key]


def describe_key(name: str, item: dataclasses.Field[Any]) -> Key:
    """One key."""
    meta = item.metadata
    presence = "required" if meta["required"] else default_of(item)
    return Key(name, meta["shape"].label, presence, meta["doc"], ", ".join(dict.fromkeys(consumers(meta["used_by"]))))


def default_of(item: dataclasses.Field[Any]) -> str:
    """What holds without the key, where that is more than nothing."""
    if item.default is dataclasses.MISSING or item.default in (None, ""):
        return ""
    if isinstance(item.default, bool):
        return "yes" if item.default else "no"
    return str(item.default)


def reference_output(path: str) -> Output:
    """The whole reference."""
    records = [
        RecordDoc(cls.__name__, " ".join((cls.__doc__ or "").split()), [describe_key(*pair) for pair in keys])
        for cls in record_classes()
        for keys in [record_keys(cls).items()]
    ]
    outputs = {name: text for name, (_files, text) in CONSUMERS.items()}
    values = {"records": records, "stands": STANDS, "rules": all_rules(), "outputs": outputs}
    return Output(path, "reference.md.j2", values)
