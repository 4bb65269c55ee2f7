"""``mlc build`` on real engines: nothing done twice, nothing half done, two at once, words for what fails."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from tests.support.bundles import MLC, mlc, write_files
from tests.support.standins import BUSYBOX, PYTHON

pytestmark = pytest.mark.engine

NEW = os.urandom(8).hex()
"""Nothing with this in it is in the builder's cache."""
BEGUN = re.compile(r"#\d+ \d+\.\d+ .*begun")
STEP = "type: pipeline\njobs:\n  one:\n    code: code\n    command: {command}\n    environment: {environment}\n"


@pytest.fixture
def project(tmp_path, engine, request):
    """Makes a pipeline with an own Dockerfile; whatever images of that name are left are removed in the end."""
    name = f"building-{engine.name}-{tmp_path.name[5:25].replace(chr(95), chr(45))}-{os.getpid()}"

    def make(dockerfile=f"FROM {BUSYBOX}\n", environment="{build: {path: docker}}", command="echo hi"):
        text = f"name: {name}\n" + STEP.format(environment=environment, command=command)
        files = {f"{name}.yml": text, "docker/Dockerfile": dockerfile, "code/x.txt": "1\n", "code/conda.yml": ""}
        return write_files(tmp_path / "project", files) / f"{name}.yml"

    yield make
    left = engine.docker("images", "--quiet", "--filter", f"reference=mlc/{name.replace('-', '_')}*").stdout.split()
    left += engine.docker("images", "--quiet", "--filter", f"reference=mlc/{name}*").stdout.split()
    if left:
        engine.docker("rmi", "--force", *sorted(set(left)))


def build(source: Path, engine, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return mlc("build", source.name, "--out", "b", *options, cwd=source.parent, engine=engine, **variables)


def log(source: Path) -> str:
    return next((source.parent / "b/.mlc/builds").glob("*.log")).read_text()


class Listener:
    """A socket before the engine's that notes the first line of each request."""

    def __init__(self, place: Path, behind: str) -> None:
        self.asked: list[str] = []
        self._behind = behind
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(place))
        self._server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._server.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._behind)
            threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, note: bool) -> None:
        while data := source.recv(65536):
            if note and data[:4].strip().isalpha():
                self.asked.append(data.split(b"\r\n")[0].decode())
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def test_a_second_build_asks_the_engine_for_its_images_and_nobody_else(tmp_path, engine, project):
    source = project()
    assert build(source, engine).returncode == 0
    behind = engine.variables().get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
    listener = Listener(tmp_path / "s", behind)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/docker").write_text(f"#!/bin/sh\necho called >> {tmp_path}/called\n")
    (tmp_path / "bin/docker").chmod(0o755)
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    took = []
    for _ in range(8):  # a busy machine is slow now and then
        start = time.monotonic()
        done = build(source, engine, DOCKER_HOST=f"unix://{tmp_path}/s", PATH=path)
        took.append(time.monotonic() - start)
        assert done.returncode == 0, done.stderr
        assert "1 reused" in done.stdout
        if took[-1] <= 0.5:
            break
    assert not (tmp_path / "called").exists()
    assert {line.split()[0] for line in listener.asked} == {"GET"}
    assert all("/version" in line or "/images/" in line for line in listener.asked), listener.asked
    assert min(took) <= 0.5


def test_a_code_edit_installs_nothing(engine, project):
    source = project(f"FROM {BUSYBOX}\nRUN echo installing > /installed\n")
    assert build(source, engine).returncode == 0
    assert "installing" in log(source)
    (source.parent / "code/x.txt").write_text("2\n")
    done = build(source, engine)
    assert done.returncode == 0, done.stderr
    assert "(all layers reused)" in done.stdout
    steps = {line.split()[0] for line in log(source).splitlines() if "] RUN echo installing" in line}
    assert steps
    assert all(f"{step} CACHED" in log(source) for step in steps)


