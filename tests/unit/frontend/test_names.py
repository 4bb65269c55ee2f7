"""Components by name in pipeline YAML: among the files of the source's own tree."""

import pytest

from mlc.catalog import Catalog, Places, Readers
from mlc.diagnostics import Bag
from mlc.files import MANIFEST
from mlc.frontend import Request, load
from mlc.ir.pipeline import CommandNode, UnsupportedNode


def write(path, name="train", version=None, command="echo"):
    path.parent.mkdir(parents=True, exist_ok=True)
    said = f"version: {version}\n" if version else ""
    path.write_text(f"name: {name}  # the name\n{said}command: {command}\nenvironment: {{image: i}}\n")


def used(tmp_path, reference, *search):
    """The command of the component that is found, and the codes."""
    source = tmp_path / "repository" / "pipelines" / "p.yml"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(f"type: pipeline\njobs: {{a: {{component: '{reference}'}}}}\n")
    bag = Bag()
    readers = Readers(environment=lambda file: None, data=lambda file: None)
    names = Catalog(Places(start=source.parent, folders=search), readers, bag)
    found = load(source, Request(names=names), bag)
    names.report()
    assert found is not None
    node = found.nodes[0]
    if isinstance(node, CommandNode):
        return "".join(getattr(part, "text", "") for part in node.component.command), bag
    assert isinstance(node, UnsupportedNode)
    return None, bag


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    return tmp_path / "repository"


@pytest.mark.parametrize(
    ("reference", "command"),
    [
        ("azureml:train:2", "two"),
        ("azureml:train:10", "ten"),
        ("azureml:train@latest", "ten"),
        ("azureml:train", "ten"),
        ("azureml:train@default", "ten"),
    ],
)
def test_versions(tmp_path, repository, reference, command):
    write(repository / "components" / "a.yml", version="2", command="two")
    write(repository / "components" / "b.yaml", version="10", command="ten")
    write(repository / "components" / "c.yml", name="trainer", version="99", command="other")
    assert used(tmp_path, reference)[0] == command


def test_a_file_without_a_version_serves_any(tmp_path, repository):
    write(repository / "c.yml")
    assert used(tmp_path, "azureml:train:7")[0] == "echo"


def test_the_nearest_of_several(tmp_path, repository):
    write(repository / "a" / "b" / "c.yml", command="far")
    write(repository / "pipelines" / "z.yml", command="near")
    assert used(tmp_path, "azureml:train")[0] == "near"


def test_without_a_repository_only_the_source_s_folder_is_searched(tmp_path):
    write(tmp_path / "repository" / "c.yml")
    assert used(tmp_path, "azureml:train")[1].items[0].code == "E520"
    write(tmp_path / "repository" / "pipelines" / "deep" / "c.yml")
    assert used(tmp_path, "azureml:train")[0] == "echo"


def test_other_folders_come_first(tmp_path, repository):
    write(repository / "c.yml", command="own")
    write(tmp_path / "library" / "c.yml", command="library")
    assert used(tmp_path, "azureml:train", tmp_path / "library")[0] == "library"


def test_bundles_hidden_folders_and_other_files_do_not_count(tmp_path, repository):
    write(repository / "out" / "p" / "components" / "c.yml")
    (repository / "out" / "p" / MANIFEST).touch()
    write(repository / ".cache" / "c.yml")
    (repository / "job.yml").write_text("name: train\ncommand: x\nexperiment_name: e\n")
    (repository / "env.yml").write_text("name: train\nimage: x\n")
    assert used(tmp_path, "azureml:train")[0] is None


def test_what_is_said_when_there_is_none(tmp_path, repository):
    write(repository / "c.yml", version="3")
    item = used(tmp_path, "azureml:train:9")[1].items[0]
    assert (item.code, item.notes[0].what) == ("E520", "component 'azureml:train:9'")
    assert item.notes[0].text.startswith("there is only version 3. ")
    item = used(tmp_path, "azureml:trian")[1].items[0]
    assert item.notes[0].text.startswith("nothing has that name. Did you mean 'train'? ")
    assert "'..'" in item.fix
    assert item.span.line == 2


@pytest.mark.parametrize("reference", ["azureml:", "azureml:a:b:c", "azureml:a b"])
def test_names_that_are_none(tmp_path, reference):
    assert used(tmp_path, reference)[1].items[0].code == "E122"


@pytest.mark.parametrize(
    "reference",
    [
        "azureml://registries/azureml/components/train/versions/1",
        "azureml://registries/azureml/components/train/labels/latest",
        "/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/components/train/versions/1",
        "azureml://subscriptions/s/resourcegroups/g/workspaces/w/components/train/versions/1",
        "azureml://locations/west/workspaces/w/components/train/versions/1",
    ],
)
def test_addresses_of_registries_and_workspaces(tmp_path, repository, reference):
    item = used(tmp_path, reference)[1].items[0]
    assert item.code == "E520"
    write(repository / "c.yml", version="1")
    assert used(tmp_path, reference)[0] == "echo"


@pytest.mark.parametrize("reference", ["azureml://registries/azureml/models/train/versions/1", "azureml:/train"])
def test_addresses_of_something_else(tmp_path, reference):
    assert used(tmp_path, reference)[1].items[0].code == "E122"


def test_a_job_of_a_workspace_is_a_pipeline_only_there(tmp_path):
    job = "azureml://subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/j"
    assert used(tmp_path, job)[1].items[0].code == "E501"
