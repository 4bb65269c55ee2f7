import pytest

from mlc.images.failure import explain_failure, sources, tail
from mlc.ir.plan import BuildDockerfile, Image, MambaInstall, UseImage, UvInstall

UV = Image(
    name="keras",
    recipe=UvInstall(base="corp/base:1", python="3.8", requirements=("tensorflow",)),
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
            "the image docker.io/corp/base:1 could not be pulled",
            "base image",
        ),
        (
            "------\n > [keras internal] load metadata for localhost:1/corp/base:1:\n------\nERROR: failed to "
            'solve: failed to do request: Head "http://localhost": dial tcp: connection refused',
            "the image localhost:1/corp/base:1 could not be pulled",
            "docker login",
        ),
        (
            "#9 2.1 error: Failed to fetch: `https://pypi.org/simple/x/`\n invalid peer certificate: UnknownIssuer",
            "certificate",
            "CA",
        ),
        (
            "#9 1.0 error: No interpreter found for Python 3.8 in managed installations",
            "Python that the environment asks for",
            "version",
        ),
        ("  × No solution found when resolving dependencies:", "do not fit together", "requirements.txt"),
        (
            "Because numpyy was not found in the package registry and you require numpyy",
            "does not exist (numpyy)",
            "name",
        ),
        ("ERROR: No matching distribution found for torch==99", "does not exist (torch==99)", "index"),
        ("write /var/lib/docker/x: no space left on device", "disk is full", "docker system prune"),
        ("error sending request for url: dns error: Temporary failure in name resolution", "network", "proxy"),
        ('process "/bin/sh -c uv" did not complete successfully: exit code: 137', "memory", "memory"),
        ("ERROR: BuildKit is enabled but the buildx component is missing or broken.", "BuildKit", "docker-buildx"),
        ("gcc: fatal error: something new", "", "environments/keras/requirements.txt"),
    ],
)
def test_what_a_log_says(log, why, fix):
    told = explain_failure(UV, log)
    assert why in told[0]
    assert fix in told[1]


def test_every_recipe_names_the_file_that_a_person_can_change():
    def named(recipe):
        return sources(Image(name="env", recipe=recipe, components=()))

    assert named(UV.recipe) == "environments/env/requirements.txt"
    conda = MambaInstall(base="b", python=None, channels=(), conda=("mesa",), pip=())
    assert named(conda) == "environments/env/conda.yaml"
    assert named(BuildDockerfile(dockerfile="docker/Dockerfile")) == "your own docker/Dockerfile"
    assert "corp/base" in named(UseImage(base="corp/base"))


def test_the_end_of_a_log_is_the_failed_steps_own_output():
    log = [
        "#1 load",
        "#2 done",
        "------",
        " > [2/4] RUN false:",
        "0.1 words",
        "------",
        "Dockerfile:3",
        "-----",
        "ERROR: failed",
    ]
    assert tail(log) == [" > [2/4] RUN false:", "0.1 words", "ERROR: failed"]


def test_the_end_of_another_log_is_its_last_lines():
    log = [f"line {number}" for number in range(100)] + ["", "  "]
    assert tail(log) == [f"line {number}" for number in range(80, 100)]
