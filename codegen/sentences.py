"""The facts of an option as sentences, in the markup of the spec's prose: {arg}, {opt:NAME} and {word:TEXT}."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator

from .bound import Bound, BoundOption, BoundProgram, BoundRelation, Type
from .model import BRACED, STANDS, Deprecation, Difference, History
from .values import INT32

INT64 = (-(2**63), 2**63 - 1)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def release(name: str) -> str:
    """A release as a reader knows it."""
    return f"OpenSSL {name}"


def listed(items: Iterable[str], word: str) -> str:
    """Items as a person lists them."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"


def names(options: Iterable[BoundOption], word: str) -> str:
    """Options of this build as a person lists them."""
    return listed([f"{{opt:{option.name}}}" for option in options if option.available], word)


def value_facts(option: BoundOption) -> list[str]:
    """What the value may be and what happens without and with several."""
    record = option.record
    facts = [value_form(option.type)] if option.type and not option.type.shown_words else []
    if option.type and option.type.match == "initial":
        facts.append("Case does not matter, and the first letter is enough.")
    elif option.type and option.type.match == "nocase":
        facts.append("Case does not matter.")
    if record.default is not None:
        facts.append(f"The default is {{word:{record.default}}}." if record.default else "The default is empty.")
    repeats = {
        "append": "It may be given several times, and every value counts.",
        "count": "Each further use raises its effect.",
        "error": "It may be given once only.",
    }
    if record.repeat in repeats:
        facts.append(repeats[record.repeat])
    if record.secret:
        facts.append("The value is wiped from the list of processes, and nothing prints it.")
    if record.effect == "none":
        facts.append("The option is accepted for compatibility and has no effect.")
    return [fact for fact in facts if fact]


def value_form(value_type: Type) -> str:
    """The form of a value that is not a word of a list, where the type says more than its name."""
    if value_type.base in ("int", "seconds", "hex", "list", "host_port", "port"):
        form = value_type.expected
        if value_type.base == "int":
            form = number_form(value_type)
        return f"The form of {{arg}} is {form}."
    return ""


def number_form(value_type: Type) -> str:
    """A whole number with those bounds that somebody chose."""
    low, high = value_type.min, value_type.max
    free_low = low in (None, INT32[0], INT64[0])
    free_high = high in (None, INT32[1], INT64[1])
    if free_low and free_high:
        return "a whole number"
    if free_high:
        return f"a whole number, {low} or more"
    return f"a whole number, {high} or less" if free_low else f"a whole number from {low} to {high}"


def relation_facts(program: BoundProgram, option: BoundOption) -> list[str]:
    """What the option excludes, needs and brings along."""
    facts = []
    for relation in program.relations:
        sentence = relation_sentence(relation, option)
        if sentence:
            facts.append(f"{sentence}: {relation.record.why}.")
    givers = [giver for relation in program.relations for giver in implied_by(relation, option)]
    if any(giver.available for giver in givers):
        facts.append(f"Implied by {names(givers, 'and')}.")
    return facts


def implied_by(relation: BoundRelation, option: BoundOption) -> list[BoundOption]:
    """The options that bring this one along."""
    return relation.left if relation.kind == "IMPLIES" and option in relation.right else []


def relation_sentence(relation: BoundRelation, option: BoundOption) -> str:
    """One relation from the point of view of one option, without its reason; nothing if it does not concern it."""
    if relation.kind.startswith("EXCLUSIVE"):
        others = excluded(relation, option)
        if not names(others, "or"):
            return ""
        if relation.record.on_clash == "last_wins":
            return f"Of this option and {names(others, 'and')}, only the last one counts"
        return f"Cannot be used with {names(others, 'or')}"
    if option not in relation.left:
        return ""
    if relation.kind == "IMPLIES":
        flags = names(relation.right, "and")
        return f"Implies {flags}" if flags else ""
    needed = names(relation.right, "and" if relation.kind == "REQUIRES_ALL" else "or")
    return f"Requires {needed}" if needed else ""


def excluded(relation: BoundRelation, option: BoundOption) -> list[BoundOption]:
    """The options that an exclusive relation sets against one."""
    if relation.kind == "EXCLUSIVE_MEMBERS":
        return [other for other in relation.left if other is not option] if option in relation.left else []
    if relation.kind == "EXCLUSIVE_BETWEEN":
        if option in relation.left:
            return relation.right
        return relation.left if option in relation.right else []
    return []


