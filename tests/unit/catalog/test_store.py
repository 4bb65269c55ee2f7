"""The local catalog on the disk: versions stay what they are, entries come and go as a whole."""

import threading
from pathlib import Path

import pytest

from mlc.catalog.keep import Draft, Kept, keep, remove
from mlc.catalog.store import ENTRY, Store, catalog_root
from mlc.config import Config
from mlc.diagnostics import NOWHERE, MlcError
from mlc.files import File
from mlc.ir.asset import AssetKind

KIND = AssetKind.COMPONENT


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "catalog")


def draft(name="train", version=None, text="a", **more):
    tree = {"c.yml": File(b"name: x"), "src/a.py": File(text.encode(), executable=True)}
    return Draft(kind=KIND, name=name, version=version, file="c.yml", tree=tree, title="", span=NOWHERE, **more)


def test_an_empty_catalog_has_nothing_and_makes_nothing(store):
    assert store.find(KIND, "train", None) is None
    assert store.entries(KIND) == ()
    assert not store.root.exists()


def test_what_is_kept_is_found_with_its_files(store):
    entry, state = keep(store, draft(version="2"))
    assert (entry.name, entry.version, entry.files, state) == ("train", "2", 2, Kept.ADDED)
    assert entry.file.read_bytes() == b"name: x"
    code = entry.file.parent / "src" / "a.py"
    assert (code.read_text(), code.stat().st_mode & 0o777) == ("a", 0o755)
    assert store.find(KIND, "train", "2") == store.find(KIND, "train", None) == entry
    assert store.find(KIND, "train", "1") is None
    assert store.find(AssetKind.ENVIRONMENT, "train", None) is None


def test_versions_are_numbered_and_the_same_content_keeps_its_number(store):
    assert [keep(store, draft(text=text))[0].version for text in ("a", "b", "b")] == ["1", "2", "2"]
    assert keep(store, draft(text="c", version="10"))[0].version == "10"
    assert keep(store, draft(text="d"))[0].version == "11"
    assert store.versions(KIND, "train") == ("1", "2", "10", "11")
    assert store.find(KIND, "train", None).version == "11"


def test_a_version_does_not_change_unless_forced(store):
    keep(store, draft(version="1"))
    with pytest.raises(MlcError) as stop:
        keep(store, draft(version="1", text="b"))
    assert stop.value.diagnostic.code == "E521"
    assert keep(store, draft(version="1"))[1] is Kept.UNCHANGED
    entry, state = keep(store, draft(version="1", text="b"), force=True)
    assert state is Kept.REPLACED
    assert (entry.file.parent / "src" / "a.py").read_text() == "b"
    assert [path.name for path in entry.file.parents[2].iterdir()] == ["1"]


def test_a_failed_write_leaves_nothing_behind(store):
    broken = draft(version="1")
    tree = {**broken.tree, "z": File(Path("/nowhere/at/all"))}
    with pytest.raises(OSError, match="nowhere"):
        keep(store, Draft(kind=KIND, name="train", version="1", file="c.yml", tree=tree, title="", span=NOWHERE))
    assert store.versions(KIND, "train") == ()


@pytest.mark.parametrize("name", ["a/b", "..", ".hidden", "ä b", "x%2Fy", "A", "name:with:colons"])
def test_odd_names_stay_inside_and_apart(store, name):
    keep(store, draft(name=name, version=name))
    keep(store, draft(name="a", version="1"))
    assert store.versions(KIND, name) == (name,)
    assert {entry.name for entry in store.entries(KIND)} == {name, "a"}
    assert all(path.is_relative_to(store.root) for path in store.root.rglob("*"))


def test_removal(store):
    for text in "ab":
        keep(store, draft(text=text))
    assert remove(store, KIND, "train", "3") == ()
    assert remove(store, KIND, "train", "1") == ("1",)
    assert store.versions(KIND, "train") == ("2",)
    keep(store, draft(text="c"))
    assert remove(store, KIND, "train", None) == ("2", "3")
    assert store.entries(KIND) == ()


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", '{"name": 1'])
def test_a_damaged_entry_is_said(store, text):
    entry, _ = keep(store, draft())
    (store.folder(KIND, "train", "1") / ENTRY).write_text(text)
    with pytest.raises(MlcError) as stop:
        store.find(KIND, entry.name, None)
    assert stop.value.diagnostic.code == "E524"
    assert "'train' version '1'" in stop.value.diagnostic.what


def test_readers_never_see_half_an_entry(store):
    keep(store, draft(version="1", text="0"))
    seen: list[object] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            entry = store.find(KIND, "other", None)
            if entry is not None:
                seen.append((entry.file.parent / "src" / "a.py").exists())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(30):
        keep(store, draft(name="other", version=str(number), text=str(number)))
    done.set()
    reader.join()
    assert all(seen)


def test_where_it_is(tmp_path):
    home = {"HOME": "/h"}
    assert catalog_root(Config(), home) == Path("/h/.local/share/mlc/catalog")
    assert catalog_root(Config(), home | {"XDG_DATA_HOME": "/d"}) == Path("/d/mlc/catalog")
    assert catalog_root(Config(catalog=Path("/c")), home) == Path("/c")
    assert catalog_root(Config(catalog=Path("/c")), home | {"MLC_CATALOG_DIR": "/m"}) == Path("/m")
