"""The commands shown in README.md and docs/ do what is shown there.

Every ```console block is run, a page at a time, in a scratch folder that holds a copy of components/. Lines that begin
with ``$`` are commands, ``> `` goes on with one, and what follows is what it prints (both streams); ``...`` stands for
anything, alone on a line for any lines. A comment before a block changes that: ``<!-- engine -->`` needs a Docker
engine, ``<!-- not run: why -->`` is not run. A command that is meant to fail ends with ``# exit status N``.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import in_ci
from tests.support import standins
from tests.support.engine import default

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"(?:<!-- (?P<mark>[^>]*?) -->\n)?```console\n(?P<text>.*?)```", re.DOTALL)
_CURSOR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""Compose moves the cursor even on a dumb terminal."""
_STATUS = re.compile(r"# exit status (\d+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """One command of a page, what is shown behind it, and how the block is marked."""

    command: str
    output: tuple[str, ...]
    mark: str

    @property
    def status(self) -> int:
        found = _STATUS.search(self.command)
        return int(found[1]) if found else 0


def commands(text: str) -> list[Shown]:
    found = []
    for block in _BLOCK.finditer(text):
        for part in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            command, *output = part.rstrip("\n").split("\n")
            while command.endswith("\\"):
                command = f"{command[:-1]}{output.pop(0)}"
            while output and output[0].startswith("> "):
                command = f"{command}\n{output.pop(0)[2:]}"
            found.append(Shown(command, tuple(output), block["mark"] or ""))
    return found


def pattern(lines: tuple[str, ...]) -> str:
    parts = []
    for line in lines:
        if line.strip() == "...":
            parts.append("(?:.*\n)*?")
        else:
            parts.append(re.escape(line.rstrip()).replace(re.escape("..."), ".*") + "[ \t]*\n")
    return "".join(parts)


def environment(*, engine: bool) -> dict[str, str]:
    """The test's own home and cache are set by the fixture of all tests."""
    if engine:
        found = default()
        standins.provide(found)
        own = found.variables()
    else:
        own = {**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"
    return own | {"PATH": path, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"}


def run_page(page: Path, scratch: Path, *, engine: bool) -> None:
    shutil.copytree(ROOT / "components", scratch / "components", ignore=shutil.ignore_patterns("__pycache__"))
    around = environment(engine=engine)
    folder = scratch
    for shown in commands(page.read_text(encoding="utf-8")):
        if shown.mark.startswith("not run: ") or (shown.mark == "engine" and not engine):
            continue
        if shown.command.startswith("cd ") and "&" not in shown.command:
            folder = (folder / shown.command.removeprefix("cd ").strip()).resolve()
            continue
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", shown.command],
            cwd=folder,
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=1800,
        )
        assert done.returncode == shown.status, f"$ {shown.command}\n{done.stdout}"
        if shown.output:
            expected = pattern(shown.output)
            assert re.fullmatch(expected, _CURSOR.sub("", done.stdout)), (
                f"$ {shown.command}\n{done.stdout}\nis not\n" + "\n".join(shown.output)
            )


def pages(*, engine: bool) -> list[Path]:
    """Pages with commands to run; with ``engine`` only those that have a block for one."""
    texts = {page: commands(page.read_text(encoding="utf-8")) for page in PAGES if page.exists()}
    if engine:
        return [page for page, shown in texts.items() if any(one.mark == "engine" for one in shown)]
    return [page for page, shown in texts.items() if any(not one.mark for one in shown)]


@pytest.mark.parametrize("page", pages(engine=False), ids=lambda page: page.name)
def test_commands_without_an_engine(page, tmp_path):
    run_page(page, tmp_path / "scratch", engine=False)


@pytest.mark.engine
@pytest.mark.parametrize("page", pages(engine=True), ids=lambda page: page.name)
def test_commands_with_an_engine(page, tmp_path):
    # What an earlier run left, also one that was killed, would be reused; elsewhere than in CI it is somebody's demo.
    if (there := leftovers()) and not in_ci():
        pytest.skip(f"the example's outputs are on this engine, and the test would remove them: {there}")
    remove(leftovers())
    try:
        run_page(page, tmp_path / "scratch", engine=True)
    finally:
        remove(leftovers())


def leftovers():
    """The containers, volumes and networks of the example by their kind; containers first, they keep volumes alive."""
    own = "name=^/?fashion_mnist[_-]"
    kinds = {"container": ("--all",), "volume": (), "network": ()}
    found = {kind: docker(kind, "ls", "--quiet", *more, "--filter", own).split() for kind, more in kinds.items()}
    return {kind: names for kind, names in found.items() if names}


def remove(there):
    for kind, names in there.items():
        docker(kind, "rm", *(() if kind == "network" else ("--force",)), *names)


def docker(*arguments):
    done = subprocess.run(
        ["docker", *arguments], env=environment(engine=True), capture_output=True, text=True, check=False
    )
    return done.stdout


def test_marks_are_known():
    for page in PAGES:
        for shown in commands(page.read_text(encoding="utf-8")):
            assert shown.mark in ("", "engine") or shown.mark.startswith("not run: "), f"{page.name}: {shown.mark}"


def test_the_picture_of_the_example_is_fresh(tmp_path):
    source = str(ROOT / "components" / "fashion_mnist" / "pipeline.py")
    mlc = Path(sys.executable).with_name("mlc")
    subprocess.run([mlc, "graph", source, "-o", "graph.svg"], cwd=tmp_path, check=True)
    assert (tmp_path / "graph.svg").read_bytes() == (ROOT / "docs" / "fashion_mnist.svg").read_bytes()


def test_the_pattern_of_shown_output():
    assert re.fullmatch(pattern(("a", "...", "b ... s")), "a\nx\ny\nb 3.1 s\n")
    assert re.fullmatch(pattern(("a", "...", "b")), "a\nb\n")
    assert not re.fullmatch(pattern(("a", "b")), "a\nx\nb\n")
    assert commands("```console\n$ one \\\n  two\nout\n$ three  # exit status 4\n```\n")[1].status == 4
