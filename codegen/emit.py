"""Writes the outputs: one template each, and files only when their content changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from . import filters
from .bound import Bound

TEMPLATES = Path(__file__).parent / "templates"
REBUILD = "make gen"


@dataclass(frozen=True)
class Output:
    """A file to write: its path below the output folder, its template, and what the template reads."""

    path: str
    template: str
    values: dict[str, Any]


Writer = Callable[..., Iterator[Output]]


def environment() -> jinja2.Environment:
    """The Jinja2 environment that all templates share; an undefined name is an error."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        bytecode_cache=None,
    )
    env.filters.update(filters.FILTERS)
    return env


def write_if_changed(path: Path, text: str) -> bool:
    """Writes a file unless it has this content already, so that make rebuilds only what depends on a change."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
    return True


def render(files: Iterable[Output], folder: Path) -> set[Path]:
    """Renders the outputs below `folder`; gives every path, changed or not."""
    env = environment()
    written = set()
    for output in files:
        text = env.get_template(output.template).render(template=output.template, rebuild=REBUILD, **output.values)
        path = folder / output.path
        write_if_changed(path, text)
        written.add(path)
    return written


def remove_stale(folder: Path, written: set[Path]) -> None:
    """Removes what an earlier run wrote below `folder` and this one did not."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in written:
            path.unlink()


def outputs(bound: Bound, writers: Sequence[Writer]) -> Iterator[Output]:
    """The outputs of all writers."""
    for writer in writers:
        yield from writer(bound)
