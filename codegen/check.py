"""The rules that the spec must keep beyond the form of its records.

Each rule has an id; test/ has a broken file for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .model import (
    BRACED, HELP, RELEASES, STANDS, Alias, ConditionTree, Difference, Option, Outcome, Relation, Spec, SpecFile,
    ValueType,
)  # fmt: skip
from .place import Mistakes, Place, SpecError, nearest

MACRO = re.compile(r"\{([^{}]*)\}")
HELP_WIDTH = 60
VERBS = ("set", "store", "append", "sslconf", "verify_param", "call")


@dataclass
class Index:
    """The spec by names, as the rules need it."""

    spec: Spec
    mistakes: Mistakes
    types: dict[str, ValueType] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    programs: dict[str, SpecFile] = field(default_factory=dict)
    options: dict[str, dict[str, Option]] = field(default_factory=dict)
    names: dict[str, dict[str, Option]] = field(default_factory=dict)

    def wrong(self, place: Place, rule: str, sentence: str) -> None:
        """Note a mistake."""
        self.mistakes.add(place, rule, sentence)

    def tagged(self, program: str, tag: str) -> list[str]:
        """The options of a program that carry a tag."""
        return [name for name, option in self.options[program].items() if tag in option.tags]

    def members(self, program: str, names: list[str]) -> list[str]:
        """Option names with tags replaced by the options that carry them."""
        result: list[str] = []
        for name in names:
            result += self.tagged(program, name[4:]) if name.startswith("tag:") else [name]
        return result


def programs_of(file: SpecFile, chosen: list[str], known: list[str]) -> list[str]:
    """The programs that a record of a file belongs to."""
    if file.kind == "program" and file.program is not None:
        return [file.program.name]
    return [name for name in (chosen or known) if name in known]


def option_records(spec: Spec) -> Iterator[tuple[SpecFile, str, Option]]:
    """Every option record with its file and name."""
    for file in spec.files:
        for name, option in file.options.items():
            yield file, name, option


def relation_records(index: Index) -> Iterator[tuple[SpecFile, str, Relation, list[str]]]:
    """Every relation with its file, id and programs."""
    for file in index.spec.files:
        for name, relation in file.relations.items():
            yield file, name, relation, programs_of(file, relation.programs, list(index.programs))


def build_index(spec: Spec, mistakes: Mistakes) -> Index:
    """Names of everything; a name that is taken is a mistake."""
    index = Index(spec, mistakes)
    index.types = spec.collect("types")
    for file in spec.files:
        if file.program is not None:
            index.programs[file.program.name] = file
        index.groups |= set(file.groups) | ({file.group.name} if file.group else set())
    for name in index.programs:
        index.options[name] = {}
        index.names[name] = {}
    for file, name, option in option_records(spec):
        for program in programs_of(file, option.programs, list(index.programs)):
            index.options[program][name] = option
            for spelling in [name, *option.aliases]:
                folded = spelling.replace("_", "-")
                other = index.names[program].get(folded)
                if other is not None and other is not option:
                    sentence = f"'{spelling}' of {program} is an option already, in {other.place}"
                    index.wrong(option.place, "E301", sentence)
                index.names[program][folded] = option
    return index


def file_kinds(index: Index) -> None:
    """E302: a file holds what its kind says."""
    heads = {"program": "program", "group": "group", "types": "types", "features": "features", "pending": "pending"}
    for file in index.spec.files:
        if heads[file.kind] not in file.places:
            index.wrong(file.place, "E302", f"a file of kind {file.kind} needs the key '{heads[file.kind]}'")
        allowed = {"format", "kind", heads[file.kind]}
        allowed |= {"options", "relations"} if file.kind in ("program", "group") else set()
        allowed |= {"groups"} if file.kind == "program" else set()
        for name in sorted(set(file.places) - allowed):
            index.wrong(file.at(name), "E302", f"'{name}' has no place in a file of kind {file.kind}")


def program_names(index: Index) -> None:
    """E206: the programs that records name exist; each has one file, and a name that no group has."""
    heads = [file.program for file in index.spec.files if file.program]
    for head in heads:
        if index.programs[head.name].program is not head:
            index.wrong(head.at("name"), "E206", f"the program '{head.name}' has another file")
        if head.name in index.groups:
            index.wrong(head.at("name"), "E206", f"'{head.name}' is a group already; their structs need two names")
    records: list[tuple[Option | Relation, list[str]]] = [
        (option, option.programs) for _f, _n, option in option_records(index.spec)
    ]
    records += [(relation, relation.programs) for _f, _n, relation, _p in relation_records(index)]
    for record, programs in records:
        for name in programs:
            if name not in index.programs:
                sentence = f"no program is named '{name}'{nearest(name, index.programs)}"
                index.wrong(record.at("programs"), "E206", sentence)


def option_groups(index: Index) -> None:
    """E204: each option of a program's file names a group that exists and is a section of the program."""
    for file, name, option in option_records(index.spec):
        if file.kind == "group" and option.group:
            index.wrong(option.at("group"), "E204", f"'{name}' has its group from the file; take the key out")
        if file.kind != "program" or file.program is None:
            continue
        if option.programs:
            index.wrong(option.at("programs"), "E204", f"'{name}' has its program from the file; take the key out")
        if option.group not in file.program.sections:
            near = nearest(option.group, file.program.sections)
            sentence = f"'{option.group}' is not a section of {file.program.name}{near}"
            index.wrong(option.at("group"), "E204", sentence if option.group else f"'{name}' names no group")


