"""Resolving with uv: a question for one platform and one Python, whatever this machine has."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from mlc.images.locks.hidden import hidden_in
from mlc.images.locks.options import Split, split
from mlc.images.locks.pylock import annotations, packages
from mlc.images.locks.reasons import ResolveError, Trouble, explained
from mlc.images.locks.request import Request
from mlc.images.locks.target import uv_platform
from mlc.images.uv import find_uv
from mlc.ir.local import moved, put
from mlc.ir.lock import LockedPackage
from mlc.records import dataclass

SECONDS = 600
"""How long one resolution may take; large sources that have to be built take minutes."""
_NOT_INHERITED = (
    *("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PYTHON", "UV_CONSTRAINT", "UV_OVERRIDE", "UV_RESOLUTION"),
    *("UV_PRERELEASE", "UV_TORCH_BACKEND", "UV_EXCLUDE_NEWER", "UV_NO_BINARY", "UV_ONLY_BINARY", "UV_PROJECT"),
)
"""Variables of the caller that would decide what is resolved without standing in the lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What may change of an answer that is there: all of it, or these packages (by normal name)."""

    everything: bool = False
    packages: tuple[str, ...] = ()


def resolve(
    request: Request,
    kept: tuple[LockedPackage, ...],
    update: Update,
    variables: Mapping[str, str],
    indexes: tuple[str, ...] = (),
) -> tuple[LockedPackage, ...]:
    """The packages that answer ``request``, sorted by name; :class:`ResolveError` if there is no answer.

    ``kept`` are preferred as they are. ``variables`` say how the network is reached; ``indexes`` come on top of those
    that the request names.
    """
    with tempfile.TemporaryDirectory(prefix="mlc-lock-") as scratch:
        folder = Path(scratch).resolve()
        put(dict(request.local), folder)
        asked = split(tuple(moved(line, str(folder)) for line in request.requirements))
        _write(folder / "requirements.in", asked.lines)
        _write(folder / "constraints.txt", (*request.limits, *request.constraints))
        _write(folder / "pinned.txt", (_pin(package) for package in kept if _has_address(package)))
        _write(folder / "options.in", (*asked.options, *(f"--extra-index-url {index}" for index in indexes)))
        common = ["options.in", *_common(request, asked)]
        upgrade = ["--upgrade"] if update.everything else []
        upgrade += [word for name in update.packages for word in ("--upgrade-package", name)]
        first = ["requirements.in", "--constraints", "constraints.txt", "--output-file", "pinned.txt", *upgrade]
        _run([*first, "--annotation-style", "line", "--no-header", *common], folder, variables)
        # The same packages again, with all that is known of their files. The indexes' pages are in uv's cache by now.
        second = ["pinned.txt", "--no-deps", "--format", "pylock.toml", "--output-file", "pylock.toml", *common]
        _run(second, folder, variables)
        via = annotations(iter((folder / "pinned.txt").read_text(encoding="utf-8").splitlines()))
        text = (folder / "pylock.toml").read_text(encoding="utf-8")
    try:
        found = packages(text, from_source=asked.from_source, local=str(folder))
    except ValueError as problem:
        raise ResolveError(Trouble.OTHER, str(problem)) from None
    rest = tuple(package for package in found if package.name not in request.left_out)
    safe = tuple(replace(package, source=hidden_in(package.source, request, variables)) for package in rest)
    return _checked(safe, via, asked)


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _common(request: Request, asked: Split) -> list[str]:
    words = ["--python-platform", uv_platform(request.platform, request.library)]
    words += ["--python-version", request.python] if request.python else []
    return [*words, "--index-strategy", "unsafe-best-match", "--quiet", *asked.arguments]


def _checked(
    found: tuple[LockedPackage, ...], via: Mapping[str, tuple[str, ...]], asked: Split
) -> tuple[LockedPackage, ...]:
    """With who asks for each; files that the author gave hashes for are those files only."""
    done = []
    for package in found:
        hashes = package.hashes
        given = asked.hashes.get(package.name)
        if given and hashes:
            hashes = tuple(value for value in hashes if value in given)
            if not hashes:
                why = f"None of the files of {package.name} {package.version} has a hash that its line gives"
                raise ResolveError(Trouble.UNSATISFIABLE, why)
        if not hashes and not package.source:
            why = f"The index gives no SHA-256 for {package.name} {package.version}"
            raise ResolveError(Trouble.OTHER, why)
        done.append(replace(package, hashes=hashes, via=via.get(package.name, ())))
    return tuple(sorted(done, key=lambda package: package.name))


def _has_address(package: LockedPackage) -> bool:
    """Not so what the bundle carries: it is as it is now."""
    return not package.source or "://" in package.source


def _pin(package: LockedPackage) -> str:
    if package.source:
        return f"{package.name} @ {package.source}"
    return f"{package.name}=={package.version}"


def _run(arguments: list[str], folder: Path, variables: Mapping[str, str]) -> None:
    own = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    ways = {"UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1", "UV_NO_PROGRESS": "1"}
    command = [find_uv(), "pip", "compile", *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=own | ways | dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ResolveError(Trouble.UNREACHABLE, f"There was no answer within {SECONDS} seconds") from None
    except OSError as problem:
        raise ResolveError(Trouble.OTHER, f"uv cannot be started: {problem.strerror or problem}") from None
    if done.returncode:
        raise explained(done.stderr or done.stdout, str(folder))
