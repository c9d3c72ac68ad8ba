"""Reads the files under opts/ into records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from .model import Spec, SpecFile
from .place import Mistakes, Place, SpecError
from .shapes import Context, Rec

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
COMPOSE: Callable[..., yaml.Node | None] = getattr(yaml, "compose")  # older type stubs leave it untyped


def spec_files(folder: Path) -> list[Path]:
    """The spec files of a folder, in the order in which they are read."""
    return sorted(folder.rglob("*.yaml"))


def load(folder: Path) -> Spec:
    """All records of the spec in `folder`. Raises SpecError with every mistake of form."""
    mistakes = Mistakes()
    files = [_load_file(path, folder, mistakes) for path in spec_files(folder)]
    if not files:
        mistakes.add(Place(folder.name, 1, 1), "E100", "the folder holds no spec file")
    if mistakes.found:
        raise SpecError(mistakes)
    return Spec([file for file in files if file is not None])


def _load_file(path: Path, folder: Path, mistakes: Mistakes) -> SpecFile | None:
    name = str(Path(folder.name) / path.relative_to(folder))
    try:
        node = COMPOSE(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
        mistakes.add(place, "E107", f"this is not YAML: {error.problem or error.context}")
        return None
    except (UnicodeDecodeError, yaml.reader.ReaderError):
        mistakes.add(Place(name, 1, 1), "E107", "this is not UTF-8 text")
        return None
    if node is None:
        mistakes.add(Place(name, 1, 1), "E107", "the file is empty")
        return None
    shaped = Rec(SpecFile).read(node, Context(name, mistakes))
    return shaped if isinstance(shaped, SpecFile) else None
