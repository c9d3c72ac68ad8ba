"""Where something stands in a spec file, and the mistakes found there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Place:
    """A position in a spec file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Mistake:
    """One finding: where, the stable id of the rule it breaks, and a sentence."""

    place: Place
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.sentence}"


@dataclass
class Mistakes:
    """Collects every mistake, so that a run reports them all at once."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, place: Place, rule: str, sentence: str) -> None:
        """Note that `place` breaks `rule`."""
        self.found.append(Mistake(place, rule, sentence))

    def report(self) -> str:
        """All mistakes in the order of their places, one a line."""
        return "\n".join(str(mistake) for mistake in sorted(set(self.found)))


class SpecError(Exception):
    """The spec has mistakes; the text lists them."""

    def __init__(self, mistakes: Mistakes) -> None:
        super().__init__(mistakes.report())


def nearest(word: str, valid: Iterable[str]) -> str:
    """A clause that suggests the valid name closest to `word`, or nothing."""
    close = difflib.get_close_matches(word, sorted(valid), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""
