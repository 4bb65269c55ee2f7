"""Golden cases: a folder that a user could have, commands, and everything that comes of them.

``tests/golden/<case>/`` holds the sources, a file ``cmd`` with one ``mlc`` command a line, and what is expected:

============== =====================================================================================================
``stdout.txt`` what the commands print, one after another; no file: nothing
``stderr.txt`` the same of standard error
``exit``       the exit status of the last command; no file: 0. The first that fails is the last
``expected/``  every file that the commands wrote or changed, below the case's folder
``compare``    optional: glob patterns, one a line; only files that match are compared. ``!`` takes away again
``from``       optional: a folder of the checkout whose files are the sources, too
============== =====================================================================================================

A case runs in a copy. In texts, the copy's own path is replaced by ``<case>``, and nothing else is.
"""

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "golden"
_CONTROL = ("cmd", "compare", "from", "exit", "stdout.txt", "stderr.txt", "expected")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Case:
    """One folder below ``tests/golden/``."""

    folder: Path

    def expected(self) -> dict[str, bytes]:
        """What the case's folder says should come out, by path below it."""
        names = ("exit", "stdout.txt", "stderr.txt")
        files = {name: (self.folder / name).read_bytes() for name in names if (self.folder / name).is_file()}
        return files | {f"expected/{path}": content for path, content in _files(self.folder / "expected")}

    def run(self, work: Path) -> dict[str, bytes]:
        """Run the commands in a copy below ``work``; what came out, in the form of :meth:`expected`."""
        place = self._copy(work / "case")
        before = dict(_files(place))
        streams = work / "stdout", work / "stderr"
        status = 0
        for command in self._commands():
            status = _in_child(command, place, streams)
            if status:
                break
        made = {
            f"expected/{path}": content
            for path, content in _files(place)
            if before.get(path) != content and self._compared(path)
        }
        texts = {
            f"{stream.name}.txt": stream.read_bytes().replace(os.fsencode(place), b"<case>")
            for stream in streams
            if stream.is_file() and stream.stat().st_size
        }
        return made | texts | ({"exit": f"{status}\n".encode()} if status else {})

    def update(self, actual: dict[str, bytes]) -> None:
        """Make the case expect ``actual``."""
        shutil.rmtree(self.folder / "expected", ignore_errors=True)
        for name in ("exit", "stdout.txt", "stderr.txt"):
            (self.folder / name).unlink(missing_ok=True)
        for name, content in actual.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def _copy(self, place: Path) -> Path:
        origin = self.folder / "from"
        ignore = shutil.ignore_patterns("__pycache__")
        if origin.is_file():
            shutil.copytree(ROOT / origin.read_text().strip(), place, ignore=ignore)
        shutil.copytree(self.folder, place, ignore=ignore, symlinks=True, dirs_exist_ok=True)
        for name in _CONTROL:
            path = place / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        return place

    def _commands(self) -> Iterator[list[str]]:
        for line in (self.folder / "cmd").read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                program, *arguments = shlex.split(line)
                assert program == "mlc", f"{self.folder.name}/cmd: only mlc is run, not {program}"
                yield arguments

    def _compared(self, path: str) -> bool:
        rules = self.folder / "compare"
        compared = not rules.is_file()
        for rule in rules.read_text().split() if rules.is_file() else ():
            if fnmatch(path, rule.removeprefix("!")):
                compared = not rule.startswith("!")
        return compared


def cases() -> list[Case]:
    """All cases, by name; a folder without ``cmd`` is none."""
    return [Case(file.parent) for file in sorted(CASES.rglob("cmd"))]


def difference(expected: dict[str, bytes], actual: dict[str, bytes]) -> str:
    """A unified diff over all files; empty if they are the same. Files on one side only show as such."""
    return "".join(
        "".join(_diff(name, expected.get(name), actual.get(name)))
        for name in sorted(expected.keys() | actual.keys())
        if expected.get(name) != actual.get(name)
    )


def _diff(name: str, expected: bytes | None, actual: bytes | None) -> Iterator[str]:
    if expected is None:
        yield f"{name}: came out, but is not expected\n"
    if actual is None:
        yield f"{name}: is expected, but did not come out\n"
        return
    try:
        old, new = ((side or b"").decode().splitlines(keepends=True) for side in (expected, actual))
    except UnicodeDecodeError:
        yield f"{name}: the bytes differ\n"
        return
    for line in unified_diff(old, new, f"expected {name}", f"actual {name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ no newline at the end\n"


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(root).as_posix(), path.read_bytes()


def _warm() -> None:
    """Import what nearly every command needs: in this process once, not in every child."""
    for module in ("mlc.cli.app", "mlc.cli.build", "mlc.cli.check", "mlc.driver", "jinja2"):
        import_module(module)


def _in_child(arguments: list[str], place: Path, streams: tuple[Path, Path]) -> int:
    """``mlc ARGUMENTS`` in ``place``: in a fork, which costs little and leaves nothing behind in this process."""
    _warm()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 70
    try:
        signal.alarm(_SECONDS)
        status = _run(arguments, place, streams)
    finally:
        os._exit(status)


def _run(arguments: list[str], place: Path, streams: tuple[Path, Path]) -> int:
    os.chdir(place)
    if (place / "locks").is_dir():  # tests resolve nothing, but those of locks
        os.environ.pop("MLC_NO_LOCK", None)
    os.environ |= {"COLUMNS": "100", "DOCKER_HOST": "unix:///nowhere/docker.sock", "PWD": str(place)}
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, stream in enumerate(streams, start=1):
        os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    sys.argv = ["mlc", *arguments]
    from mlc.cli import main

    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    return int(status)
