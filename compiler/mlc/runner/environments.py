"""Environments for steps that run as plain processes: virtual environments made by uv, kept in the cache by content.

An environment is made in a folder of its own under a lock; a small file named after its key, put there atomically at
the end, says that it is whole. Scripts in it hold their absolute path, so it is never moved.
"""

import json
import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mlc.config.network import NOTHING_SET, Network
from mlc.diagnostics import NOWHERE, Diagnostic, MlcError, fail
from mlc.files import File
from mlc.hashing import digest
from mlc.images.cache import cache_root, locked, write_atomically
from mlc.images.children import Children
from mlc.images.failure import TAIL, explain_failure
from mlc.images.report import Report, State, Subject
from mlc.images.site import covered, hidden, installing
from mlc.images.uv import find_uv
from mlc.images.words import capital
from mlc.ir.image import BuildDockerfile, Image, MambaInstall, UseImage, UvInstall
from mlc.ir.local import moved, put
from mlc.ir.variables import variables_of
from mlc.records import dataclass
from mlc.runner.locked import lines_to_install

CONDA_TOOLS = ("micromamba", "mamba", "conda")
SEED = ("--seed",)
"""pip in every environment, as in the images: scripts call it."""
_PYTHON_IMAGE = re.compile(r"(?:^|/)python:(\d+\.\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An environment to run steps in: folders that go first in PATH, and variables that go with it."""

    path: tuple[Path, ...]
    variables: tuple[tuple[str, str], ...] = ()
    reused: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """How an environment is made: commands to run one after another, in an empty folder, with ``files`` in it."""

    key: str
    asks: str
    commands: Callable[[Path], Sequence[Sequence[str]]]
    files: tuple[tuple[str, str], ...]
    local: tuple[tuple[str, File], ...] = ()
    """What the lines of ``files`` name on the author's machine, by path in the bundle."""
    network: Network = NOTHING_SET


def ready(image: Image, children: Children, report: Report, network: Network = NOTHING_SET) -> Ready:
    """The environment of ``image`` on this machine, made if it is not there; E655 or E656 if that is impossible.

    ``network`` says how the site reaches package indexes; what it says is no part of what an environment is.
    """
    match image.recipe:
        case UvInstall() as recipe:
            python = recipe.python or _python_of(recipe.base)
            if python is None:
                python = f"{sys.version_info.major}.{sys.version_info.minor}"
                report.diagnostic(_own_python(image, recipe.base, python))
            return _kept(image, replace(_with_uv(recipe, python), network=network), children, report)
        case MambaInstall() as recipe:
            return _kept(image, replace(_with_conda(image, recipe), network=network), children, report)
        case UseImage(base=base):
            report.diagnostic(_from_machine(image, base))
            return Ready(path=_host_python())
        case BuildDockerfile(dockerfile=name):
            raise fail(
                "E655",
                NOWHERE,
                f"Environment {image.name} cannot be had without Docker",
                why=f"It is built by {name}",
                fix="Start a Docker engine (`mlc doctor` says what is missing), or give it a conda file",
            )


def _with_uv(recipe: UvInstall, python: str) -> _Recipe:
    uv = find_uv()
    requirements, options = lines_to_install(recipe)

    def commands(home: Path) -> Sequence[Sequence[str]]:
        make = [uv, "venv", "--no-project", *SEED, "--python", python, "--prompt", "mlc", str(home / "env")]
        interpreter = str(home / "env" / "bin" / "python")
        install = [uv, "pip", "install", "--python", interpreter, *options, "--requirements", "requirements.txt"]
        return [make, install] if any(line.strip() for line in requirements) else [make]

    return _Recipe(
        key=digest(["uv", 1, python, requirements, *options, sysconfig.get_platform()]),
        asks=f"Python {python}",
        commands=commands,
        files=(("requirements.txt", "".join(f"{line}\n" for line in requirements)),),
        local=recipe.local,
    )


def _with_conda(image: Image, recipe: MambaInstall) -> _Recipe:
    tool = next((found for name in CONDA_TOOLS if (found := shutil.which(name))), None)
    if tool is None:
        raise fail(
            "E655",
            NOWHERE,
            f"Environment {image.name} cannot be had without Docker",
            why=f"It asks for conda packages ({', '.join(recipe.conda[:3])}), and no {CONDA_TOOLS[0]} is on PATH",
            fix='Start a Docker engine, install micromamba, or set `installer = "uv"` in mlc.toml',
        )
    if recipe.lock is not None:
        return _with_locked_conda(tool, recipe)
    equals = "=" if (recipe.python or "")[:1].isdigit() else ""
    python = [f"python{equals}{recipe.python}"] if recipe.python else []
    pip = ["pip", {"pip": list(recipe.pip)}] if recipe.pip else []
    listing = {"channels": list(recipe.channels), "dependencies": [*python, *recipe.conda, *pip]}

    def commands(home: Path) -> Sequence[Sequence[str]]:
        conda = [] if Path(tool).name == "micromamba" else ["env"]
        return [[tool, *conda, "create", "--yes", "--prefix", str(home / "env"), "--file", "conda.yaml"]]

    return _Recipe(
        key=digest(["conda", 1, listing, sysconfig.get_platform()]),
        asks=f"{len(recipe.conda)} conda packages",
        commands=commands,
        files=(("conda.yaml", json.dumps(listing, indent=1)),),  # JSON is YAML too
        local=recipe.local,
    )


def _with_locked_conda(tool: str, recipe: MambaInstall) -> _Recipe:
    """The very files of the lock, which any of conda's programs installs without choosing; then pip's."""
    from mlc.backends.docker.conda_layers import explicit_file

    conda = recipe.lock.conda if recipe.lock else ()
    explicit = explicit_file(conda)
    requirements, options = lines_to_install(recipe)

    def commands(home: Path) -> Sequence[Sequence[str]]:
        make = [tool, "create", "--yes", "--prefix", str(home / "env"), "--file", "explicit.txt"]
        python = str(home / "env" / "bin" / "python")
        install = [python, "-m", "pip", "install", "--no-input", *options, "--requirement", "requirements.txt"]
        return [make, install] if recipe.lock and recipe.lock.pip else [make]

    return _Recipe(
        key=digest(["locked conda", 1, explicit, requirements, *options, sysconfig.get_platform()]),
        asks=f"{len(conda)} conda packages",
        commands=commands,
        files=(("explicit.txt", explicit), ("requirements.txt", "".join(f"{line}\n" for line in requirements))),
        local=recipe.local,
    )


def _kept(image: Image, recipe: _Recipe, children: Children, report: Report) -> Ready:
    root = cache_root() / "environments"
    pointer = root / f"{recipe.key[:32]}.json"
    if (folder := _whole(pointer)) is not None:
        return _ready(folder, reused=True)

    def waiting() -> None:
        report.line(Subject.IMAGE, image.name, "waiting for another run that makes the same environment")

    lock = cache_root() / "locks" / f"environment-{recipe.key[:32]}"
    with locked(lock, waiting, lambda: children.stopping):
        if (folder := _whole(pointer)) is not None:
            return _ready(folder, reused=True)
        return _ready(_make(image, recipe, pointer, children, report), reused=False)


def _make(image: Image, recipe: _Recipe, pointer: Path, children: Children, report: Report) -> Path:
    """Make the environment in a fresh folder; it is removed again if anything goes wrong."""
    import tempfile
    import time

    start, state = time.monotonic(), State.FAILED
    report.started(Subject.IMAGE, image.name)
    pointer.parent.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix=f"{recipe.key[:12]}-", dir=pointer.parent))
    try:
        put(dict(recipe.local), home)
        for name, text in recipe.files:
            (home / name).write_text(moved(text, str(home)), encoding="utf-8")
        for command in recipe.commands(home):
            _run(image, recipe, command, home, children, report)
        about = {"folder": home.name, "asks": recipe.asks, "files": dict(recipe.files)}
        write_atomically(pointer, json.dumps(about, indent=1) + "\n")
        state = State.SUCCEEDED
    except (InterruptedError, KeyboardInterrupt):
        state = State.CANCELLED
        raise
    finally:
        if state is not State.SUCCEEDED:
            children.stop()
            shutil.rmtree(home, ignore_errors=True)
        report.finished(Subject.IMAGE, image.name, state, time.monotonic() - start)
    return home


