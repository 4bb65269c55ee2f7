"""Who takes part in the comparison of image builds: each has a folder, writes its files there, and builds."""

import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

BASE = "docker.io/library/python:3.11-slim-bookworm"
UV = "ghcr.io/astral-sh/uv:0.9.7"

CODE = """\
import matplotlib
import pandas
import pyarrow
import sklearn

print(pandas.__version__, sklearn.__version__, matplotlib.__version__, pyarrow.__version__)
"""

PIP = f"""\
FROM {BASE}
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_BREAK_SYSTEM_PACKAGES=1
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY src .
CMD ["python", "step.py"]
"""

WITH_UV = f"""\
FROM {BASE}
WORKDIR /app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN --mount=type=bind,from={UV},source=/uv,target=/bin/uv uv venv /opt/env
ENV VIRTUAL_ENV=/opt/env PATH=/opt/env/bin:$PATH
RUN --mount=type=bind,from={UV},source=/uv,target=/bin/uv \\
    --mount=type=cache,target=/root/.cache/uv \\
    --mount=type=bind,source=requirements.txt,target=requirements.txt \\
    uv pip install -r requirements.txt
COPY src .
CMD ["python", "step.py"]
"""

PIPELINE = """\
from pathlib import Path

from azure.ai.ml import command, dsl
from azure.ai.ml.entities import Environment

study = command(
    code="./src",
    command="python step.py",
    environment=Environment(image="{base}", conda_file="conda.yaml", name="study"),
)


@dsl.pipeline()
def bench():
    study()


job = bench()
"""


class CannotBuildError(Exception):
    """What a contestant wrote cannot be built on this machine; the text says why, for a cell of the table."""


class Contestant:
    """A way to get an image for the study. ``prepare`` may be called again with more packages."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "study"
        self.folder.mkdir()
        self._tools = folder / "tools"
        self._edits = 0

    def prepare(self, packages: tuple[str, ...]) -> None:
        """Write the sources."""
        (self.folder / "src").mkdir(exist_ok=True)
        if not (self.folder / "src" / "step.py").exists():
            (self.folder / "src" / "step.py").write_text(CODE)
        (self.folder / "requirements.txt").write_text("".join(f"{line}\n" for line in packages))

    def edit_code(self) -> None:
        """Change a line of the step's code."""
        self._edits += 1
        (self.folder / "src" / "step.py").write_text(f"{CODE}print({self._edits})\n")

    def build(self) -> None:
        """Build the image, as a person would."""
        raise NotImplementedError

    def images(self) -> list[str]:
        """Names of what was built, the newest last."""
        return [f"mlc-bench/{self.name}:1"]

    def _install(self, *packages: str) -> None:
        """Give the tool under comparison an environment of its own, outside of the study's folder; only once."""
        if not self._tools.is_dir():
            uv = str(Path(sys.executable).with_name("uv"))
            self._run(uv, "venv", "--quiet", "--seed", str(self._tools))
            self._run(uv, "pip", "install", "--quiet", "--python", self._tool("python"), *packages)

    def _tool(self, name: str) -> str:
        return str(self._tools / "bin" / name)

    def _run(self, *command: str, **variables: str) -> str:
        done = subprocess.run(
            command, check=False, cwd=self.folder, env=os.environ | variables, capture_output=True, text=True
        )
        if done.returncode:
            raise CannotBuildError(_last_words(done.stdout + done.stderr))
        return done.stdout


class Mlc(Contestant):
    """The bundle. Its lock is made beforehand, as it lies beside a source; time for it is part of `package` only."""

    name = "mlc"

    def prepare(self, packages: tuple[str, ...]) -> None:
        first = not (self.folder / "conda.yaml").exists()
        super().prepare(packages)
        (self.folder / "pipeline.py").write_text(PIPELINE.format(base=BASE))
        lines = "".join(f"      - {line}\n" for line in packages)
        (self.folder / "conda.yaml").write_text(f"dependencies:\n  - python=3.11\n  - pip\n  - pip:\n{lines}")
        if first:
            self._mlc("lock", "pipeline.py")

    def build(self) -> None:
        self._mlc("build", "pipeline.py")

    def images(self) -> list[str]:
        shown = self._run("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "mlc/bench-study")
        return shown.split()[::-1]

    def _mlc(self, *arguments: str) -> None:
        mlc = str(Path(sys.executable).with_name("mlc"))
        self._run(mlc, *arguments, MLC_CACHE_DIR=str(self.folder / ".cache"))


class ByHand(Contestant):
    """A Dockerfile with pip: requirements before the code, no cache left in the image."""

    name = "pip"
    dockerfile: ClassVar[str] = PIP

    def build(self) -> None:
        (self.folder / "Dockerfile").write_text(self.dockerfile)
        self._run("docker", "buildx", "build", "--load", "--tag", self.images()[0], ".")


class ByHandWithUv(ByHand):
    """The same with uv and a cache mount."""

    name = "uv"
    dockerfile = WITH_UV


class Repo2docker(Contestant):
    """repo2docker writes the Dockerfile; it is built as it is."""

    name = "repo2docker"

    def prepare(self, packages: tuple[str, ...]) -> None:
        super().prepare(packages)
        self._install("jupyter-repo2docker", "setuptools<81")

    def build(self) -> None:
        options = ("--no-run", "--user-id", "1000", "--user-name", "me", "--image-name", self.images()[0])
        self._run(self._tool("jupyter-repo2docker"), *options, ".")


class BentoML(Contestant):
    """BentoML writes the Dockerfile of a service with the study's packages; it is built as it is."""

    name = "bentoml"
    _BASE = "mlc-bench/base:1"

    def prepare(self, packages: tuple[str, ...]) -> None:
        super().prepare(packages)
        self._install("bentoml")
        # Its Dockerfile has pip install into the system's Python, which a Debian that stands in for BASE forbids.
        (self.folder / "Base").write_text(f"FROM {BASE}\nENV PIP_BREAK_SYSTEM_PACKAGES=1\n")
        self._run("docker", "buildx", "build", "--load", "--tag", self._BASE, "--file", "Base", ".")
        (self.folder / "service.py").write_text("import bentoml\n\n\n@bentoml.service\nclass Study:\n    pass\n")
        listed = "".join(f"    - {line}\n" for line in packages)
        options = f"docker:\n  base_image: {self._BASE}\npython:\n  lock_packages: false\n  packages:\n{listed}"
        (self.folder / "bentofile.yaml").write_text(f'service: "service:Study"\ninclude: ["*.py", "src/"]\n{options}')

    def build(self) -> None:
        home = {"BENTOML_HOME": str(self._tools / "home"), "BENTOML_DO_NOT_TRACK": "true"}
        self._run(self._tool("bentoml"), "build", **home)
        self._run(self._tool("bentoml"), "containerize", "study:latest", "--image-tag", self.images()[0], **home)


CONTESTANTS: tuple[type[Contestant], ...] = (Mlc, ByHand, ByHandWithUv, Repo2docker, BentoML)


def _last_words(log: str) -> str:
    """The line of a log that says what went wrong, short enough for a table."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    marks = ("ERROR: failed", "not found", "rror:", "denied", "Could not", "ERROR")
    told = [line for mark in marks for line in lines if mark in line] or lines[-1:] or ["no output"]
    return told[0].replace("|", "/")[:160]
