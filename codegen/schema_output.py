"""The schema by which editors check and complete the files of the spec while they are written."""

from __future__ import annotations

import json
from typing import Any

from .model import record_classes
from .shapes import Rec


def schema() -> dict[str, Any]:
    """JSON Schema for a file under opts/. It knows the form of records; only the generator knows the rules."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": 'Made from codegen/model.py by codegen/schema_output.py; run "make schema".',
        "title": "A file of the option spec of s_apps",
        "allOf": [{"$ref": "#/definitions/SpecFile"}],
        "definitions": {cls.__name__: Rec(cls).definition() for cls in record_classes()},
    }


def schema_text() -> str:
    """The schema as a file."""
    return json.dumps(schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
