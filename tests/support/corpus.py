"""The reference SDK's own test files (azure-ai-ml 1.9.0, MIT), which are not part of this repository.

They are looked for in the folder that MLC_CORPUS names, in ``shared/corpus`` beside the checkout or above it, and in
the user's cache; CI fetches them from the SDK's repository into that cache. ``tests/conformance/corpus.tsv`` has each
file's digest, and what azure-ai-ml 1.35.2 said of it. ``python -m tests.support.corpus`` fetches them by hand.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "conformance" / "corpus.tsv"
REPOSITORY = "https://github.com/Azure/azure-sdk-for-python"
TAG = "azure-ai-ml_1.9.0"
FOLDER = "sdk/ml/azure-ai-ml/tests/test_configs"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlc-tests" / f"corpus-{TAG}"
_NAMED = os.environ.get("MLC_CORPUS")
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """A file of the corpus and the reference's verdict: ``load`` ok, err or skip; ``validate`` valid, invalid or ''."""

    path: str
    digest: str
    kind: str
    load: str
    validate: str

    @property
    def accepted(self) -> bool | None:
        """Whether the reference takes the file; None: it is neither a job nor a component nor an environment."""
        return None if self.load == "skip" else self.load == "ok" and self.validate != "invalid"


def rows() -> list[Row]:
    """The table."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return [Row(*(line.split("\t") + [""] * 5)[:5]) for line in lines]


def find() -> Path | None:
    """The folder with the files, all of them as the table has them; None: there is none on this machine."""
    named = [Path(_NAMED)] if _NAMED else []
    beside = [folder / "shared" / "corpus" / "test-configs" for folder in ROOT.parents]
    return next((folder for folder in (*named, *beside, _CACHE) if folder.is_dir() and is_complete(folder)), None)


def is_complete(folder: Path) -> bool:
    """Whether each file of the table is there, unchanged."""
    return all((folder / row.path).is_file() and _digest(folder / row.path) == row.digest for row in rows())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def fetch() -> Path:
    """Bring the files from the SDK's repository into the user's cache; raises OSError or CalledProcessError."""
    _CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE.parent) as scratch:
        clone = Path(scratch) / "clone"
        slow = ("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=20")
        options = ("--quiet", "--depth=1", "--filter=blob:none", "--sparse", f"--branch={TAG}")
        _git(*slow, "clone", *options, REPOSITORY, str(clone))
        _git("-C", str(clone), "sparse-checkout", "set", FOLDER)
        made = Path(scratch) / "corpus"
        for row in rows():
            target = made / row.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(clone / FOLDER / row.path, target)
        if not is_complete(made):
            raise OSError(f"{REPOSITORY} at {TAG} has other files than {TABLE.name}")
        shutil.rmtree(_CACHE, ignore_errors=True)
        made.rename(_CACHE)
    return _CACHE


def _git(*arguments: str) -> None:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    subprocess.run(("git", *arguments), check=True, capture_output=True, timeout=_SECONDS, env=environment)


def copy(corpus: Path, target: Path) -> None:
    """A copy in which the folders of code and of data and the build contexts that the files name exist, empty."""
    shutil.copytree(corpus, target)
    for file in [*target.rglob("*.yml"), *target.rglob("*.yaml")]:
        text = file.read_text(encoding="utf-8", errors="replace")
        # Not the path of an asset itself, which is a file as often as a folder.
        for name in re.findall(r"(?m)^(?:\s*-?\s*code|\s+path)\s*:\s*[\"']?(\.{1,2}[^\s\"'#]*)", text):
            folder = Path(os.path.normpath(file.parent / name))
            if target in folder.parents and not folder.exists() and not folder.suffix:
                folder.mkdir(parents=True)
        for name in re.findall(r"(?m)^\s*build:\s*\n\s*path:\s*[\"']?([^\s\"'#]+)", text):
            folder = Path(os.path.normpath(file.parent / name))
            if folder.is_dir():
                (folder / "Dockerfile").touch()
                (folder / "DockerfileNonDefault").touch()


if __name__ == "__main__":
    sys.stdout.write(f"{find() or fetch()}\n")
