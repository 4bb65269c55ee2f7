"""mlc.catalog: environments by name, from the configuration, the curated table and YAML files of the tree."""

from pathlib import Path

import pytest

from mlc.catalog import Catalog, Places, Readers
from mlc.config import Config
from mlc.diagnostics import Bag
from mlc.ir.environment import Environment, ImageEnvironment, NamedEnvironment


def find(wanted: NamedEnvironment, *folders: Path, config: Config | None = None, bag: Bag | None = None) -> str | None:
    """The image found; for a file of the tree ``file:<name>``. The first folder is the source's, others come first."""

    def read(file: Path) -> Environment:
        return ImageEnvironment(image=f"file:{file.name}")

    start, *others = folders or (Path("/nowhere"),)
    places = Places(start=start, config=config or Config(), folders=tuple(others))
    found = Catalog(places, Readers(environment=read, data=lambda file: None), bag or Bag()).environment(wanted)
    assert found is None or isinstance(found, ImageEnvironment)
    return found.image if found else None


CURATED = "mcr.microsoft.com/azureml/curated"


@pytest.mark.parametrize(
    ("name", "version", "registry", "image"),
    [
        ("AzureML-sklearn-1.5", "latest", None, f"{CURATED}/sklearn-1.5:latest"),
        ("AzureML-sklearn-1.5", None, None, f"{CURATED}/sklearn-1.5:latest"),
        ("AzureML-sklearn-1.0-ubuntu20.04-py38-cpu", "33", None, f"{CURATED}/sklearn-1.0-ubuntu20.04-py38-cpu:33"),
        ("AzureML-tensorflow-2.16-cuda12", "latest", None, f"{CURATED}/tensorflow-2.16-cuda12:latest"),
        ("AzureML-acpt-pytorch-2.8-cuda12.6", "latest", None, f"{CURATED}/acpt-pytorch-2.8-cuda12.6:latest"),
        ("AzureML-lightgbm-3.3", "latest", None, f"{CURATED}/lightgbm-3.3:latest"),
        ("sklearn-1.5", "latest", "azureml", f"{CURATED}/sklearn-1.5:latest"),
        ("model-evaluation", "35", "azureml", f"{CURATED}/model-evaluation:35"),
        ("responsibleai-tabular", "12", "azureml", f"{CURATED}/responsibleai-tabular:12"),
        ("AzureML-responsibleai-0.20-py38-cpu", "4", None, f"{CURATED}/responsibleai-0.20-py38-cpu:4"),
        ("minimal-py312-inference", None, "azureml", f"{CURATED}/minimal-py312-inference:latest"),
        (
            *("AzureML-minimal-ubuntu18.04-py37-cpu-inference", "44", None),
            "mcr.microsoft.com/azureml/minimal-ubuntu18.04-py37-cpu-inference:44",
        ),
        ("mldesigner", "latest", "azureml", "docker.io/library/python:3.11-slim-bookworm"),
        ("mldesigner-minimal", "latest", "azureml", "docker.io/library/python:3.11-slim-bookworm"),
    ],
)
def test_curated_environments_are_public_images(name, version, registry, image):
    assert find(NamedEnvironment(name=name, version=version, registry=registry)) == image


@pytest.mark.parametrize(
    ("name", "registry"),
    [("sklearn", None), ("AzureML-skleran-1.5", None), ("sklearn-1.5", "mycompany"), ("nothing", "azureml")],
)
def test_what_is_not_curated_is_not_invented(tmp_path, name, registry):
    assert find(NamedEnvironment(name=name, version="1", registry=registry), tmp_path) is None


def test_a_curated_name_without_its_prefix_is_taken_with_a_warning(tmp_path):
    bag = Bag()
    assert find(NamedEnvironment(name="sklearn-1.5"), tmp_path, bag=bag) == f"{CURATED}/sklearn-1.5:latest"
    assert [item.code for item in bag.items] == ["W506"]
    environment(tmp_path, "own.yml", "name: sklearn-1.5\nimage: python\n")
    bag = Bag()
    assert find(NamedEnvironment(name="sklearn-1.5"), tmp_path, bag=bag) == "file:own.yml"
    assert bag.items == []


def test_a_label_is_taken_for_latest_with_a_warning():
    bag = Bag()
    wanted = NamedEnvironment(name="AzureML-AutoML", version="latest", label="prod")
    assert find(wanted, bag=bag) == f"{CURATED}/ai-ml-automl:latest"
    assert [item.code for item in bag.items] == ["W507"]


