"""The generator's check of itself: every key of the format reaches an output, and every rule is documented."""

from __future__ import annotations

import re
from pathlib import Path

from .model import record_classes
from .place import Mistakes, Place, SpecError
from .rules import all_rules
from .shapes import record_keys

HERE = Path(__file__).parent

# What may stand in used_by: the files that read the key, and what that gives.
CONSUMERS: dict[str, tuple[tuple[str, ...], str]] = {
    "bind": (("bind.py", "check.py", "load.py"), "resolves names"),
    "check": (("check.py",), "the rules below"),
    "features": (("templates/features*.j2",), "the features of a build"),
    "table": (("bind.py", "values.py", "c_output.py", "templates/*.[ch].j2"), "C structs, tables, parser and checks"),
    "help": (("help_text.py",), "-help"),
    "pod": (("pod_output.py", "sentences.py", "templates/*.pod.j2"), "manual pages"),
    "completion": (("completion.py", "templates/*completion*.j2"), "completions"),
    "json": (("json_output.py",), "s_apps list -json"),
    "tests": (
        ("*test*.py", "cases.py", "meaning.py", "perl.py", "values_to_try.py", "templates/*.t.j2"), "generated tests",
    ),
}
FACES = ("help", "pod", "completion", "json")


def consumers(used_by: list[str]) -> list[str]:
    """The consumers that a key names; `faces` stands for all that a reader sees."""
    return [name for word in used_by for name in (FACES if word == "faces" else [word])]


def check_generator() -> None:
    """Raises SpecError for keys that no output consumes and rules that the reference does not know."""
    mistakes = Mistakes()
    for cls in record_classes():
        for name, item in record_keys(cls).items():
            _check_key(mistakes, f"{cls.__name__}.{name}", item.name, item.metadata["used_by"])
    _check_rules(mistakes)
    if mistakes.found:
        raise SpecError(mistakes)


def _check_key(mistakes: Mistakes, label: str, name: str, used_by: list[str]) -> None:
    place = Place("codegen/model.py", 1, 1)
    if not used_by:
        mistakes.add(place, "E901", f"no output consumes the key {label}")
    for word in used_by:
        if word != "faces" and word not in CONSUMERS:
            mistakes.add(place, "E901", f"the key {label} names the output '{word}', which does not exist")
    known = [consumer for consumer in consumers(used_by) if consumer in CONSUMERS]
    if known and not any(_reads(consumer, name) for consumer in [*known, "bind"]):
        mistakes.add(place, "E901", f"the key {label} is read by none of {', '.join(known)}")


def _reads(consumer: str, name: str) -> bool:
    """Whether a file of the consumer mentions the key, as an attribute or as a text."""
    mention = re.compile(rf"\.{name}\b|[\"']{name}[\"']")
    paths = [path for glob in CONSUMERS[consumer][0] for path in HERE.glob(glob)]
    return any(mention.search(path.read_text(encoding="utf-8")) for path in paths)


def _check_rules(mistakes: Mistakes) -> None:
    documented = all_rules()
    for path in sorted(HERE.glob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for rule in re.findall(r"\"(E[1-4]\d\d)\"", line):
                if rule not in documented:
                    mistakes.add(Place(f"codegen/{path.name}", number, 1), "E902", f"the rule {rule} has no sentence")
