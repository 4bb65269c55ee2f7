from dataclasses import replace
from pathlib import Path

import pytest

from mlc import diagnostics
from mlc.diagnostics import Span
from mlc.images.failure import explain_failure, sources, tail
from mlc.ir.environment import Requirement
from mlc.ir.image import BuildDockerfile, Image, MambaInstall, UseImage, UvInstall
from mlc.ir.lock import Lock, LockedPackage

LOGS = Path(__file__).parent / "logs"
"""What BuildKit 0.8 (old) and 0.23 (new) printed for small wrong environments."""

RECIPE = UvInstall(base="corp/base:1", python="3.8", requirements=("tensorflow",))
UV = Image(
    name="keras",
    recipe=RECIPE,
    components=(),
    reference="mlc/p-keras:1",
)


@pytest.mark.parametrize(
    ("log", "why", "fix"),
    [
        (
            "ERROR: target keras: failed to solve: ghcr.io/astral-sh/uv:0.9.7: failed to resolve source metadata for "
            "ghcr.io/astral-sh/uv:0.9.7: failed to do request: Head https://ghcr.io/v2/: dial tcp: no such host",
            "the image ghcr.io/astral-sh/uv:0.9.7 could not be pulled",
            "`uv_image` in mlc.toml",
        ),
        (
            "ERROR: failed to solve: docker.io/corp/base:1: pull access denied, repository does not exist",
            "the image docker.io/corp/base:1 could not be pulled: its registry refuses it",
            "docker login",
        ),
        (
            "------\n > [keras internal] load metadata for localhost:1/corp/base:1:\n------\nERROR: failed to "
            'solve: failed to do request: Head "http://localhost": dial tcp: connection refused',
            "the image localhost:1/corp/base:1 could not be pulled",
            "docker login",
        ),
        (
            "ERROR: failed to solve: docker.io/library/python:3.11: failed to resolve source metadata for "
            "docker.io/library/python:3.11: unexpected status: 429 Too Many Requests",
            "rate limit",
            "mirror in [tool.mlc.network]",
        ),
        (
            "ERROR: failed to solve: failed to resolve source metadata for corp.example/a:1: tls: failed to verify "
            "certificate: x509: certificate signed by unknown authority",
            "the certificate of its registry",
            "/etc/docker/certs.d",
        ),
        (
            "#9 2.1 error: Failed to fetch: `https://pypi.org/simple/x/`\n invalid peer certificate: UnknownIssuer",
            "certificate",
            "[tool.mlc.network]",
        ),
        (
            "#9 1.0 error: No interpreter found for Python 3.8 in managed installations",
            "Python that the environment asks for (Python 3.8)",
            "version",
        ),
        ("#9 0.4   cause: Hash mismatch for `tensorflow==2.1`", "(tensorflow==2.1)", "mlc lock"),
        ("ERROR: No matching distribution found for torch==99", "not there in that version (torch==99)", "index"),
        ("write /var/lib/docker/x: no space left on device", "disk is full", "docker system prune"),
        ("error sending request for url: dns error: Temporary failure in name resolution", "network", "proxy"),
        ('process "/bin/sh -c uv" did not complete successfully: exit code: 137', "memory", "memory"),
        ("ERROR: BuildKit is enabled but the buildx component is missing or broken.", "BuildKit", "docker-buildx"),
        ("gcc: fatal error: something new", "", "environments/keras/requirements.txt"),
    ],
)
def test_what_a_log_says(log, why, fix):
    told = explain_failure(UV, log)
    assert why in told.why
    assert fix in told.fix


CONDA = """\
name: env
dependencies:
  - python=3.11
  - pip:
      - botocore==1.34.162
      - urllib3==1.26
      - six==99.0
      - netifaces==0.11.0
      - tensorflow==1.15.0
      - Numpyyyy_does.not-exist
      - urllib3<1
      - git+https://github.com/nobody/nothing.git
"""


@pytest.fixture
def asked(tmp_path):
    file = tmp_path / "conda.yml"
    file.write_text(CONDA)
    lines = [(line.strip(" -"), number) for number, line in enumerate(CONDA.splitlines(), start=1) if number > 4]
    origins = tuple(Requirement(text=text, span=Span(str(file), number, 9)) for text, number in lines)
    return replace(UV, origins=origins, span=Span(str(tmp_path / "pipeline.yml"), 5, 7))