def sections(index: Index) -> None:
    """E205: each section is a group."""
    for file in index.programs.values():
        assert file.program is not None
        for name in file.program.sections:
            if name not in index.groups:
                sentence = f"no group is named '{name}'{nearest(name, index.groups)}"
                index.wrong(file.program.at("sections"), "E205", sentence)


def type_references(index: Index) -> None:
    """E202: types exist."""
    for _file, _name, option in option_records(index.spec):
        if option.arg and option.arg.type not in index.types:
            near = nearest(option.arg.type, index.types)
            index.wrong(option.arg.at("type"), "E202", f"no type is named '{option.arg.type}'{near}")
    for name, record in index.types.items():
        if record.like and record.like not in index.types:
            sentence = f"no type is named '{record.like}'{nearest(record.like, index.types)}"
            index.wrong(record.at("like"), "E202", sentence)
        if not record.like and not record.base:
            index.wrong(record.place, "E202", f"the type '{name}' has neither 'base' nor 'like'")
        if _circular(index, name):
            index.wrong(record.at("like"), "E202", f"the type '{name}' is like itself")


def _circular(index: Index, name: str) -> bool:
    seen: set[str] = set()
    while name in index.types and index.types[name].like:
        if name in seen:
            return True
        seen.add(name)
        name = index.types[name].like
    return False


def conditions(index: Index) -> None:
    """E203: features exist."""
    features = index.spec.collect("features")
    trees: list[ConditionTree] = [option.when for _f, _n, option in option_records(index.spec) if option.when]
    trees += [item.when for item in difference_records(index) if item.when]
    trees += [value.when for record in index.types.values() for value in record.values.values() if value.when]
    for tree in trees:
        for leaf in tree.features():
            if leaf.feature not in features:
                sentence = f"no feature is named '{leaf.feature}'{nearest(leaf.feature, features)}"
                index.wrong(leaf.place, "E203", sentence)


def base_of(index: Index, name: str) -> str:
    """The base of a type, through `like`; nothing for one that is like itself."""
    if _circular(index, name):
        return ""
    while name in index.types and not index.types[name].base and index.types[name].like:
        name = index.types[name].like
    return index.types[name].base if name in index.types else ""


def applies(index: Index) -> None:
    """E303: each apply record is one verb that fits the option."""
    for _file, name, option in option_records(index.spec):
        for apply in option.apply:
            verbs = [verb for verb in VERBS if verb in apply.places]
            if len(verbs) != 1:
                index.wrong(apply.place, "E303", f"'{name}': one verb a record, found {', '.join(verbs) or 'none'}")
            if (apply.store or apply.append) and option.arg is None:
                index.wrong(apply.place, "E303", f"'{name}' is a flag and has no value to {verbs[0]}")
            if (apply.verify_param == "flag") != bool(apply.flag):
                index.wrong(apply.place, "E303", f"'{name}': the slot 'flag' and the key 'flag' go together")
            if apply.call and apply.call != HELP and not apply.call.startswith("sapp_"):
                index.wrong(apply.at("call"), "E303", f"'{name}': the name of a C function begins with sapp_")
            if any("{value}" in command for command in apply.sslconf) and option.arg is None:
                index.wrong(apply.place, "E303", f"'{name}' is a flag and has no {{value}}")
        if option.repeat == "append" and option.arg is None:
            index.wrong(option.at("repeat"), "E303", f"'{name}' is a flag and has no value to append")
        if option.repeat == "count" and option.arg is not None:
            index.wrong(option.at("repeat"), "E303", f"'{name}' takes a value; only a flag is counted")


