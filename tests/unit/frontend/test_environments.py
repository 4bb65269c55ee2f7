"""mlc.frontend.environments: the forms of azureml.md A1.2."""

import pytest

from mlc.diagnostics import Bag
from mlc.frontend.environments import load_environment_file, parse_environment
from mlc.frontend.yaml.compose import compose
from mlc.frontend.yaml.located import from_python
from mlc.ir.environment import BuildEnvironment, CondaEnvironment, ImageEnvironment, NamedEnvironment


@pytest.fixture
def project(tmp_path):
    (tmp_path / "conda.yaml").write_text("dependencies: [python=3.11, {pip: [pandas]}]\n")
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "Dockerfile").write_text("FROM x\n")
    (tmp_path / "docker" / "other.docker").write_text("FROM y\n")
    (tmp_path / "env.yml").write_text("name: mine\nversion: 3\nimage: python:3.11\n")
    return tmp_path


def parse(text, base):
    bag = Bag()
    node = compose(text, "c.yml", bag)
    assert node is not None
    found = parse_environment(node, base, bag)
    return found, [item.code for item in bag.sorted()]


@pytest.mark.parametrize(
    ("text", "name", "version", "registry"),
    [
        ("azureml:base", "base", None, None),
        ("azureml:base:3", "base", "3", None),
        ("azureml:base:18.04:2022", "base", "18.04:2022", None),
        ("azureml:base@latest", "base", "latest", None),
        ("azureml://registries/azureml/environments/sklearn-1.5/versions/4", "sklearn-1.5", "4", "azureml"),
        ("azureml://registries/azureml/environments/sklearn-1.5/labels/latest", "sklearn-1.5", "latest", "azureml"),
        ("/subscriptions/s/resourceGroups/g/x/workspaces/w/environments/base/versions/2", "base", "2", None),
        ("azureml:/subscriptions/s/resourceGroups/g/x/workspaces/w/environments/base/versions/2", "base", "2", None),
    ],
)
def test_names(project, text, name, version, registry):
    assert parse(text, project) == (NamedEnvironment(name=name, version=version, registry=registry), [])


@pytest.mark.parametrize("text", ["./env.yml", "myenv", "'< your environment >'", "'azureml:'", "3", "[a]", "''"])
def test_what_is_no_environment(project, text):
    found, codes = parse(text, project)
    assert found is None
    assert codes in (["E122"], ["E104"])


def test_by_file(project):
    assert parse("file:./env.yml", project) == (ImageEnvironment(image="python:3.11", name="mine"), [])
    assert parse("file:none.yml", project) == (None, ["E101"])
    bag = Bag()
    assert load_environment_file(project / "env.yml", bag) == ImageEnvironment(image="python:3.11", name="mine")


def test_image_and_conda_file(project):
    found, codes = parse("{image: python:3.11, conda_file: ./conda.yaml}", project)
    assert isinstance(found, CondaEnvironment)
    assert not codes
    assert (found.image, found.conda.python, [item.text for item in found.conda.pip]) == (
        "python:3.11",
        "3.11",
        ["pandas"],
    )
    inline, codes = parse("{conda_file: {dependencies: [python=3.9]}}", project)
    assert isinstance(inline, CondaEnvironment)
    assert not codes
    assert (inline.image, inline.conda.python) == (None, "3.9")


def test_a_dict_of_the_dsl(project):
    bag = Bag()
    value = {"conda_file": project / "conda.yaml", "image": "i"}
    found = parse_environment(from_python(value), project / "elsewhere", bag)
    assert isinstance(found, CondaEnvironment)
    assert not bag.items
    assert found.conda.python == "3.11"


def test_build_contexts(project):
    found, codes = parse("{build: {path: docker}}", project)
    assert isinstance(found, BuildEnvironment)
    assert not codes
    assert ([name for name, _ in found.files], found.dockerfile) == (["Dockerfile", "other.docker"], "Dockerfile")
    found, _ = parse("{build: {path: docker, dockerfile_path: ./other.docker}}", project)
    assert isinstance(found, BuildEnvironment)
    assert found.dockerfile == "other.docker"
    found, codes = parse("{image: x, build: {path: docker}}", project)
    assert isinstance(found, BuildEnvironment)
    assert codes == ["W103"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{}", ["E110"]),
        ("{image: }", ["E110"]),
        ("{image: ' '}", ["E122"]),
        ("{image: [a]}", ["E104"]),
        ("{image: a b}", ["E122"]),
        ("{image: x, conda_file: none.yaml}", ["E101"]),
        ("{image: x, conda_file: docker}", ["E106"]),
        ("{image: x, conda_file: 'https://example.org/conda.yaml'}", ["E121"]),
        ("{image: x, conda_file: [a]}", ["E104"]),
        ("{build: {}}", ["E110"]),
        ("{build: {path: none}}", ["E101"]),
        ("{build: {path: conda.yaml}}", ["E104"]),
        ("{build: {path: docker, dockerfile_path: Dockerfle}}", ["E101"]),
        ("{build: {path: docker, dockerfile_path: ../docker/Dockerfile}}", ["E101"]),
        ("{build: {path: 'https://example.org'}}", ["E121"]),
        ("{image: x, docker: {}}", ["E111"]),
        ("{image: x, os_type: windows}", ["E122"]),
        ("{image: x, os_type: linx}", ["E113"]),
    ],
)
def test_mistakes(project, text, codes):
    assert parse(text, project)[1] == codes