def test_without_buildx_the_client_builds_with_its_own_buildkit(tmp_path, engine, project):
    client = next((path for path in ("/usr/bin/docker",) if _builds_alone(path)), None)
    if engine.name != "default" or client is None:
        pytest.skip("only clients before 23.0 have a BuildKit of their own")
    (tmp_path / "bin").mkdir()
    script = f'#!/bin/sh\n[ "$1" != buildx ] || exit 1\nexec {client} "$@"\n'
    (tmp_path / "bin/docker").write_text(script)
    (tmp_path / "bin/docker").chmod(0o755)
    source = project(f"FROM {BUSYBOX}\nRUN --mount=type=cache,target=/c echo plain\n")
    done = build(source, engine, PATH=f"{tmp_path}/bin:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert "bake" not in log(source)
    assert "plain" in log(source)


def _builds_alone(client: str) -> bool:
    if not shutil.which(client):
        return False
    version = subprocess.run([client, "--version"], capture_output=True, text=True, check=False).stdout
    return "version 20." in version


def started(source: Path, engine) -> "subprocess.Popen[str]":
    """A build in the background, once the Dockerfile's own command runs."""
    process = subprocess.Popen(
        [MLC, "build", source.name, "--out", "b"],
        cwd=source.parent,
        env=engine.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while not list((source.parent / "b/.mlc/builds").glob("*.log")) or not BEGUN.search(log(source)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_what_was_stopped_half_way_is_no_image(engine, project, how):
    source = project(f"FROM {BUSYBOX}\nRUN echo {NEW} begun && sleep 3 && echo {how.name} {NEW} > /whole\n")
    process = started(source, engine)
    process.send_signal(how)
    process.communicate(timeout=30)
    assert process.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    name = source.stem
    assert f"mlc/{name}" not in engine.docker("images", "--format", "{{.Repository}}").stdout.replace("_", "-")
    done = build(source, engine)
    assert done.returncode == 0, done.stderr
    assert "one built in" in done.stdout


def test_two_builds_at_once_do_the_work_once(engine, project):
    source = project(f"FROM {BUSYBOX}\nRUN echo {NEW} begun && sleep 1\n")
    first = started(source, engine)
    second = build(source, engine)
    out, err = first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0), err + second.stderr
    assert "one built in" in out
    assert "1 reused" in second.stdout
    assert "waiting for another build of the same image" in second.stderr


def test_a_failing_line_of_the_authors_dockerfile_is_shown(engine, project):
    source = project(f"# mine\nFROM {BUSYBOX}\nRUN echo fine\nRUN echo before && \\\n    cat /no/such\n")
    done = build(source, engine)
    assert done.returncode == 3
    assert "docker/Dockerfile:4:1: error[E651]: Environment one of" in done.stderr
    assert "cat: can't open '/no/such': No such file or directory" in done.stderr
    assert "    4 | RUN echo before && \\" in done.stderr


def test_a_package_that_is_not_there_leads_to_its_line_and_other_environments_are_built(engine, project):
    source = project(environment=f"{{image: {PYTHON[-1]}, conda_file: code/conda.yml}}")
    conda = "dependencies:\n  - python=3.11\n  - pip:\n      - six\n      - no-such-package-of-mlc\n"
    other = f"  two:\n    command: echo\n    environment: {{image: {BUSYBOX}}}\n"
    write_files(source.parent, {"code/conda.yml": conda, source.name: source.read_text() + other})
    done = build(source, engine)
    assert done.returncode == 3
    assert "code/conda.yml:5:9: error[E651]" in done.stderr
    assert "does not exist (no-such-package-of-mlc)" in done.stderr
    assert "image two: built in" in done.stderr


def test_a_built_image_is_tried_without_network(engine, project):
    source = project(environment=f"{{image: {PYTHON[-1]}}}", command="cd src && python -m go")
    write_files(source.parent, {"code/src/go.py": "import json\nimport seaborn_is_not_there\n"})
    done = build(source, engine, "--verify")
    assert done.returncode == 3, done.stderr
    assert "error[E626]" in done.stderr
    assert "go.py:2: import seaborn_is_not_there" in done.stderr
    write_files(source.parent, {"code/src/go.py": "import json\n"})
    done = build(source, engine, "--verify")
    assert done.returncode == 0, done.stderr
    assert "verified: 1 environment, no mistakes" in done.stderr
    assert "1 tried before" in build(source, engine, "--verify").stderr
