"""The command line of the generator; the Makefile calls it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .bind import bind
from .c_output import write_c
from .check import Index, check
from .completion_output import write_completion
from .emit import Output, Writer, outputs, remove_stale, render, write_if_changed
from .json_output import write_json
from .load import load
from .place import SpecError
from .pod_output import write_pod
from .reference_output import reference_output
from .schema_output import schema_text
from .selfcheck import check_generator
from .test_output import write_tests


def main() -> int:
    """Runs one command; a mistake in the spec is reported on standard error, with exit status 1."""
    arguments = _arguments()
    command: Callable[[argparse.Namespace], None] = arguments.run
    try:
        command(arguments)
    except SpecError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"codegen: {error}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="codegen", description="Makes everything that follows from opts/.")
    parser.add_argument("--spec", type=Path, default=Path("opts"), help="the folder of the spec")
    parser.add_argument("--pod", type=Path, default=Path("pod"), help="the folder of the manual pages' prose")
    commands = parser.add_subparsers(dest="command", required=True)
    known: list[tuple[str, str, Callable[[argparse.Namespace], None]]] = [
        ("check", "report every mistake in the spec and in the generator", _check),
        ("features", "write what asks a build for its features", _features),
        ("gen", "write all outputs", _gen),
        ("schema", "write the schema of the spec's files, for editors", _schema),
        ("reference", "write the reference of the spec's format", _reference),
    ]
    for name, text, run in known:
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        if name != "check":
            command.add_argument("--out", type=Path, required=True, help="the folder or file to write to")
        if name == "gen":
            command.add_argument("--features", type=Path, required=True, help="the preprocessed probe")
    return parser.parse_args()


def _index(arguments: argparse.Namespace) -> Index:
    return check(load(arguments.spec))


def _check(arguments: argparse.Namespace) -> None:
    index = _index(arguments)
    bound = bind(index, set(index.spec.collect("features")))
    list(outputs(bound, _writers(arguments)))
    check_generator()


def _features(arguments: argparse.Namespace) -> None:
    values = {"features": _index(arguments).spec.collect("features")}
    templates = {"args/features.h": "features.h.j2", "features_probe.c": "features_probe.c.j2"}
    render([Output(path, template, values) for path, template in templates.items()], arguments.out)


def _gen(arguments: argparse.Namespace) -> None:
    bound = bind(_index(arguments), read_features(arguments.features))
    written = render(list(outputs(bound, _writers(arguments))), arguments.out)
    remove_stale(arguments.out, written)


def _schema(arguments: argparse.Namespace) -> None:
    write_if_changed(arguments.out, schema_text())


def _reference(arguments: argparse.Namespace) -> None:
    render([reference_output(arguments.out.name)], arguments.out.parent)


def _writers(arguments: argparse.Namespace) -> list[Writer]:
    return [write_c, write_json, partial(write_pod, folder=arguments.pod), write_completion, write_tests]


def read_features(path: Path) -> set[str]:
    """The features that the preprocessed probe says are on."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return {words[1] for words in lines if len(words) == 3 and words[0] == "sapp_feature" and words[2] == "1"}


if __name__ == "__main__":
    sys.exit(main())
