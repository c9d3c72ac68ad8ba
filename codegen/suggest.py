"""The names that a message suggests in place of an unknown one: the Python twin of lib/opt/suggest.c."""

from __future__ import annotations

from collections.abc import Iterable

from .bound import BoundProgram, Type

LONGEST = 40


def distance(left: str, right: str) -> int:
    """The number of letters to add, drop or change to get from one word to the other (Levenshtein)."""
    if max(len(left.encode()), len(right.encode())) > LONGEST:
        return LONGEST
    row = list(range(len(right) + 1))
    for count, letter in enumerate(left, 1):
        diagonal, row[0] = row[0], count
        for position, other in enumerate(right, 1):
            steps = min(row[position] + 1, row[position - 1] + 1, diagonal + (letter != other))
            diagonal, row[position] = row[position], steps
    return row[-1]


def tolerance(word: str) -> int:
    """How many letters may be wrong."""
    return (len(word) + 1) // 2 if len(word) < 3 else (len(word) + 2) // 3


def nearest_word(value_type: Type, text: str) -> str:
    """The word of an enumeration that is near to the text, or nothing."""
    return _nearest(text, [word.text for word in value_type.shown_words], tolerance(text))[0]


class Suggestions:
    """What may be suggested among the options of several programs."""

    def __init__(self, programs: list[BoundProgram]) -> None:
        self.programs = programs
        self.known = {one.name: {_folded(text) for text, _option in one.spellings} for one in programs}
        self.served = {one.name: [text for text, option in one.spellings if option.available] for one in programs}
        self.close = {name: _index(words) for name, words in self.served.items()}

    def hint(self, program: BoundProgram, name: str) -> str | None:
        """What is said about an option that the program does not have."""
        for other in self.programs:
            if _folded(name) in self.known[other.name]:
                return f"-{name} is an option of {other.name}"
        best, owner, far = "", program, tolerance(name) + 1
        for one in [program, *self.programs]:
            closer, steps = self.nearest(one, name, far - 1)
            if closer:
                best, owner, far = closer, one, steps
        if not best:
            return None
        return f"Did you mean -{best}?" + ("" if owner is program else f" That is an option of {owner.name}")

    def nearest(self, program: BoundProgram, name: str, limit: int) -> tuple[str, int]:
        """The first of the program's nearest spellings at most `limit` steps away, and the steps."""
        index = self.close[program.name]
        close = {word for key in [name, *_shorter(name)] for word in index.get(key, ())}
        found = _nearest(name, [word for word in self.served[program.name] if word in close], min(limit, 1))
        return found if found[0] or limit < 2 else _nearest(name, self.served[program.name], limit)


def _index(words: list[str]) -> dict[str, set[str]]:
    """Words by themselves and by what remains of them without one letter: words one step apart meet there."""
    index: dict[str, set[str]] = {}
    for word in words:
        for text in [word, *_shorter(word)]:
            index.setdefault(text, set()).add(word)
    return index


def _shorter(word: str) -> list[str]:
    return [word[:end] + word[end:][1:] for end in range(len(word))]


def _folded(text: str) -> str:
    return text.replace("_", "-")


def _nearest(name: str, words: Iterable[str], limit: int) -> tuple[str, int]:
    best, far = "", limit + 1
    for word in words:
        steps = distance(name, word) if abs(len(word) - len(name)) < far else far
        if steps < far:
            best, far = word, steps
    return best, far