def _run(image: Image, recipe: _Recipe, command: Sequence[str], home: Path, children: Children, report: Report) -> None:
    lines: list[str] = []

    site = installing(image, recipe.network)
    secret = hidden(recipe.network, site, variables_of(image))

    def line(text: str) -> None:
        text = covered(text, secret)
        lines.append(text)
        report.line(Subject.IMAGE, image.name, text)

    # As in the images: every index counts, and this machine's Pythons come before one that is downloaded.
    ways = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_PREFERENCE": "system"}
    own = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    env = ways | {name: value for name, value in os.environ.items() if name not in own} | site
    code = children.run(command, line, cwd=home, env=env)
    if children.stopping:
        raise InterruptedError("stopped")
    if code:
        raise _failure(image, recipe, lines)


def _failure(image: Image, recipe: _Recipe, lines: list[str]) -> MlcError:
    failure = explain_failure(image, "\n".join(lines))
    told = " / ".join(" ".join(line.split()) for line in lines[-TAIL:] if line.strip())
    what = f"Environment {image.name} ({recipe.asks}) cannot be installed on this machine"
    fix = f"{failure.fix}. With a Docker engine it runs in its image"
    return MlcError(
        Diagnostic("E656", failure.span, what, capital(failure.why or told[-600:]), fix, notes=failure.notes)
    )


def _whole(pointer: Path) -> Path | None:
    """The folder of an environment that is complete and whose Python is still there."""
    try:
        folder = pointer.parent / json.loads(pointer.read_text(encoding="utf-8"))["folder"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder if (folder / "env" / "bin" / "python").exists() else None


def _ready(folder: Path, *, reused: bool) -> Ready:
    home = folder / "env"
    return Ready(path=(home / "bin",), variables=(("VIRTUAL_ENV", str(home)),), reused=reused)


def _python_of(base: str) -> str | None:
    """The Python that an official image's tag promises (``python:3.9-slim``)."""
    found = _PYTHON_IMAGE.search(base)
    return found[1] if found else None


def _host_python() -> tuple[Path, ...]:
    """This machine's own programs; where it has ``python3`` only, a folder with ``python`` is put before them."""
    if shutil.which("python") is not None:
        return ()
    real = shutil.which("python3") or sys.executable
    folder = cache_root() / "host-python"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "python"
    if not link.is_symlink() or link.readlink() != Path(real):
        link.unlink(missing_ok=True)
        link.symlink_to(real)
    return (folder,)


def _from_machine(image: Image, base: str) -> Diagnostic:
    return fail(
        "W651",
        NOWHERE,
        f"Environment {image.name} is the image {base}, which plain processes cannot use",
        why="Its steps run with the Python and the packages of this machine",
        fix="Expect missing packages; start a Docker engine to run them as they are meant",
    ).diagnostic


def _own_python(image: Image, base: str, python: str) -> Diagnostic:
    return fail(
        "W652",
        NOWHERE,
        f"Environment {image.name} takes Python {python} of this machine",
        why=f"Its conda file names no Python, and which one {base} has cannot be seen without Docker",
        fix="Name one in the conda file (`- python=3.11`)",
    ).diagnostic
