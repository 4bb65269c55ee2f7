"""Dockerfiles: one per recipe, clean for hadolint, and nothing that needs a new BuildKit."""

import re
from dataclasses import replace

import pytest
import yaml
from tests.unit.backends.plans import CONTEXT, FASHION, LOCKED, MAMBA, NUMPY, RECIPES, one_step, uv

from mlc.backends.docker.dockerfile import environment_files, mount_points
from mlc.ir.image import UseImage
from mlc.ir.lock import Layer, Lock


def files(recipe, *components):
    plan = one_step(recipe, *components)
    prefix = "environments/prep/"
    found = environment_files(plan, plan.images[0])
    return {path.removeprefix(prefix): file.read().decode() for path, file in found.items()}


@pytest.mark.parametrize("name", RECIPES)
def test_an_old_buildkit_understands_it(name):
    text = files(RECIPES[name])["Dockerfile"]
    assert not re.search(r"# *syntax|<<|--link|--parents|secret,env=", text)
    assert text.endswith('"\n')
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", RECIPES)
def test_every_image_ends_with_launcher_folders_code_and_a_plain_user(name):
    text = files(RECIPES[name])["Dockerfile"]
    order = [
        "\nUSER 0:0\nWORKDIR /mlc\n",
        "\nCOPY --chmod=0755 runtime /mlc/runtime\n",
        "\nRUN set -- \\\n      /mlc/inputs/input_data \\\n      /mlc/mlflow \\\n",
        '\n && mkdir -p -m 0777 "$@" && chown 1000:1000 "$@"\n',
        "\nCOPY --chmod=0755 components/prep_data /mlc/components/prep_data\n",
        '\nUSER 1000:1000\nENTRYPOINT ["/bin/sh", "/mlc/runtime/launch.sh"]\n',
        "\nLABEL ",
    ]
    places = [text.rindex(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize("name", RECIPES)
def test_dependencies_are_a_stage_without_code(name):
    dependencies, final = files(RECIPES[name])["Dockerfile"].split("\nFROM dependencies\n")
    assert " AS dependencies\n" in dependencies
    assert "/mlc/components" not in dependencies
    assert "components" in final


def test_the_asked_python_or_words():
    text = files(uv("numpy"))["Dockerfile"]
    assert "venv --seed --python 3.11 /opt/mlc/env" in text
    assert "no virtual environment with Python 3.11 could be made" in text
    assert "exit 1" in text
    assert "--python '>=3.9'" in files(uv("numpy", python=">=3.9"))["Dockerfile"]


def test_the_images_own_python_is_never_replaced():
    text = files(uv("numpy", python=None))["Dockerfile"]
    assert "--no-python-downloads" in text
    assert "--python " not in text


def test_installers_come_from_the_configured_images():
    text = files(replace(uv("numpy"), installer_image="mirror.corp/uv:1"))["Dockerfile"]
    assert text.count("from=mirror.corp/uv:1,source=/uv") == 2
    assert "astral" not in text
    text = files(replace(MAMBA, installer_image="mirror.corp/mm:1"))["Dockerfile"]
    assert "from=mirror.corp/mm:1,source=/bin/micromamba" in text


def test_large_packages_have_a_layer_of_their_own():
    found = files(uv("torch", "numpy"))
    assert found["requirements.heavy.txt"] == "torch\n"
    assert found["requirements.txt"] == "torch\nnumpy\n"
    text = found["Dockerfile"]
    assert text.index("requirements.heavy.txt") < text.index("environments/prep/requirements.txt")
    assert "requirements.heavy.txt" not in files(uv("numpy"))


def test_a_lock_is_installed_layer_by_layer_from_files_named_by_content():
    found = files(LOCKED)
    layers = re.findall(
        r"source=(environments/layers/[0-9a-f]{12}\.txt),target=/tmp/mlc/requirements\.txt", found["Dockerfile"]
    )
    hashes = f" \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}"
    assert [found[path] for path in layers] == [
        f"--extra-index-url https://x/simple\nnumpy==2.1.0{hashes}\n",
        "--extra-index-url https://x/simple\n"
        "here @ file:///tmp/mlc/environments/prep/local/here\nown @ git+https://example.com/own@0123abc\n",
    ]
    commands = re.findall(r"uv pip install (.*)", found["Dockerfile"])
    assert commands == [
        "--no-deps --require-hashes -r /tmp/mlc/requirements.txt",
        "--no-deps -r /tmp/mlc/requirements.txt",
    ]
    assert "rw,source=environments/prep/local/here,target=/tmp/mlc/environments/prep/local/here" in found["Dockerfile"]
    assert found["requirements.txt"].count("\n") == 6
    assert "\n# here and own\nRUN " in found["Dockerfile"]


def test_environments_that_begin_alike_have_the_same_instructions():
    plan = one_step(LOCKED)
    (one,) = plan.images
    six = replace(NUMPY, name="six", version="1")
    more = replace(LOCKED, lock=Lock(pip=(NUMPY, six)), layers=(LOCKED.layers[0], Layer(title="six", pip=("six",))))
    other = replace(one, name="other", recipe=more)

    def instructions(image):
        text = environment_files(plan, image)[f"environments/{image.name}/Dockerfile"].read().decode()
        lines = [line for line in text.split("\nFROM dependencies")[0].splitlines() if not line.startswith("#")]
        return re.sub(r"\\\n", "", "\n".join(lines)).split("\nRUN ")

    first, second = instructions(one), instructions(other)
    assert first[:3] == second[:3]
    assert [len(first), len(second)] == [4, 4]
    assert first[3] != second[3]


def test_an_empty_list_installs_nothing():
    found = files(uv())
    assert set(found) == {"Dockerfile"}
    assert "pip install" not in found["Dockerfile"]


def test_conda_file_is_what_was_asked():
    assert yaml.safe_load(files(MAMBA)["conda.yaml"]) == {
        "name": "prep",
        "channels": ["conda-forge"],
        "dependencies": ["python=3.8", "pip", "numpy=1.21", {"pip": ["six"]}],
    }
    own = replace(MAMBA, python=">=3.9,<3.11", conda=())
    assert yaml.safe_load(files(own)["conda.yaml"])["dependencies"] == ["python>=3.9,<3.11", {"pip": ["six"]}]


def test_an_authors_context_travels_as_it_is():
    found = files(RECIPES["Dockerfile"])
    assert {f"context/{path}": file.read().decode() for path, file in CONTEXT}.items() <= found.items()
    assert found["Dockerfile"].startswith(
        "FROM debian:12-slim AS dependencies\nCOPY environments/prep/context/req.txt /req.txt\nUSER 1234:1234\n"
    )
    assert found["Dockerfile.dockerignore"] == "environments/prep/context/data\n"


def test_many_components_are_copied_as_one():
    text = files(uv(), *(f"c{number}" for number in range(31)))["Dockerfile"]
    assert text.count("COPY") == 2
    assert "COPY --chmod=0755 components /mlc/components\n" in text


def test_names_of_images_cannot_add_instructions():
    text = files(UseImage(base="x\nRUN evil"))["Dockerfile"]
    assert "\nFROM xRUNevil AS dependencies\n" in text


def test_mount_points_are_folders_of_the_images_own_steps():
    keras, prep = FASHION.images
    assert mount_points(FASHION, prep) == (
        "/mlc/inputs/input_data",
        "/mlc/mlflow",
        "/mlc/outputs/test_data",
        "/mlc/outputs/training_data",
        "/mlc/state",
    )
    assert "/mlc/inputs/input_model" in mount_points(FASHION, keras)
    assert "/mlc/outputs/test_data" not in mount_points(FASHION, keras)