def relation_keys(index: Index) -> None:
    """E304: a relation has the keys of its kind."""
    wanted: dict[str, tuple[set[str], list[set[str]]]] = {
        "exclusive": ({"on_clash"}, [{"members"}, {"between"}]),
        "requires": ({"given"}, [{"need"}, {"need_any"}]),
        "implies": ({"given", "then"}, [set()]),
    }
    common = {"kind", "why", "programs", "differs"}
    for _file, name, relation, _programs in relation_records(index):
        always, either = wanted[relation.kind]
        keys = set(relation.places) - common
        if keys not in [always | one for one in either]:
            forms = " or ".join(", ".join(sorted(always | one)) for one in either)
            sentence = f"'{name}': {relation.kind} has the keys {forms}, found {', '.join(sorted(keys))}"
            index.wrong(relation.place, "E304", sentence)
        if relation.between and len(relation.between) != 2:
            sentence = f"'{name}': between has two lists, found {len(relation.between)}"
            index.wrong(relation.at("between"), "E304", sentence)


def relation_names(index: Index) -> None:
    """E201: the members of relations exist in every program they hold in."""
    for _file, name, relation, programs in relation_records(index):
        lists = [relation.members, relation.given, relation.need, relation.need_any, relation.then, *relation.between]
        for program in programs:
            for member in [member for names in lists for member in names]:
                known = set(index.members(program, [member])) & set(index.options[program])
                if not known:
                    near = nearest(member, index.options[program])
                    index.wrong(relation.place, "E201", f"'{name}': {program} has no option '{member}'{near}")


def relation_sense(index: Index) -> None:
    """E305: a relation can be kept and does something."""
    for _file, name, relation, programs in relation_records(index):
        for program in programs:
            members = index.members(program, relation.members)
            if relation.members and len(set(members)) < 2:
                sentence = f"'{name}': fewer than two options exclude nothing in {program}"
                index.wrong(relation.at("members"), "E305", sentence)
            left, right = _sides(index, program, relation)
            both = sorted(set(left) & set(right))
            if both:
                index.wrong(relation.at("between"), "E305", f"'{name}': '{both[0]}' is on both sides")
            given = index.members(program, relation.given)
            needed = index.members(program, relation.need + relation.then)
            if set(given) & set(needed):
                sentence = f"'{name}': '{sorted(set(given) & set(needed))[0]}' asks for itself"
                index.wrong(relation.place, "E305", sentence)
            for flag in index.members(program, relation.then):
                if flag in index.options[program] and index.options[program][flag].arg:
                    index.wrong(relation.at("then"), "E305", f"'{name}': '{flag}' takes a value and cannot be implied")


def contradictions(index: Index) -> None:
    """E306: nothing requires what it excludes."""
    for program in index.programs:
        pairs: dict[tuple[str, str], str] = {}
        for _file, name, relation, programs in relation_records(index):
            if program in programs and relation.kind == "exclusive" and relation.on_clash == "error":
                pairs |= {pair: name for pair in _exclusive_pairs(index, program, relation)}
        for _file, name, relation, programs in relation_records(index):
            if program not in programs or relation.kind != "requires":
                continue
            for given in index.members(program, relation.given):
                for need in index.members(program, relation.need):
                    if (given, need) in pairs:
                        sentence = f"'{name}': '{given}' needs '{need}', which '{pairs[given, need]}' forbids"
                        index.wrong(relation.place, "E306", sentence)


def _exclusive_pairs(index: Index, program: str, relation: Relation) -> set[tuple[str, str]]:
    members = index.members(program, relation.members)
    left, right = _sides(index, program, relation)
    pairs = {(a, b) for a in members for b in members if a != b}
    return pairs | {(a, b) for a in left for b in right} | {(b, a) for a in left for b in right}


def _sides(index: Index, program: str, relation: Relation) -> tuple[list[str], list[str]]:
    """The options on both sides of `between`; E304 has its own words for a list too many."""
    if len(relation.between) != 2:
        return [], []
    return index.members(program, relation.between[0]), index.members(program, relation.between[1])


