"""mlc.catalog.names: in which order places are asked, chains of data, what is said of names that were missed."""

from pathlib import Path

import pytest

from mlc.catalog import Catalog, Places, Readers
from mlc.catalog.keep import Draft, keep
from mlc.catalog.store import Store, catalog_root
from mlc.config import Config
from mlc.diagnostics import NOWHERE, Bag, Span
from mlc.files import File
from mlc.frontend.data_assets import load_data_asset
from mlc.frontend.environments import load_environment_file
from mlc.ir.asset import AssetKind, AssetName, DatastorePath, Location, Registered
from mlc.ir.environment import NamedEnvironment


@pytest.fixture
def bag():
    return Bag()


@pytest.fixture
def source(tmp_path):
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "app").mkdir()
    return tmp_path / "repository" / "app"


def catalog(source, bag, *maps, config=None, folders=()):
    readers = Readers(
        environment=lambda file: load_environment_file(file, bag), data=lambda file: load_data_asset(file, bag)
    )
    places = Places(start=source, config=config or Config(), folders=folders, maps=maps, cwd=source)
    return Catalog(places, readers, bag)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def stored(name, text):
    tree = {"c.yml": File(text.encode())}
    draft = Draft(kind=AssetKind.COMPONENT, name=name, version="1", file="c.yml", tree=tree, title="", span=NOWHERE)
    return keep(Store(catalog_root(Config())), draft)[0].file


def component(name="train", version=None, **more):
    return AssetName(kind=AssetKind.COMPONENT, name=name, version=version, **more)


def data(name="mnist", version=None, kind=AssetKind.DATA):
    return AssetName(kind=kind, name=name, version=version)


def test_places_are_asked_in_order(source, bag, tmp_path):
    names = catalog(source, bag)
    assert names.component(component()) is None
    last = stored("train", "name: train")
    bag.memo.clear()
    assert names.component(component()) == last
    in_tree = write(source.parent / "lib" / "train.yml", "name: train\ncommand: ls\n")
    bag.memo.clear()
    assert names.component(component()) == in_tree
    beside = write(tmp_path / "more" / "train.yml", "name: train\ncommand: ls\n")
    assert catalog(source, bag, folders=(tmp_path / "more",)).component(component()) == beside
    assert catalog(source, bag, "train=./mine.yml", folders=(tmp_path / "more",)).component(component()) == (
        source / "mine.yml"
    )


def test_the_tree_is_read_once_and_only_when_a_name_needs_it(source, bag):
    names = catalog(source, bag)
    names.report()
    assert bag.memo == {}
    assert names.component(component()) is None
    write(source / "late.yml", "name: train\ncommand: ls\n")
    assert names.component(component()) is None


def test_what_the_source_registers_comes_before_files(source, bag):
    write(source / "data.yml", "name: mnist\npath: ./files\n")
    names = catalog(source, bag)
    here = Location(uri="/registered", local="/registered")
    names.ask_first(Registered(component=lambda _: None, environment=lambda _: None, data=lambda wanted: here))
    assert names.data(data()) == here


def test_data_can_stand_for_a_path_of_a_datastore(source, bag):
    write(source / "data.yml", "name: mnist\nversion: 2\npath: azureml://datastores/raw/paths/a/b\n")
    config = Config(file=source / "mlc.toml", datastores={"raw": "./blob"})
    found = catalog(source, bag, config=config).data(data())
    assert (found.local, found.origin) == (str(source / "blob" / "a" / "b"), "data.yml, mlc.toml")
    unmapped = catalog(source, bag).data(data())
    assert (unmapped.uri, unmapped.local) == ("azureml://datastores/raw/paths/a/b", None)


def test_data_that_stands_for_itself_comes_to_an_end(source, bag):
    write(source / "data.yml", "name: mnist\npath: azureml:mnist@latest\n")
    found = catalog(source, bag).data(data())
    assert (found.uri, found.local) == ("azureml:mnist@latest", None)


def test_a_model_is_found_as_data_too_and_the_other_way_round(source, bag):
    write(source / "net.yml", "$schema: https://a/model.schema.json\nname: net\npath: ./net\n")
    names = catalog(source, bag)
    assert names.data(data("net")) == names.data(data("net", kind=AssetKind.MODEL))


def test_a_broken_file_is_said_and_its_name_is_not_missed_too(source, bag):
    write(source / "data.yml", "$schema: https://a/data.schema.json\nname: mnist\ntype: uri_folder\n")
    write(source / "env.yml", "name: ours\nimage: a b\n")
    names = catalog(source, bag)
    for wanted in (data(), NamedEnvironment(name="ours")):
        found = names.environment(wanted) if isinstance(wanted, NamedEnvironment) else names.data(wanted)
        assert found is None
        names.miss(wanted)
    names.report()
    assert sorted(item.code for item in bag.items) == ["E110", "E122"]


