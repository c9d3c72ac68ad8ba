"""Runs `codegen check` over several spec folders in one process: prints each folder, then what check writes."""

import contextlib
import io
import sys
from pathlib import Path

from codegen.__main__ import main


def check(folder: str) -> str:
    """What check writes about a folder, with its exit status at the end."""
    sys.argv = ["codegen", "--spec", str(Path(folder) / "opts"), "--pod", str(Path(folder) / "pod"), "check"]
    out = io.StringIO()
    with contextlib.redirect_stderr(out):
        status = main()
    return f"{out.getvalue()}status {status}\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        report = check(name)
        print(f"== {Path(name).name}\n{report}", end="")