def conflicts(program: BoundProgram, option: BoundOption) -> list[BoundOption]:
    """The options of this build that are refused together with this one."""
    found = {
        other.name: other
        for relation in program.relations
        if relation.record.on_clash == "error"
        for other in excluded(relation, option)
        if other.available
    }
    return [found[name] for name in sorted(found)]


def life_facts(history: History | None, deprecated: Deprecation | None, subject: str = "It") -> list[str]:
    """Which releases brought, changed, deprecated and removed something."""
    facts = []
    if deprecated:
        instead = f"; use {{opt:{deprecated.use}}} instead" if deprecated.use else ""
        facts.append(f"{subject} is deprecated since {release(deprecated.since)}{instead}.")
    if history is None:
        return facts
    if history.since == "own":
        facts.append(f"{subject} is not an option of OpenSSL.")
    elif history.since != "1.1.0":
        facts.append(f"{subject} came with {release(history.since)}.")
    for name, text in history.changed.items():
        facts.append(f"Changed in {release(name)}: {text}.")
    if history.removed:
        facts.append(f"{release(history.removed)} removed it.")
    return facts


def alias_facts(option: BoundOption) -> list[str]:
    """The further spellings: those that the heading does not show, and how any of them ends."""
    facts = []
    for spelling in option.spellings[1:]:
        if spelling.hidden:
            facts.append(f"{{opt:{spelling.text}}} is another name for it.")
        if spelling.alias:
            facts += life_facts(spelling.alias.history, spelling.alias.deprecated, f"{{opt:{spelling.text}}}")
    return facts


def option_life(option: BoundOption) -> list[str]:
    """The releases of an option and of its further spellings."""
    return life_facts(option.record.history, option.record.deprecated) + alias_facts(option)


def difference_fact(program: str, item: Difference) -> str:
    """One licence to be unlike the original; it holds for the program with which it is tested."""
    line = command_line(program, [shown(word) for word in item.input])
    ends = " and".join(endings(item))
    return f"Unlike OpenSSL in {{code:{line}}}{''.join(surroundings(item))}{',' if ends else ''}{ends}: {item.why}."


def endings(item: Difference) -> Iterator[str]:
    """The exit status and the modes of files, where they differ."""
    assert item.ours and item.upstream
    ours, theirs = item.ours, item.upstream
    if None not in (ours.status, theirs.status) and ours.status != theirs.status:
        yield f" which ends with status {ours.status} here and {theirs.status} there"
    for name in sorted(ours.files.keys() & theirs.files.keys()):
        if ours.files[name] != theirs.files[name]:
            yield f" where {{code:{shown(name)}}} has the mode {ours.files[name]} here and {theirs.files[name]} there"


def surroundings(item: Difference) -> Iterator[str]:
    """What goes on around the command line."""
    if item.stdin:
        yield f" with {{code:{shown(item.stdin)}}} as input"
    if item.stdout:
        yield f" with {{code:{shown(item.stdout)}}} as output"
    if item.request:
        yield f" for the request {{code:{shown(item.request)}}}"
    if item.client:
        yield f" of a client with {{code:{shlex.join(shown(word) for word in item.client)}}}"
    if item.silent:
        yield f" beside {'a silent client' if item.silent == 1 else f'{item.silent} silent clients'}"


def shown(text: str) -> str:
    """A text of a difference as the manual shows it: control characters are named, line ends at its end left out."""
    filled = BRACED.sub(lambda match: STANDS[match.group(1)].shown, text).rstrip("\r\n")
    return CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), filled)


def differences(program: BoundProgram, option: BoundOption) -> list[Difference]:
    """Where an option, or a relation that it is the first one of, is unlike the original."""
    found = list(option.differs)
    for relation in program.relations:
        if relation.left and relation.left[0] is option:
            found += relation.differs
    return found


def command_line(program: str, argv: list[str]) -> str:
    """A command line as one types it in a shell."""
    return shlex.join([program, *argv])


def owners(bound: Bound) -> dict[str, list[str]]:
    """The programs that have an option, by its spelling with dashes only."""
    found: dict[str, list[str]] = {}
    for program in bound.programs:
        for option in program.options:
            for spelling in option.spellings:
                found.setdefault(spelling.text.replace("_", "-"), []).append(program.name)
    return found
