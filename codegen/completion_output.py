"""Completions for bash, zsh and fish: the options of this build, their words, and what a file or directory is."""

from __future__ import annotations

from collections.abc import Iterator

from .bound import Bound
from .completion import completions, positional
from .emit import Output

DRIVER = "s_apps"


def write_completion(bound: Bound) -> Iterator[Output]:
    """One file for bash and zsh, and one for each program for fish."""
    programs = [(program, completions(program), positional(program)) for program in bound.programs]
    yield Output(f"completion/bash/{DRIVER}", "completion.bash.j2", {"programs": programs, "driver": DRIVER})
    yield Output(f"completion/zsh/_{DRIVER}", "completion.zsh.j2", {"programs": programs, "driver": DRIVER})
    for program, options, argument in programs:
        values = {"program": program, "options": options, "positional": argument}
        yield Output(f"completion/fish/{program.name}.fish", "completion.fish.j2", values)
    yield Output(f"completion/fish/{DRIVER}.fish", "driver.fish.j2", {"programs": bound.programs, "driver": DRIVER})