def test_the_configuration_wins():
    config = Config(environments={"AzureML-sklearn-1.5": "mirror/sklearn:1", "ours": "mirror/ours:2"})
    assert find(NamedEnvironment(name="AzureML-sklearn-1.5"), config=config) == "mirror/sklearn:1"
    assert find(NamedEnvironment(name="ours", version="9", registry="company"), config=config) == "mirror/ours:2"


def environment(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_a_yaml_of_the_tree_is_found_by_its_name(tmp_path):
    environment(tmp_path / "envs", "one.yml", 'name: "mine"  # a comment\nimage: python\n')
    environment(tmp_path / "envs", "other.yml", "name: other\nimage: python\n")
    assert find(NamedEnvironment(name="mine", version="7"), tmp_path) == "file:one.yml"
    assert find(NamedEnvironment(name="mine", version="7", registry="company"), tmp_path) == "file:one.yml"


def test_versions_are_exact_or_the_highest(tmp_path):
    for version in ("2", "10", "9"):
        environment(tmp_path, f"v{version}.yml", f"name: mine\nversion: {version}\nimage: python\n")
    assert find(NamedEnvironment(name="mine", version="9"), tmp_path) == "file:v9.yml"
    assert find(NamedEnvironment(name="mine", version="latest"), tmp_path) == "file:v10.yml"
    assert find(NamedEnvironment(name="mine"), tmp_path) == "file:v10.yml"
    assert find(NamedEnvironment(name="mine", version="3"), tmp_path) is None


def test_the_nearest_file_counts_and_other_folders_come_first(tmp_path):
    environment(tmp_path / "src" / "a", "a.yml", "name: mine\nimage: a\n")
    environment(tmp_path / "src", "b.yml", "name: mine\nimage: b\n")
    environment(tmp_path / "more", "c.yml", "name: mine\nimage: c\n")
    environment(tmp_path / "more", "d.yml", "name: only-here\nimage: c\n")
    folders = (tmp_path / "src", tmp_path / "more")
    assert find(NamedEnvironment(name="mine"), tmp_path / "src") == "file:b.yml"
    assert find(NamedEnvironment(name="mine"), *folders) == "file:c.yml"
    assert find(NamedEnvironment(name="only-here"), *folders) == "file:d.yml"


@pytest.mark.parametrize(
    "text",
    [
        "name: mine\ncommand: x\nenvironment:\n  image: python\n",
        "name: mine\nchannels: [conda-forge]\ndependencies: [python]\n",
        "inner:\n  name: mine\nimage: python\n",
        "name: mine\ntype: pipeline\njobs: {}\nbuild: x\n",
    ],
)
def test_other_files_with_that_name_are_no_environments(tmp_path, text):
    environment(tmp_path, "x.yml", text)
    assert find(NamedEnvironment(name="mine"), tmp_path) is None


@pytest.mark.parametrize("folder", [".hidden", "node_modules", "lib/site-packages"])
def test_installed_and_written_folders_are_not_searched(tmp_path, folder):
    environment(tmp_path / folder, "x.yml", "name: mine\nimage: python\n")
    assert find(NamedEnvironment(name="mine"), tmp_path) is None


def test_broken_files_in_the_tree_do_no_harm(tmp_path):
    (tmp_path / "a.yml").write_bytes(b"\xff\x00name: mine")
    (tmp_path / "b.yml").mkdir()
    (tmp_path / "c.yml").symlink_to(tmp_path / "nowhere")
    environment(tmp_path, "d.yml", "name: mine\nimage: python\n")
    assert find(NamedEnvironment(name="mine"), tmp_path) == "file:d.yml"


def test_the_sources_folder_comes_before_the_rest_of_its_repository(tmp_path):
    for folder, version in (("here/envs", "version: 1\n"), ("there", "version: 7\n"), ("elsewhere", "")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"{folder[:4]}.yml").write_text(f"name: ours\n{version}image: a\n")
    (tmp_path / ".git").mkdir()
    here = tmp_path / "here"
    assert find(NamedEnvironment(name="ours", version="latest"), here) == "file:here.yml"
    assert find(NamedEnvironment(name="ours", version="7"), here) == "file:ther.yml"
    assert find(NamedEnvironment(name="ours", version="3"), here) is None, "one without a version is far away"
    assert find(NamedEnvironment(name="ours", version="3"), here, tmp_path / "elsewhere") == "file:else.yml"
    assert find(NamedEnvironment(name="ours", version="3"), tmp_path / "elsewhere") == "file:else.yml"
