"""Archives of images against a `docker` that is a shell script; real engines are in tests/engine."""

import io
import os
import tarfile

import pytest

from mlc.diagnostics import MlcError
from mlc.images import carrying
from mlc.images.cache import cache_root

ONE = ("mlc/p-one:1-1", "sha256:" + "1" * 64)
TWO = ("mlc/p-two:1-1", "sha256:" + "2" * 64)


def stream(**files):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            item = tarfile.TarInfo(name.replace("__", "/"))
            if content.startswith("->"):
                item.type, item.linkname = tarfile.SYMTYPE, content[2:]
                archive.addfile(item)
            else:
                item.size = len(content)
                archive.addfile(item, io.BytesIO(content.encode()))
    return made.getvalue()


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """`save` gives saved.tar, `load` keeps what it gets as loaded.tar, `image ls` prints images; all are noted."""
    folder = tmp_path / "docker"
    folder.mkdir()
    script = f"""#!/bin/sh
echo "$*" >> {folder}/calls
case $1 in
    save) cat {folder}/saved.tar ;;
    load) cat > {folder}/loaded.tar ;;
    image) cat {folder}/images ;;
esac
"""
    (folder / "docker").write_text(script)
    (folder / "docker").chmod(0o755)
    (folder / "images").touch()
    (folder / "calls").touch()
    (folder / "saved.tar").write_bytes(
        stream(a__layer="heavy", b__layer="light", c__layer="->../a/layer", manifest="1")
    )
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def calls(docker, word):
    return [line for line in (docker / "calls").read_text().splitlines() if line.startswith(word)]


def blobs(folder):
    return {path.read_text(): path.stat().st_mtime_ns for path in (folder / "blobs" / "sha256").iterdir()}


def contents(tar):
    found = {}
    with tarfile.open(tar) as archive:
        for item in archive:
            content = archive.extractfile(item) if item.isfile() else None
            found[item.name] = content.read() if content else item.linkname
    return found


@pytest.mark.parametrize("name", ["folder", "one.tar"])
def test_what_was_saved_is_loaded(name, docker, tmp_path):
    target = tmp_path / name
    assert carrying.export(target, (ONE,)) == carrying.Carried(images=(ONE[0],), size=11)
    assert target.is_file() == name.endswith(".tar")
    assert calls(docker, "save") == [f"save {ONE[0]}"]
    assert carrying.load(target).images == (ONE[0],)
    assert contents(docker / "loaded.tar") == contents(docker / "saved.tar")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_only_what_is_new_is_written(docker, tmp_path):
    carrying.export(tmp_path / "x", (ONE,))
    before = blobs(tmp_path / "x")
    assert carrying.export(tmp_path / "x", (ONE,)).size == 0
    assert len(calls(docker, "save")) == 1
    (docker / "saved.tar").write_bytes(stream(a__layer="heavy", d__layer="another", manifest="2"))
    assert carrying.export(tmp_path / "x", (ONE, TWO)).size == 8
    after = blobs(tmp_path / "x")
    assert set(after) == {"heavy", "another", "2"}
    assert after["heavy"] == before["heavy"]


def test_the_same_images_are_the_same_file(docker, tmp_path):
    for name in ("a.tar", "b.tar"):
        carrying.export(tmp_path / name, (ONE,))
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


def test_what_the_engine_has_is_not_loaded(docker, tmp_path):
    carrying.export(tmp_path / "x", (ONE,))
    (docker / "images").write_text(f"{ONE[0]} {ONE[1]}\n")
    assert carrying.load(tmp_path / "x").images == ()
    assert calls(docker, "load") == []


def test_records_travel_and_do_not_write_over(docker, tmp_path):
    built = cache_root() / "built" / "p"
    built.mkdir(parents=True)
    (built / "one.json").write_text("{}")
    carrying.export(tmp_path / "x", (ONE,))
    (built / "one.json").write_text("mine")
    carrying.load(tmp_path / "x")
    assert (built / "one.json").read_text() == "mine"
    (built / "one.json").unlink()
    carrying.load(tmp_path / "x")
    assert (built / "one.json").read_text() == "{}"


def cut(folder):
    (blob,) = (path for path in (folder / "blobs" / "sha256").iterdir() if path.read_text() == "heavy")
    blob.write_text("hea")


def damaged(folder):
    (blob,) = (path for path in (folder / "blobs" / "sha256").iterdir() if path.read_text() == "heavy")
    blob.write_text("hEavy")


def changed(folder):
    index = folder / "mlc-cache.json"
    index.write_text(index.read_text().replace("a/layer", "../../etc"))


def newer(folder):
    index = folder / "mlc-cache.json"
    index.write_text(index.read_text().replace('"format": 1', '"format": 2'))


def empty(folder):
    (folder / "mlc-cache.json").unlink()


def listed(folder):
    (folder / "mlc-cache.json").write_text("[1]")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut, "missing or cut off"),
        (damaged, "not what its name says"),
        (changed, "changed or damaged"),
        (newer, "Its format is 2"),
        (empty, "Give what `mlc cache export` wrote"),
        (listed, "cannot be read"),
    ],
)
def test_a_broken_archive_is_refused_before_the_engine_gets_anything(spoil, words, docker, tmp_path):
    carrying.export(tmp_path / "x", (ONE,))
    spoil(tmp_path / "x")
    with pytest.raises(MlcError) as stop:
        carrying.load(tmp_path / "x")
    assert stop.value.diagnostic.code == "E635"
    assert words in stop.value.diagnostic.text
    assert calls(docker, "load") == []


@pytest.mark.parametrize("content", [b"no tar", stream(**{"..__..__evil": "x"}), stream(evil="->/etc/passwd"), b""])
def test_a_foreign_file_is_refused_and_nothing_leaves_its_place(content, docker, tmp_path):
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(MlcError) as stop:
        carrying.load(tmp_path / "x.tar")
    assert stop.value.diagnostic.code == "E635"
    assert not (tmp_path / "evil").exists()


def test_a_folder_of_somebody_else_is_left_alone(docker, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with pytest.raises(MlcError) as stop:
        carrying.export(tmp_path / "photos", (ONE,))
    assert "holds something else" in stop.value.diagnostic.text
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]


def test_a_stream_that_breaks_off_leaves_what_was_there(docker, tmp_path):
    carrying.export(tmp_path / "x", (ONE,))
    before = (tmp_path / "x" / "mlc-cache.json").read_text()
    (docker / "saved.tar").write_bytes((docker / "saved.tar").read_bytes()[:700])
    with pytest.raises(MlcError) as stop:
        carrying.export(tmp_path / "x", (ONE, TWO))
    assert stop.value.diagnostic.code == "E652"
    assert (tmp_path / "x" / "mlc-cache.json").read_text() == before
    assert carrying.load(tmp_path / "x").images == (ONE[0],)


def test_only_images_of_ours_are_taken(docker):
    (docker / "images").write_text(f"{TWO[0]} {TWO[1]}\n{ONE[0]} {ONE[1]}\n<none>:<none> sha256:3\n")
    assert carrying.ours() == (ONE, TWO)
    assert carrying.ours(["mlc/other:1", TWO[0]]) == (TWO,)
    assert "label=io.mlc.environment.key" in calls(docker, "image")[0]
