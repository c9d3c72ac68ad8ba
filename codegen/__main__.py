"""The command line of the generator; the Makefile calls it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .bind import bind
from .bound import Bound
from .c_output import write_c
from .check import check
from .emit import Output, outputs, remove_stale, render
from .json_output import write_json
from .load import load
from .place import SpecError

WRITERS = [write_c, write_json]


def main() -> int:
    """Runs one command; a mistake in the spec is reported on standard error, with exit status 1."""
    arguments = _arguments()
    try:
        index = check(load(arguments.spec))
        if arguments.command == "check":
            bind(index, set(index.spec.collect("features")))
        elif arguments.command == "features":
            _write_features(index.spec.collect("features"), arguments.out)
        else:
            written = render(outputs(bind(index, read_features(arguments.features)), WRITERS), arguments.out)
            remove_stale(arguments.out, written)
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
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="report every mistake in the spec")
    features = commands.add_parser("features", help="write what asks a build for its features")
    generate = commands.add_parser("gen", help="write all outputs")
    generate.add_argument("--features", type=Path, required=True, help="the preprocessed probe")
    for command in (features, generate):
        command.add_argument("--out", type=Path, required=True, help="the folder to write to")
    return parser.parse_args()


def _write_features(features: object, out: Path) -> None:
    values = {"features": features}
    render([Output("args/features.h", "features.h.j2", values), Output("features_probe.c", "features_probe.c.j2", values)], out)


def read_features(path: Path) -> set[str]:
    """The features that the preprocessed probe says are on."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return {words[1] for words in lines if len(words) == 3 and words[0] == "sapp_feature" and words[2] == "1"}


__all__ = ["Bound", "main"]

if __name__ == "__main__":
    sys.exit(main())
