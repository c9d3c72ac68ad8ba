"""Every rule of the spec by its id, for the reference and for the generator's check of itself."""

from __future__ import annotations

import re

from . import check, pod_output

RULE = re.compile(r"(E[1-4]\d\d): (.+)", re.DOTALL)

# The rules of form, which loading applies, and those that only a binding can see.
OTHER_RULES = {
    "E100": "the folder of the spec holds files",
    "E101": "a value is a text, a list or a mapping as its key wants it",
    "E102": "a text has the form that its key wants",
    "E103": "a record has no other keys than those listed here",
    "E104": "a word is one of those that its key takes",
    "E105": "a record has every key that must be there",
    "E106": "a key stands once in its record",
    "E107": "a file is YAML in UTF-8, and not empty",
    "E301": "a name belongs to one option of a program",
    "E314": "options that share a field agree on its kind, and constants fit it",
    "E315": "a default is a value of the option's type, and stored",
    "E316": "the samples are judged by the type as they say",
    "E405": "the parser of every program that shows an example accepts it",
}


def all_rules() -> dict[str, str]:
    """Sentence by id, sorted."""
    functions = [*check.RULES, pod_output.check_prose]
    matches = [RULE.match(" ".join((function.__doc__ or "").split())) for function in functions]
    rules = OTHER_RULES | {match.group(1): match.group(2).rstrip(".") for match in matches if match}
    return dict(sorted(rules.items()))
