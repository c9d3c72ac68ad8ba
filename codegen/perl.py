"""Perl literals, as filters for the templates of recipes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .model import Outcome


def perl_string(text: str) -> str:
    """A Perl literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def perl_list(items: list[str]) -> str:
    """A Perl list of texts in brackets."""
    return f"[{', '.join(perl_string(item) for item in items)}]"


def perl_outcome(outcome: Outcome | None) -> str:
    """What a run ends with, as a Perl hash. A text that is empty matches everything."""
    if outcome is None:
        return "{}"
    status = "undef" if outcome.status is None else str(outcome.status)
    return f"{{ status => {status}, out => {perl_string(outcome.out)}, err => {perl_string(outcome.err)} }}"


FILTERS: dict[str, Callable[..., Any]] = {
    "perl_string": perl_string,
    "perl_list": perl_list,
    "perl_outcome": perl_outcome,
}
