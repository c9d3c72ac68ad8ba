"""The cases that the generated tests consist of: command lines, with what the spec says that they mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .bind import accepted
from .bound import Bound, BoundOption, BoundProgram, BoundRelation
from .meaning import HelpWanted, Reader, Refusal
from .place import Mistakes, SpecError
from .values_to_try import two_values, values_to_try

LONG_TEXT = 60


@dataclass(frozen=True)
class Case:
    """A command line, a sentence about it, and the line that `explain -batch` must answer."""

    sentence: str
    argv: list[str]
    expected: str


@dataclass(frozen=True)
class Topic:
    """What a generated recipe is about."""

    name: str
    title: str
    cases: list[Case]


def topics(maker: CaseMaker) -> list[Topic]:
    """All cases of a program, by topic."""
    parts: list[tuple[str, str, Callable[[], Iterator[Case]]]] = [
        ("values", "which values each option takes, and what is stored", maker.values),
        ("flags", "what each flag sets", maker.flags),
        ("spellings", "every way to write each option", maker.spellings),
        ("unknown", "options that there are not, with the nearest that there are", maker.unknown),
        ("repeats", "what a second use of an option does", maker.repeats),
        ("relations", "the rules between options, in both orders and every spelling", maker.relations),
        ("unavailable", "options that this build lacks, with the reason", maker.unavailable),
        ("examples", "the examples of the manual", maker.examples),
    ]
    return [Topic(name, title, list(make())) for name, title, make in parts]


def shown(text: str) -> str:
    """A value in a sentence."""
    quoted = f'"{text}"'
    return quoted if len(quoted) <= LONG_TEXT else f'{quoted[:LONG_TEXT]}..." ({len(text)} characters)'


class CaseMaker:
    """Makes the cases of one program."""

    def __init__(self, bound: Bound, program: BoundProgram) -> None:
        self.bound = bound
        self.program = program
        self.reader = Reader(bound, program)
        self.served = [option for option in program.available if not option.is_help]
        self.two = {option.name: two_values(option) for option in self.served}

    def plain(self, subject: str, argv: list[str]) -> Case:
        """A case whose sentence tells what becomes of the line."""
        answer = self.reader.as_json(argv)
        end = "asks for help" if '"help":true' in answer else "is refused" if '"failure":' in answer else "is accepted"
        return Case(f"{subject} {end}", argv, answer)

    def case(self, subject: str, argv: list[str]) -> Case:
        """A case whose line also gets what the options in it require."""
        for _attempt in range(5):
            try:
                self.reader.read(argv)
                break
            except HelpWanted:
                break
            except Refusal as refusal:
                if refusal.need is None:
                    break
                right = refusal.need.right
                wanted = right if refusal.need.kind == "REQUIRES_ALL" else right[:1]
                argv = [*(word for option in wanted if option.available for word in self.words(option)), *argv]
        return self.plain(subject, argv)

    def words(self, option: BoundOption, spelling: str = "", which: int = 0) -> list[str]:
        """An option with a value that it takes, as arguments."""
        values = self.two.get(option.name, [])
        return [f"-{spelling or option.name}", *(values[which:] or values)[:1]]

    def values(self) -> Iterator[Case]:
        """Every value worth trying."""
        for option in self.served:
            for text, reason in values_to_try(option) if option.type else []:
                yield self.case(f"-{option.name} with {shown(text)}, {reason},", [f"-{option.name}", text])
                if option.positional and not text.startswith("-"):
                    yield self.case(f"{shown(text)} without an option, {reason},", [text])

    def flags(self) -> Iterator[Case]:
        """Every option without a value."""
        for option in self.program.available:
            if option.type is None:
                yield self.case(f"-{option.name}", [f"-{option.name}"])
                yield self.plain(f"-{option.name}=yes", [f"-{option.name}=yes"])
                yield self.plain(f"-{option.name}= with nothing", [f"-{option.name}="])

    def spellings(self) -> Iterator[Case]:
        """Every spelling with one dash, two dashes, an equals sign, and the other separator of words."""
        for option in self.program.available:
            for name in [spelling.text for spelling in option.spellings]:
                yield from self.one_spelling(option, name)
        if self.reader.target is not None and self.reader.target.available:
            value = self.two[self.reader.target.name][0]
            yield self.case(f"{value} behind two dashes", ["--", value])
            yield self.plain("-x behind two dashes", ["--", "-x"])
            yield self.plain("two arguments without an option", [value, value])
            yield self.plain("an option and its argument without it", [value, f"-{self.reader.target.name}", value])
        yield self.plain("a dash alone", ["-"])

    def one_spelling(self, option: BoundOption, name: str) -> Iterator[Case]:
        """The forms of one spelling."""
        forms = {f"-{name}", f"--{name}", f"-{name.replace('_', '-')}", f"--{name.replace('-', '_')}"}
        value = (self.two.get(option.name) or [""])[0]
        for form in sorted(forms):
            if option.type is None:
                yield self.case(form, [form])
                continue
            yield self.case(f"{form} with {shown(value)}", [form, value])
            yield self.case(f"{form}={shown(value)}", [f"{form}={value}"])
        if option.type is not None:
            yield self.plain(f"-{name} without its value", [f"-{name}"])
            yield self.plain(f"-{name}= with nothing behind it", [f"-{name}="])

    def unknown(self) -> Iterator[Case]:
        """Near misses, and the options of the other programs."""
        for name, option in self.program.spellings:
            for wrong in (name[:-1], f"{name}x") if option.available else ():
                if wrong and wrong.replace("_", "-") not in self.reader.names:
                    yield self.plain(f"-{wrong}, nearly -{option.name},", [f"-{wrong}"])
        for other in self.bound.programs:
            for name, _option in other.spellings:
                if name.replace("_", "-") not in self.reader.names:
                    yield self.plain(f"-{name}, an option of {other.name},", [f"-{name}"])
        yield self.plain("a name that is near to none", ["-no-such-option-anywhere"])
        if self.reader.target is None:
            yield self.plain("a word without a dash", ["word"])

    def repeats(self) -> Iterator[Case]:
        """Each option twice and three times, also under another name and with another value."""
        for option in self.served:
            once = self.words(option)
            again = self.words(option, option.spellings[-1].text, 1)
            yield self.case(f"-{option.name} twice", [*once, *again])
            yield self.case(f"-{option.name} three times", [*once, *again, *once])
        yield from self.shared_fields()

    def shared_fields(self) -> Iterator[Case]:
        """Options that write the same field, in both orders: a constant that is the default shows itself only so."""
        writers: dict[str, dict[str, BoundOption]] = {}
        for option in self.served:
            for action in option.actions:
                if action.target:
                    writers.setdefault(action.target.path, {})[option.name] = option
        for path, options in writers.items():
            for first, second in itertools.permutations(options.values(), 2):
                subject = f"{path} by -{first.name}, then by -{second.name},"
                yield self.case(subject, self.words(first) + self.words(second))

    def forms(self, option: BoundOption) -> list[list[str]]:
        """An option in every spelling, with a value."""
        forms = [self.words(option, spelling.text) for spelling in option.spellings]
        return [*forms, self.words(option)[1:]] if option.positional else forms

    def relations(self) -> Iterator[Case]:
        """Each relation over all pairs that it is about."""
        for relation in self.program.relations:
            pairs: list[tuple[BoundOption, BoundOption]]
            if relation.kind == "EXCLUSIVE_MEMBERS":
                pairs = list(itertools.combinations(relation.left, 2))
            else:
                pairs = list(itertools.product(relation.left, relation.right))
            seen: set[tuple[str, ...]] = set()
            for case in itertools.chain(self.pairs(relation, pairs), self.sides(relation)):
                if tuple(case.argv) not in seen:
                    seen.add(tuple(case.argv))
                    yield case

    def pairs(self, relation: BoundRelation, pairs: list[tuple[BoundOption, BoundOption]]) -> Iterator[Case]:
        """Two options in both orders, each in every spelling."""
        for first, second in pairs:
            if not (first.available and second.available) or first is second:
                continue
            forms = [(one, self.words(second)) for one in self.forms(first)]
            forms += [(self.words(first), other) for other in self.forms(second)]
            for left, right in forms:
                for words in ([*left, *right], [*right, *left]):
                    yield self.plain(f"{relation.id}: {' '.join(words)}", words)

    def sides(self, relation: BoundRelation) -> Iterator[Case]:
        """Each option alone; all options that are needed, and all but one; and what implied options give way to."""
        for option in [*relation.left, *relation.right]:
            if option.available:
                yield self.plain(f"{relation.id}: -{option.name} alone", self.words(option))
                yield self.case(f"{relation.id}: -{option.name} with all that it requires", self.words(option))
        if relation.kind == "EXCLUSIVE_BETWEEN":
            for side in (relation.left, relation.right):
                words = [word for option in side if option.available for word in self.words(option)]
                yield self.plain(f"{relation.id}: one side without the other", words)
        elif relation.kind in ("REQUIRES_ALL", "REQUIRES_ANY"):
            yield from self.needs(relation)
        elif relation.kind == "IMPLIES":
            yield from self.ways_given(relation)

    def needs(self, relation: BoundRelation) -> Iterator[Case]:
        """What is required: all of it, and without each."""
        for given in relation.left:
            right = [option for option in relation.right if option.available]
            for left_out in [None, *right] if given.available else []:
                words = [word for option in right if option is not left_out for word in self.words(option)]
                name = f"without -{left_out.name}" if left_out else "with everything"
                yield self.plain(f"{relation.id}: -{given.name} {name}", [*self.words(given), *words])
                yield self.plain(f"{relation.id}: {name} and -{given.name}", [*words, *self.words(given)])

    def ways_given(self, relation: BoundRelation) -> Iterator[Case]:
        """What is implied together with each option that excludes it."""
        for given, then in itertools.product(relation.left, relation.right):
            rules = [rule for rule in self.program.relations if then in rule.left + rule.right]
            for other in {option.name: option for rule in rules for option in rule.left + rule.right}.values():
                if given.available and then.available and other.available and other not in (given, then):
                    words = [*self.words(given), *self.words(other)]
                    yield self.plain(f"{relation.id}: -{given.name} with -{other.name}", words)

    def unavailable(self) -> Iterator[Case]:
        """Options that this build or this version lacks."""
        for option in self.program.options:
            if option.unavailable:
                for spelling in option.spellings:
                    yield self.plain(f"-{spelling.text}", [f"-{spelling.text}"])
                    yield self.plain(f"-{spelling.text} with a value", [f"-{spelling.text}", "1"])

    def examples(self) -> Iterator[Case]:
        """E405: the parser accepts the examples."""
        mistakes = Mistakes()
        for option in self.program.options:
            for example in option.record.examples:
                refusal = self.refusal(example.argv)
                if refusal and "(not available" not in refusal:
                    text = f"{self.program.name} refuses the example of '{option.name}': {refusal}"
                    mistakes.add(example.place, "E405", text)
                yield self.plain(f"the example: {example.text},", example.argv)
        if mistakes.found:
            raise SpecError(mistakes)

    def refusal(self, argv: list[str]) -> str:
        """Why a line is refused; nothing when it is not."""
        try:
            self.reader.read(argv)
        except HelpWanted:
            return ""
        except Refusal as refusal:
            return refusal.text
        return ""


def document_lines(maker: CaseMaker) -> Iterator[tuple[str, list[str], str]]:
    """Lines that are refused, an option that asks for a document before and behind the mistake, and the message."""
    mistakes = [["-no-such-option-anywhere"], *(argv for _sentence, argv, _text in refused_lines(maker))]
    for option in maker.program.documents:
        flag = f"-{option.name}"
        lines = [argv for mistake in mistakes[:5] for argv in ([flag, *mistake], [*mistake, flag])]
        for argv in [*lines, [f"{flag}=surplus"]]:
            if text := maker.refusal(argv):
                yield f"{' '.join(argv)} has a document", argv, text


def refused_lines(maker: CaseMaker) -> Iterator[tuple[str, list[str], str]]:
    """For each option one line that is refused, with the message: what real processes are tested with."""
    for option in maker.program.options:
        if option in maker.program.documents:
            continue
        argv = [f"-{option.name}"]
        if option.available and option.type:
            wrong = [text for text, _reason in values_to_try(option) if not accepted(option.type, text)]
            argv += wrong[:1]
        elif option.available:
            argv = [f"-{option.name}=surplus"]
        try:
            maker.reader.read(argv)
        except Refusal as refusal:
            yield f"-{option.name} used wrongly ends with a message", argv, refusal.text
        except HelpWanted:
            continue