@pytest.mark.parametrize(
    ("log", "why", "place"),
    [
        ("nopkg", "does not exist (numpyyyy-does-not-exist)", "conda.yml:10:9"),
        ("nover", "not there in that version (six==99.0)", "conda.yml:7:9"),
        ("nowheel", "no file for this Python", "conda.yml:9:9"),
        ("compiler", "the base image has no compiler", "conda.yml:8:9"),
        ("conflict", "do not fit together", "conda.yml:6:9"),
        ("vcs", "no git", "conda.yml:12:9"),
        ("nopython", "(<3.7 is not supported but 3.5 was requested)", "conda.yml:3:5"),
    ],
)
def test_logs_of_uv_lead_to_the_line_that_asked(asked, tmp_path, log, why, place):
    told = explain_failure(asked, (LOGS / f"{log}.old.log").read_text())
    assert why in told.why
    assert diagnostics.place(told.span, tmp_path) == place


@pytest.mark.parametrize("engine", ["old", "new"])
def test_an_image_that_cannot_be_pulled_leads_to_the_environment(asked, tmp_path, engine):
    told = explain_failure(asked, (LOGS / f"nobase.{engine}.log").read_text())
    assert told.why == "the image docker.io/library/no-such-base:1 could not be pulled"
    assert diagnostics.place(told.span, tmp_path) == "pipeline.yml:5:7"


def test_the_other_lines_of_a_conflict_are_noted(asked):
    told = explain_failure(
        asked, "× No solution found when resolving: Because you require urllib3==1.26 and botocore==1.34.162, no"
    )
    assert told.span.line == 6
    assert [(note.what, note.places[0].line) for note in told.notes] == [("botocore==1.34.162", 5)]


def test_a_package_that_nobody_asked_for_leads_to_the_one_that_needs_it(asked):
    packages = (
        LockedPackage(name="jmespath", version="1", via=("middle",)),
        LockedPackage(name="middle", version="1", via=("botocore",)),
    )
    image = replace(asked, recipe=replace(RECIPE, lock=Lock(pip=packages)))
    told = explain_failure(image, "  × Failed to build `jmespath==1`")
    assert told.why.endswith("; jmespath is needed by botocore")
    assert told.span.line == 5


DOCKERFILES = {
    "dffail": (
        "# mine\nFROM docker.io/library/busybox:latest\nRUN echo one\n\n"
        "RUN echo before && \\\n    cat /no/such/file\nRUN echo two\n"
    ),
    "dfparse": "FROM docker.io/library/busybox:latest\nRUNN echo one\n",
    "dfcopy": "FROM docker.io/library/busybox:latest\nCOPY nothing.txt /x\n",
    "dfexec": 'FROM docker.io/library/busybox:latest\nRUN something\nRUN ["/x"]\n',
    "dfapt": "FROM docker.io/library/python:3.11-slim-bookworm\nRUN apt-get install -y no-such-package-xyz\n",
}


@pytest.mark.parametrize("engine", ["old", "new"])
@pytest.mark.parametrize(("log", "line"), [("dffail", 5), ("dfparse", 2), ("dfcopy", 2), ("dfexec", 3), ("dfapt", 2)])
def test_the_line_of_the_authors_own_dockerfile(tmp_path, log, line, engine):
    file = tmp_path / "Dockerfile"
    file.write_text(DOCKERFILES[log])
    image = Image(name="one", recipe=BuildDockerfile(), components=(), span=Span(str(file)))
    told = explain_failure(image, (LOGS / f"{log}.{engine}.log").read_text())
    assert (told.span.file, told.span.line) == (str(file), line)


def test_a_line_that_mlc_added_is_not_the_authors(tmp_path):
    file = tmp_path / "Dockerfile"
    file.write_text("FROM x\n")
    image = Image(name="one", recipe=BuildDockerfile(), components=(), span=Span(str(file)))
    assert explain_failure(image, "Dockerfile:7\n---\n").span == Span(str(file))


def test_every_recipe_names_the_file_that_a_person_can_change():
    def named(recipe):
        return sources(Image(name="env", recipe=recipe, components=()))

    assert named(UV.recipe) == "environments/env/requirements.txt"
    conda = MambaInstall(base="b", python=None, channels=(), conda=("mesa",), pip=())
    assert named(conda) == "environments/env/conda.yaml"
    assert named(BuildDockerfile(dockerfile="docker/Dockerfile")) == "your own docker/Dockerfile"
    assert "corp/base" in named(UseImage(base="corp/base"))


def test_the_end_of_a_log_is_the_failed_steps_own_output():
    assert tail((LOGS / "dffail.old.log").read_text().splitlines()) == [
        "[dependencies 3/4] RUN echo before &&     cat /no/such/file",
        "before",
        "cat: can't open '/no/such/file': No such file or directory",
        "ERROR: executor failed running [/bin/sh -c echo before &&     cat /no/such/file]: exit code: 1",
    ]


def test_the_end_of_another_log_is_its_last_lines():
    log = [f"line {number}" for number in range(100)] + ["", "  "]
    assert tail(log) == [f"line {number}" for number in range(80, 100)]