def type_facts(index: Index) -> None:
    """E307: the facts of a type fit its base and each other."""
    fits = {
        "min": ("int", "seconds", "hex", "list"), "max": ("int", "seconds", "hex", "list"), "values": ("enum",),
        "match": ("enum",), "separator": ("list",), "item": ("list",), "item_min": ("list",), "item_max": ("list",),
        "direction": ("file",), "bare": ("host_port",),
        "nonempty": ("string", "file", "directory", "uri"),
    }  # fmt: skip
    for name, record in index.types.items():
        base = base_of(index, name)
        for fact, bases in fits.items():
            if fact in record.places and base and base not in bases:
                index.wrong(record.at(fact), "E307", f"'{name}': '{fact}' says nothing about a value of base {base}")
        if record.min is not None and record.max is not None and record.min > record.max:
            index.wrong(record.at("min"), "E307", f"'{name}': min {record.min} is above max {record.max}")
        if base == "enum" and not record.values and not record.like:
            index.wrong(record.place, "E307", f"'{name}': an enumeration needs values")
        if base == "list" and not record.like and not (record.separator and record.item):
            index.wrong(record.place, "E307", f"'{name}': a list needs 'separator' and 'item'")
    for _file, name, option in option_records(index.spec):
        if option.arg and (option.arg.min is not None or option.arg.max is not None):
            if base_of(index, option.arg.type) not in ("int", "seconds", "hex", ""):
                index.wrong(option.arg.place, "E307", f"'{name}': bounds say nothing about the type {option.arg.type}")


def pending_names(index: Index) -> None:
    """E308: the list of pending options names options."""
    for file in index.spec.of_kind("pending"):
        for program, names in file.pending.items():
            for name in names:
                if name not in index.options.get(program, {}):
                    near = nearest(name, index.options.get(program, {}))
                    index.wrong(name.place, "E308", f"{program} has no option '{name}'{near}")


def histories(index: Index) -> None:
    """E309: nothing is removed before it came; a replacement exists."""
    for file, name, option in option_records(index.spec):
        records: list[Option | Alias] = [option, *option.aliases.values()]
        for record in records:
            history = record.history
            if history and history.removed and RELEASES.index(history.removed) <= RELEASES.index(history.since):
                sentence = f"'{name}' was removed in {history.removed}, not after {history.since}"
                index.wrong(history.place, "E309", sentence)
            use = record.deprecated.use if record.deprecated else ""
            for program in programs_of(file, option.programs, list(index.programs)):
                if use and use.replace("_", "-") not in index.names[program]:
                    index.wrong(record.place, "E309", f"'{name}' is replaced by '{use}', which {program} does not have")


def prose(index: Index) -> None:
    """E401: help lines are short, without a full stop, and repeat no fact."""
    for _file, name, option in option_records(index.spec):
        place = option.at("help")
        if len(option.help) > HELP_WIDTH:
            index.wrong(place, "E401", f"'{name}': help has {len(option.help)} columns, at most {HELP_WIDTH} fit")
        if option.help.endswith("."):
            index.wrong(place, "E401", f"'{name}': help ends with a full stop")
        if re.search(r"\bdefault\b|\bdeprecated\b", option.help, re.IGNORECASE):
            index.wrong(place, "E401", f"'{name}': help tells a fact that other keys hold (default, deprecated)")


def macros(index: Index) -> None:
    """E402: {arg} and {opt:NAME} in prose resolve."""
    for file, name, option in option_records(index.spec):
        programs = programs_of(file, option.programs, list(index.programs))
        everything = {spelling for program in index.programs for spelling in index.names[program]}
        for macro in MACRO.findall(option.doc):
            known = macro == "arg" and option.arg is not None
            if macro.startswith("opt:"):
                known = macro[4:].replace("_", "-") in everything
            if not known and programs:
                near = nearest(macro[4:], everything) if macro.startswith("opt:") else ""
                index.wrong(option.at("doc"), "E402", f"'{name}': {{{macro}}} names nothing{near}")


def example_options(index: Index) -> None:
    """E403: examples name options of every program that shows them."""
    for file, name, option in option_records(index.spec):
        for example in option.examples:
            for program in programs_of(file, option.programs, list(index.programs)):
                _example_words(index, program, name, example.argv, example.place)


def _example_words(index: Index, program: str, name: str, argv: list[str], place: Place) -> None:
    words = iter(argv)
    for word in words:
        if not word.startswith("-"):
            continue
        spelling = word.lstrip("-").partition("=")[0].replace("_", "-")
        option = index.names[program].get(spelling)
        if option is None:
            near = nearest(spelling, index.names[program])
            index.wrong(place, "E403", f"the example of '{name}' uses '{word}', which {program} does not have{near}")
        elif option.arg and "=" not in word:
            next(words, None)


