"""Perl literals, as filters for the templates of recipes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def perl_string(text: str) -> str:
    """A Perl literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def perl_list(items: list[str]) -> str:
    """A Perl list of texts in brackets."""
    return f"[{', '.join(perl_string(item) for item in items)}]"


FILTERS: dict[str, Callable[..., Any]] = {"perl_string": perl_string, "perl_list": perl_list}
