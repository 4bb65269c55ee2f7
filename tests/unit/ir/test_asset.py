"""mlc.ir.asset: every written form of a name, and what it means."""

import pytest

from mlc.ir.asset import AssetKind, AssetName, DatastorePath, is_reference, parse_reference, spelled

COMPONENT = AssetKind.COMPONENT
WORKSPACE = "subscriptions/s-1/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"


@pytest.mark.parametrize(
    ("text", "name", "version", "label"),
    [
        ("azureml:train", "train", None, None),
        ("azureml:train:2", "train", "2", None),
        ("azureml:train:1.0.0-rc", "train", "1.0.0-rc", None),
        ("azureml:train@latest", "train", None, None),
        ("azureml:train:latest", "train", None, None),
        ("azureml:train@prod", "train", None, "prod"),
        (" azureml:train:2 ", "train", "2", None),
        ("azureml:azureml:train:2", "train", "2", None),
        ("azureml:/azureml:train:2", "train", "2", None),
    ],
)
def test_short_names(text, name, version, label):
    assert parse_reference(text, COMPONENT) == AssetName(kind=COMPONENT, name=name, version=version, label=label)
    assert is_reference(text.strip())


@pytest.mark.parametrize(
    ("text", "kind", "version", "registry"),
    [
        ("azureml://registries/r/components/x/versions/1", AssetKind.COMPONENT, "1", "r"),
        ("azureml://registries/r/environments/x/labels/latest", AssetKind.ENVIRONMENT, None, "r"),
        ("azureml://registries/r/models/x", AssetKind.MODEL, None, "r"),
        ("azureml://registries/r/data/x/versions/3/", AssetKind.DATA, "3", "r"),
        (f"/{WORKSPACE}/environments/x/versions/2", AssetKind.ENVIRONMENT, "2", None),
        (f"azureml:/{WORKSPACE}/data/x/versions/2", AssetKind.DATA, "2", None),
        (f"azureml://{WORKSPACE}/components/x/labels/latest", AssetKind.COMPONENT, None, None),
        ("azureml://subscriptions/s/resourcegroups/g/workspaces/w/models/x/versions/2", AssetKind.MODEL, "2", None),
        ("azureml://locations/west/workspaces/1-2/data/x/versions/2", AssetKind.DATA, "2", None),
        ("AzureML://Registries/r/Components/x/Versions/1", AssetKind.COMPONENT, "1", "r"),
    ],
)
def test_addresses_say_their_own_kind(text, kind, version, registry):
    found = parse_reference(text, AssetKind.DATA)
    assert found == AssetName(kind=kind, name="x", version=version, registry=registry)


@pytest.mark.parametrize(
    ("text", "datastore", "path"),
    [
        ("azureml://datastores/d/paths/a b/c.csv", "d", "a b/c.csv"),
        ("azureml://datastores/d/paths/", "d", ""),
        ("azureml://datastores/d", "d", ""),
        ("azureml://datastores/d/paths/data/x/versions/1", "d", "data/x/versions/1"),
        (f"azureml://{WORKSPACE}/datastores/d/paths/x", "d", "x"),
        ("azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/d/paths/models/m", "d", "models/m"),
    ],
)
def test_paths_of_datastores(text, datastore, path):
    assert parse_reference(text, AssetKind.DATA) == DatastorePath(datastore=datastore, path=path)


@pytest.mark.parametrize(
    "text", ["azureml:", "azureml:a b", "azureml:a@", "azureml:a:", "azureml://jobs/j/outputs/o", "azureml:a:b:c"]
)
def test_texts_that_only_begin_like_a_reference(text):
    assert is_reference(text)
    assert parse_reference(text, COMPONENT) is None


@pytest.mark.parametrize("text", ["./azureml", "train.yml", "https://azureml/x", "datastores/d/paths/p", "", "a:b"])
def test_texts_that_are_none(text):
    assert not is_reference(text)


def test_a_version_of_an_environment_can_hold_colons():
    found = parse_reference("azureml:base:18.04:2022", AssetKind.ENVIRONMENT)
    assert found == AssetName(kind=AssetKind.ENVIRONMENT, name="base", version="18.04:2022")


def test_a_very_long_text_is_no_trouble():
    assert parse_reference("azureml://subscriptions/" + "components//" * 20_000, COMPONENT) is None


@pytest.mark.parametrize(
    "text",
    [
        "azureml:train",
        "azureml:train:2",
        "azureml:train@prod",
        "azureml://registries/r/components/x/versions/1",
        "azureml://registries/r/components/x/labels/latest",
        "azureml://datastores/d/paths/p/q",
    ],
)
def test_spelled_as_authors_spell_it(text):
    found = parse_reference(text, COMPONENT)
    assert found is not None
    assert spelled(found) == text
