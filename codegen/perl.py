"""Perl literals, as filters for the templates of recipes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .model import Outcome

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}


def perl_string(text: str) -> str:
    """A Perl literal, on one line."""
    if not CONTROL.search(text):
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    escaped = re.sub(r"[\\\"$@]", r"\\\g<0>", text)
    return '"' + CONTROL.sub(lambda match: NAMED.get(match[0], f"\\x{{{ord(match[0]):02x}}}"), escaped) + '"'


def perl_list(items: list[str]) -> str:
    """A Perl list of texts in brackets."""
    return f"[{', '.join(perl_string(item) for item in items)}]"


def perl_hash(items: dict[str, str]) -> str:
    """A Perl hash of texts in braces."""
    pairs = ", ".join(f"{perl_string(name)} => {perl_string(value)}" for name, value in items.items())
    return f"{{ {pairs} }}"


def perl_outcome(outcome: Outcome | None) -> str:
    """What a run ends with, as a Perl hash: what it does not say is not in it."""
    if outcome is None:
        return "{}"
    facts = [] if outcome.status is None else [f"status => {outcome.status}"]
    texts = {"out": outcome.out, "err": outcome.err, "answer": outcome.answer}
    facts += [f"{name} => {perl_string(text)}" for name, text in texts.items() if text]
    facts += [f"files => {perl_hash(outcome.files)}"] if outcome.files else []
    return f"{{ {', '.join(facts)} }}"


FILTERS: dict[str, Callable[..., Any]] = {
    "perl_string": perl_string,
    "perl_list": perl_list,
    "perl_outcome": perl_outcome,
}
