"""Facts with proof: makes one fact of the spec false at a time, rebuilds the tables, and wants a test to fail.

The tests are those made from the unchanged spec. Prints each fact, the change, and the test that caught it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import jinja2

from .__main__ import read_features
from .bind import bind
from .bound import Bound
from .c_output import write_c
from .check import check
from .completion_output import write_completion
from .emit import REBUILD, Writer, environment, outputs, write_if_changed
from .json_output import write_json
from .load import load
from .mutations import Mutation, Mutator, forgotten
from .place import SpecError
from .pod_output import write_pod

ROOT = Path(__file__).parent.parent
COMPILER = os.environ.get("CC", "cc").split()
INSTRUMENTED = ("-fsanitize=", "--coverage", "-m32")
SAME = "nothing differs in this build"


@dataclass(frozen=True)
class Subject:
    """What is tested: the spec, the build of its unchanged form, and what to link its tables with."""

    spec: Path
    pod: Path
    build: Path
    objects: list[Path]
    libraries: list[str]
    includes: list[str]
    flags: list[str]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutation."""

    index: int
    fact: str
    change: str
    caught: str


@dataclass
class Workshop:
    """A worker's own copy of the build. What is unchanged stays as it is: its texts, its objects and its program."""

    subject: Subject
    bound: Bound
    folder: Path
    env: jinja2.Environment = field(default_factory=environment)
    mutations: list[Mutation] = field(default_factory=list)
    unchanged: dict[str, str] = field(default_factory=dict)
    runner: subprocess.Popen[str] | None = None
    catchers: dict[str, Path] = field(default_factory=dict)

    def prepare(self) -> None:
        """Writes and compiles the unchanged spec."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("bin", "obj", "changed"):
            (self.folder / name).mkdir(parents=True)
        shutil.copy(self.subject.build / "features.list", self.folder)
        for program in self.bound.programs:
            (self.folder / "bin" / program.name).symlink_to("s_apps")
        self.mutations = list(Mutator(self.bound).all())
        self.unchanged = self.render()
        self.write(self.unchanged)
        failed = self.compile(self.sources(), "obj") or self.link([])
        if failed:
            raise SystemExit(f"the unchanged tables do not build: {failed}")
        for test in self.tests():
            if found := self.run(test):
                raise SystemExit(f"the unchanged tables fail {test.name}: {found}")
        (self.folder / "bin" / "s_apps").rename(self.folder / "s_apps")

    def sources(self) -> list[str]:
        """The generated C files that are a part of the program."""
        mains = [] if self.subject.libraries else [f"{program.name}_main.c" for program in self.bound.programs]
        return sorted({path for path in self.unchanged if path.endswith(".c")} - set(mains))

    def tests(self) -> list[Path]:
        """The recipes made from the unchanged spec."""
        return sorted((self.subject.build / "gen" / "test").glob("*.t"))

    def render(self) -> dict[str, str]:
        """All outputs but the tests: text by path."""
        writers: list[Writer] = [write_c, write_json, partial(write_pod, folder=self.subject.pod), write_completion]
        return {
            output.path: self.env.get_template(output.template).render(
                template=output.template, rebuild=REBUILD, **output.values
            )
            for output in outputs(self.bound, writers)
        }

    def write(self, texts: dict[str, str]) -> None:
        """Writes outputs."""
        for path, text in texts.items():
            write_if_changed(self.folder / "gen" / path, text)

    def compile(self, names: list[str], folder: str) -> str:
        """Compiles tables without optimising; gives the compiler's complaint."""
        for name in names:
            command = [*COMPILER, "-O0", "-std=c11", "-D_GNU_SOURCE", *self.subject.flags]
            command += [f"-I{self.folder}/gen", *self.subject.includes]
            command += ["-c", "-o", str(self.folder / folder / f"{name}.o"), str(self.folder / "gen" / name)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                return next((line for line in done.stderr.splitlines() if "error:" in line), "it fails")
        return ""

    def link(self, changed: list[str]) -> str:
        """Links the program with the changed tables; gives the linker's complaint."""
        tables = [f"{self.folder}/{'changed' if name in changed else 'obj'}/{name}.o" for name in self.sources()]
        command = [*COMPILER, *self.subject.flags, "-o", f"{self.folder}/bin/s_apps", *tables]
        command += [*map(str, self.subject.objects), *self.subject.libraries]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return "the linker fails" if done.returncode else ""

    def build(self, changed: list[str]) -> str:
        """The program with what follows from changed files; gives the tools' complaint."""
        program = self.folder / "bin" / "s_apps"
        program.unlink(missing_ok=True)
        headers = any(path.endswith(".h") for path in changed)
        names = [name for name in self.sources() if headers or name in changed]
        if not names:
            program.hardlink_to(self.folder / "s_apps")
            return ""
        return self.compile(names, "changed") or self.link(names)

    def judge(self, index: int) -> Verdict:
        """Makes one fact false and looks for the test that fails."""
        mutation = self.mutations[index]
        changed: dict[str, str] = {}
        mutation.do()
        try:
            texts = self.render()
            changed = {path: text for path, text in texts.items() if self.unchanged.get(path) != text}
            self.write(changed)
            caught = self.catch(list(changed), mutation) if changed else SAME
        except (SpecError, jinja2.TemplateError, LookupError, TypeError, ValueError, StopIteration) as error:
            caught = f"the generator: {type(error).__name__} {error}"
        finally:
            mutation.undo()
            self.write({path: self.unchanged[path] for path in changed if path in self.unchanged})
        return Verdict(index, mutation.fact, mutation.change, caught)

    def catch(self, changed: list[str], mutation: Mutation) -> str:
        """The name of the test that fails, or of the tool that refuses."""
        refused = self.build(changed)
        if refused:
            return f"the compiler: {refused}"
        for test in self.likely(mutation):
            found = self.run(test)
            if found:
                self.catchers[mutation.kind] = test
                return f"{test.name}: {found}"
        return ""

    def likely(self, mutation: Mutation) -> list[Path]:
        """The recipes, that which caught the last fact of this kind first."""
        last = self.catchers.get(mutation.kind)
        return sorted(self.tests(), key=lambda test: (test != last, mutation.first not in test.stem.split("-")[2]))

    def run(self, test: Path) -> str:
        """The first test of a recipe that fails."""
        if self.runner is None:
            command = ["perl", f"-I{ROOT}/test/lib", str(ROOT / "test/obligations/runner.pl")]
            env = dict(os.environ, BUILD=str(self.folder))
            pipe = subprocess.PIPE
            self.runner = subprocess.Popen(  # pylint: disable=consider-using-with
                command, stdin=pipe, stdout=pipe, text=True, bufsize=1, env=env
            )
        assert self.runner.stdin and self.runner.stdout
        self.runner.stdin.write(f"{test}\n")
        self.runner.stdin.flush()
        answer = self.runner.stdout.readline()
        if not answer.endswith("\n"):
            raise RuntimeError("the process that runs the recipes has ended")
        return answer.rstrip("\n")

    def close(self) -> None:
        """Ends the runner and removes the folder."""
        if self.runner and self.runner.stdin:
            self.runner.stdin.close()
            self.runner.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def subject_of(arguments: argparse.Namespace) -> Subject:
    """The fixture or the real spec."""
    build = Path(arguments.build).resolve()
    objects = build / "obj"
    includes = [f"-I{ROOT}/lib", f"-I{ROOT}/apps"]
    flags = [word for word in (build / "flags").read_text(encoding="utf-8").split() if word.startswith(INSTRUMENTED)]
    if arguments.spec == "fixture":
        names = ["lib/base/failure.o", "lib/base/arena.o"]
        parser = [objects / name for name in names]
        parser += sorted((objects / "lib/opt").glob("*.o")) + sorted((objects / "apps/s_apps").glob("*.o"))
        build /= "fixture"
        parser.append(build / "main.o")
        return Subject(ROOT / "test/fixture/opts", ROOT / "test/fixture/pod", build, parser, [], includes, flags)
    rest = sorted(path for name in ("lib", "apps") for path in (objects / name).rglob("*.o"))
    libraries = [*os.environ.get("SSL_LIBS", "-lssl -lcrypto").split(), *os.environ.get("LDLIBS", "").split()]
    includes += [f"-I{build}/probe", *os.environ.get("SSL_CFLAGS", "").split()]
    return Subject(ROOT / "opts", ROOT / "pod", build, rest, libraries, includes, flags)


def bound_of(subject: Subject) -> Bound:
    """The bound model of the unchanged spec."""
    return bind(check(load(subject.spec)), read_features(subject.build / "features.list"))


def work(subject: Subject, tasks: multiprocessing.Queue[int | None], results: multiprocessing.Queue[Verdict]) -> None:
    """A worker: judges facts until there are no more."""
    folder = subject.build / "obligations" / str(os.getpid())
    shop = Workshop(subject, bound_of(subject), folder)
    shop.prepare()
    while (index := tasks.get()) is not None:
        results.put(shop.judge(index))
    shop.close()


def judge_all(subject: Subject, indexes: list[int], jobs: int) -> list[Verdict]:
    """The verdicts, in the order of the facts."""
    context = multiprocessing.get_context("fork")
    tasks: multiprocessing.Queue[int | None] = context.Queue()
    results: multiprocessing.Queue[Verdict] = context.Queue()
    for index in [*indexes, *[None] * jobs]:
        tasks.put(index)
    workers = [context.Process(target=work, args=(subject, tasks, results)) for _worker in range(jobs)]
    for worker in workers:
        worker.start()
    verdicts: list[Verdict] = []
    while len(verdicts) < len(indexes):
        if all(worker.exitcode for worker in workers):
            raise SystemExit("every worker failed")
        verdicts.append(results.get(timeout=600))
    for worker in workers:
        worker.join()
    return sorted(verdicts, key=lambda verdict: verdict.index)


def main() -> int:
    """Goes through the facts, or a sample of them; 1 when a change went unnoticed."""
    parser = argparse.ArgumentParser(prog="obligations", description=__doc__)
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--spec", choices=("fixture", "real"), default="fixture")
    parser.add_argument("--sample", type=int, help="how many facts to try; all by default")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="facts that match this regular expression")
    arguments = parser.parse_args()
    if missing := forgotten():
        print("no rule says how to change:", *missing, file=sys.stderr)
        return 1
    started = time.monotonic()
    subject = subject_of(arguments)
    facts = list(Mutator(bound_of(subject)).all())
    indexes = [index for index, mutation in enumerate(facts) if re.search(arguments.only, mutation.fact)]
    if arguments.sample is not None and arguments.sample < len(indexes):
        indexes = sorted(random.Random(arguments.seed).sample(indexes, arguments.sample))
    verdicts = judge_all(subject, indexes, min(arguments.jobs, max(1, len(indexes))))
    for verdict in verdicts:
        print(f"{verdict.fact}: {verdict.change}\n    {verdict.caught or 'NOT CAUGHT'}")
    unnoticed = [verdict for verdict in verdicts if not verdict.caught]
    same = sum(verdict.caught == SAME for verdict in verdicts)
    print(
        f"{len(verdicts)} of {len(facts)} facts, {len(verdicts) - len(unnoticed) - same} caught, {same} without effect "
        f"in this build, {len(unnoticed)} not caught; {time.monotonic() - started:.0f} seconds"
    )
    for verdict in unnoticed:
        print(f"not caught: {verdict.fact}: {verdict.change}", file=sys.stderr)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