def c_names(index: Index) -> None:
    """E310: every option makes a C name, and no two of a group and program the same."""
    for program, options in index.options.items():
        seen: dict[str, str] = {}
        for name, option in options.items():
            identifier = option.c_name or name.replace("-", "_")
            if not re.fullmatch(r"[A-Za-z_]\w*", identifier):
                index.wrong(option.place, "E310", f"'{name}' is no C name; give it a c_name")
            if identifier in seen:
                index.wrong(option.place, "E310", f"'{name}' and '{seen[identifier]}' of {program} share a C name")
            seen[identifier] = name


def difference_records(index: Index) -> list[Difference]:
    """Every difference, of options and of relations."""
    records = [item for _f, _n, option in option_records(index.spec) for item in option.differs]
    return records + [item for _f, _n, relation, _p in relation_records(index) for item in relation.differs]


def difference_ids(index: Index) -> None:
    """E311: the ids of differences are unique."""
    seen: dict[str, Place] = {}
    for item in difference_records(index):
        if item.id in seen:
            sentence = f"the difference '{item.id}' stands already in {seen[item.id]}"
            index.wrong(item.at("id"), "E311", sentence)
        seen[item.id] = item.place


def outcomes(index: Index) -> None:
    """E317: a difference says what the original does and what we do, and that this is not the same."""
    for item in difference_records(index):
        for side in ("upstream", "ours"):
            outcome = getattr(item, side)
            if outcome and outcome == Outcome(place=outcome.place, places={}):
                index.wrong(item.at(side), "E317", f"the difference '{item.id}' does not say what happens {side}")
        if item.upstream == item.ours:
            index.wrong(item.at("ours"), "E317", f"the difference '{item.id}' says the same of both")


def stands(index: Index) -> None:
    """E318: a word in braces in a difference stands for something."""
    for item in difference_records(index):
        for word in [word for text in item.texts() for word in BRACED.findall(text)]:
            if word not in STANDS:
                sentence = f"in the difference '{item.id}', {{{word}}} stands for nothing{nearest(word, STANDS)}"
                index.wrong(item.place, "E318", sentence)


def clients(index: Index) -> None:
    """E319: what is said of a difference's client goes with the request that it sends."""
    for item in difference_records(index):
        if item.request:
            continue
        places = [item.places[name] for name in ("client", "silent") if name in item.places]
        outcomes_of = [outcome for outcome in (item.upstream, item.ours) if outcome]
        places += [outcome.places["answer"] for outcome in outcomes_of if "answer" in outcome.places]
        for place in places:
            index.wrong(place, "E319", f"the difference '{item.id}' has no request, and so no client")


def unused(index: Index) -> None:
    """E312: types are used."""
    used = {option.arg.type for _f, _n, option in option_records(index.spec) if option.arg}
    used |= {record.like for record in index.types.values()}
    for name, record in index.types.items():
        if name not in used:
            index.wrong(record.place, "E312", f"no option uses the type '{name}'")


def secrets(index: Index) -> None:
    """E313: only a text or bytes can be secret, so that wiping it from argv loses nothing."""
    for _file, name, option in option_records(index.spec):
        if option.secret and (option.arg is None or base_of(index, option.arg.type) not in ("string", "hex")):
            index.wrong(option.at("secret"), "E313", f"'{name}': only a text or hexadecimal value can be secret")


def documents(index: Index) -> None:
    """E320: only a flag can ask for a document, so that it is found on a line that cannot be read."""
    for _file, name, option in option_records(index.spec):
        if option.document and option.arg is not None:
            index.wrong(option.at("document"), "E320", f"'{name}' takes a value; only a flag asks for a document")


RULES: tuple[Callable[[Index], None], ...] = (
    file_kinds, program_names, option_groups, sections, type_references, conditions, applies, relation_keys,
    relation_names, relation_sense, contradictions, type_facts, pending_names, histories, prose, macros,
    example_options, c_names, difference_ids, outcomes, stands, clients, unused, secrets, documents,
)  # fmt: skip


def check(spec: Spec) -> Index:
    """The index of a spec that keeps every rule. Raises SpecError with all that it breaks."""
    mistakes = Mistakes()
    index = build_index(spec, mistakes)
    for rule in RULES:
        rule(index)
    if mistakes.found:
        raise SpecError(mistakes)
    return index
