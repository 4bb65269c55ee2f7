"""A folder of code and a Python to run its components with, by the shim of the bundle."""

import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

RUNTIME = Path(__file__).parents[3] / "templates" / "runtime"
VERSIONS = ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]
_PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"


def interpreter(version: str) -> str | None:
    """A Python of that version: the one that runs the tests, one of pyenv's, or one in PATH."""
    if version == ".".join(map(str, sys.version_info[:2])):
        return sys.executable
    found = sorted(_PYENV.glob(f"{version}.*/bin/python"))
    return str(found[-1]) if found else shutil.which(f"python{version}")


@dataclass
class Shim:
    """A folder of code and a Python. ``run`` executes a component in it as a step would."""

    folder: Path
    python: str

    def write(self, text: str, name: str = "comps.py") -> "Shim":
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return self

    def run(
        self, name: str, *words: str, source: str = "comps.py", **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        bin_folder = self.folder.parent / "bin"
        bin_folder.mkdir(exist_ok=True)
        if not (bin_folder / "python3").is_symlink():
            (bin_folder / "python3").symlink_to(self.python)
        return subprocess.run(
            [RUNTIME / "bin/mldesigner", "execute", "--source", source, "--name", name, *words],
            cwd=self.folder,
            env={"PATH": f"{bin_folder}:/usr/bin:/bin", "PYTHONPATH": str(RUNTIME / "python"), **environment},
            capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip

    def prints(self, name: str, *words: str, **environment: str) -> str:
        ran = self.run(name, *words, **environment)
        assert (ran.returncode, ran.stderr) == (0, ""), ran
        return ran.stdout.strip()

    def fails(self, name: str, *words: str, source: str = "comps.py") -> str:
        ran = self.run(name, *words, source=source)
        assert ran.returncode == 1, ran
        return ran.stderr.strip()


def in_folder(folder: Path, python: str) -> Shim:
    """A shim with an empty folder of code below ``folder``."""
    (folder / "code").mkdir()
    return Shim(folder / "code", python)