def test_all_that_was_missed_is_one_message(source, bag):
    write(source / "train.yml", "name: train\nversion: 3\ncommand: ls\n")
    names = catalog(source, bag)
    file = str(source / "p.yml")
    names.miss(component("train", "9", span=Span(file, 9, 3)))
    names.miss(DatastorePath(datastore="raw", path="a", span=Span(file, 4, 1)))
    names.miss(DatastorePath(datastore="raw", path="b", span=Span(file, 2, 1)))
    names.miss(component("train", "9", span=Span(file, 9, 3)))
    names.miss(component("trian", registry="r", span=Span(file, 5, 1)))
    names.report()
    (item,) = bag.items
    assert (item.code, item.span.line) == ("E520", 2)
    assert item.what == "3 names are not known on this machine"
    assert [(note.what, [place.line for place in note.places]) for note in item.notes] == [
        ("datastore 'raw'", [2, 4]),
        ("component 'azureml://registries/r/components/trian/labels/latest'", [5]),
        ("component 'azureml:train:9'", [9]),
    ]
    assert item.notes[1].text == (
        "nothing has that name. Did you mean 'train'? "
        "Supply it with --component-path DIR (its YAML in there) or --map azureml:trian=FILE.yml"
    )
    assert item.notes[2].text.startswith("there is only version 3. ")
    assert "below '..'" in item.fix


def test_files_far_away_that_say_no_version_serve_none_unless_alone(source, bag):
    one = write(source.parent / "a" / "train.yml", "name: train\ncommand: ls\n")
    assert catalog(source, bag).component(component(version="4")) == one
    write(source.parent / "b" / "train.yml", "name: train\ncommand: ls\n")
    bag.memo.clear()
    names = catalog(source, bag)
    assert names.component(component(version="4")) is None
    assert names.component(component()) == one
    names.miss(component(version="4"))
    names.report()
    missing = next(item for item in bag.items if item.code == "E520")
    assert missing.notes[0].text.startswith(
        "2 files have that name, outside of the source's folder, and say no version. "
    )


def test_a_key_of_the_configuration_that_is_no_name(source, bag):
    names = catalog(source, bag, config=Config(file=source / "mlc.toml", map={"azureml:": "./x", "mnist": "./y"}))
    assert names.data(data()).local == str(source / "y")
    assert [(item.code, item.what) for item in bag.items] == [("E601", "map.azureml: is not the name of anything")]


def test_versions(source, bag):
    for version in ("9", "10"):
        write(source / f"{version}.yml", f"name: train\nversion: {version}\ncommand: ls\n")
    stored("train", "name: train")
    names = catalog(source, bag)
    assert names.versions(AssetKind.COMPONENT, "train") == ("1", "9", "10")
    assert names.versions(AssetKind.DATA, "train") == ()


def test_the_file_of_the_nearest_folder_serves_and_is_named_when_it_lies_outside(source, bag):
    far = write(source.parent / "other" / "train.yml", "name: train\nversion: 9\ncommand: other\n")
    near = write(source / "study" / "parts" / "train.yml", "name: train\nversion: 2\ncommand: ours\n")
    start = source / "study" / "pipelines"
    start.mkdir()
    wanted = component(registry="shared")
    names = catalog(start, bag)
    assert names.component(wanted) == near
    assert names.component(wanted) == near
    assert names.component(component(version="9")) == far
    first, second = bag.items
    assert first.code == "W505"
    assert first.text == (
        "'azureml://registries/shared/components/train/labels/latest' is taken from '../parts/train.yml'. "
        "It lies outside of the source's folder, and the same name may mean something else there. "
        "Name the file itself, or choose one with --map azureml:train=FILE."
    )
    assert second.text.startswith("'azureml:train:9' is taken from '../../../other/train.yml'. ")


def test_several_files_that_would_serve_are_said(source, bag):
    first = write(source / "a.yml", "name: train\nversion: 2\ncommand: one\n")
    for name in ("b.yml", "c.yml"):
        write(source / name, "name: train\nversion: 2\ncommand: two\n")
    write(source / "old.yml", "name: train\nversion: 1\ncommand: three\n")
    assert catalog(source, bag).component(component()) == first
    assert "is taken from 'a.yml'. 'b.yml' and 1 more say the same name and version. " in bag.items[0].text
    assert len(bag.items) == 1


def test_the_only_file_of_its_version_below_the_source_needs_no_word(source, bag):
    for version in (1, 2):
        write(source / f"{version}.yml", f"name: train\nversion: {version}\ncommand: train\n")
    write(source.parent / "other.yml", "name: train\nversion: 2\ncommand: other\n")
    names = catalog(source, bag)
    assert names.component(component()) == names.component(component(version="2")) == source / "2.yml"
    assert not bag.items
