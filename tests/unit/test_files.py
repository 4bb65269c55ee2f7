"""The one writer: inside the root, atomic, only if changed, only its own files removed."""

import os
import stat
from pathlib import Path

import pytest

from mlc.files import MANIFEST, File, Written, write_tree


def text(value: str, *, executable: bool = False) -> File:
    return File(value.encode(), executable)


def paths(root: Path) -> list[str]:
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and p.name != MANIFEST)


def test_first_write_makes_the_tree(tmp_path: Path) -> None:
    done = write_tree({"a.txt": text("a"), "b/c.sh": text("c", executable=True)}, tmp_path / "out" / "p")
    assert done == Written(added=("a.txt", "b/c.sh"))
    assert (tmp_path / "out/p/b/c.sh").read_text() == "c"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_permissions_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_tree({"d/x.sh": text("x", executable=True), "d/y": text("y")}, tmp_path / "p")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / "p" / name).stat().st_mode) for name in ("d", "d/x.sh", "d/y")]
    assert modes == [0o755, 0o755, 0o644]


def test_writing_the_same_again_touches_nothing(tmp_path: Path) -> None:
    tree = {"a": text("a"), "b": text("b")}
    write_tree(tree, tmp_path / "p")
    inode, mtime = (tmp_path / "p").stat().st_ino, (tmp_path / "p/a").stat().st_mtime_ns
    assert write_tree(tree, tmp_path / "p") == Written(unchanged=2)
    assert ((tmp_path / "p").stat().st_ino, (tmp_path / "p/a").stat().st_mtime_ns) == (inode, mtime)


def test_changed_and_stale_files(tmp_path: Path) -> None:
    write_tree({"a": text("a"), "b": text("b"), "gone": text("g")}, tmp_path / "p")
    done = write_tree({"a": text("a"), "b": text("B")}, tmp_path / "p")
    assert done == Written(changed=("b",), removed=("gone",), unchanged=1)
    assert paths(tmp_path / "p") == ["a", "b"]


def test_executable_bit_alone_is_a_change(tmp_path: Path) -> None:
    write_tree({"a": text("a")}, tmp_path / "p")
    assert write_tree({"a": text("a", executable=True)}, tmp_path / "p").changed == ("a",)


def test_files_of_others_stay(tmp_path: Path) -> None:
    write_tree({"a": text("a"), "old": text("o")}, tmp_path / "p")
    (tmp_path / "p/results").mkdir()
    (tmp_path / "p/results/model.bin").write_text("mine")
    write_tree({"a": text("A")}, tmp_path / "p")
    assert paths(tmp_path / "p") == ["a", "results/model.bin"]
    assert (tmp_path / "p/results/model.bin").read_text() == "mine"


def test_empty_folders_and_links_of_others_stay(tmp_path: Path) -> None:
    write_tree({"a": text("a")}, tmp_path / "p")
    (tmp_path / "p/mlruns").mkdir()
    (tmp_path / "p/link").symlink_to("mlruns")
    write_tree({"a": text("A")}, tmp_path / "p")
    assert (tmp_path / "p/mlruns").is_dir()
    assert (tmp_path / "p/link").is_symlink()


def test_a_file_beside_stale_ones_stays_and_emptied_folders_go(tmp_path: Path) -> None:
    write_tree({"x/a": text("a"), "y/b": text("b")}, tmp_path / "p")
    (tmp_path / "p/x/note").write_text("mine")
    write_tree({"c": text("c")}, tmp_path / "p")
    assert paths(tmp_path / "p") == ["c", "x/note"]
    assert not (tmp_path / "p/y").exists()


def test_a_folder_of_others_stays_the_same_folder(tmp_path: Path) -> None:
    write_tree({"a": text("a")}, tmp_path / "p")
    (tmp_path / "p/.mlc").mkdir()
    inode = (tmp_path / "p/.mlc").stat().st_ino
    write_tree({"a": text("A")}, tmp_path / "p")
    assert (tmp_path / "p/.mlc").stat().st_ino == inode


def test_a_file_of_the_disk_is_copied(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 3_000_000)
    tree = {"data/big": File(tmp_path / "big")}
    assert write_tree(tree, tmp_path / "p").added == ("data/big",)
    assert (tmp_path / "p/data/big").stat().st_size == 3_000_000
    assert write_tree(tree, tmp_path / "p").nothing


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", "a//b", "./a", "a\0b", "", ".", MANIFEST])
def test_paths_outside_are_refused_before_anything_is_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a path inside"):
        write_tree({"ok": text("ok"), path: text("x")}, tmp_path / "p")
    assert not (tmp_path / "p").exists()


def test_a_failure_leaves_the_old_tree_and_no_litter(tmp_path: Path) -> None:
    write_tree({"a": text("a")}, tmp_path / "p")
    with pytest.raises(OSError, match="nowhere"):
        write_tree({"a": text("A"), "b": File(tmp_path / "nowhere")}, tmp_path / "p")
    assert (tmp_path / "p/a").read_text() == "a"
    assert [p.name for p in tmp_path.iterdir()] == ["p"]


def test_a_file_where_a_folder_must_be(tmp_path: Path) -> None:
    write_tree({"a": text("a")}, tmp_path / "p")
    write_tree({"a/b": text("b")}, tmp_path / "p")
    assert paths(tmp_path / "p") == ["a/b"]


def test_a_broken_manifest_owns_nothing(tmp_path: Path) -> None:
    write_tree({"a": text("a"), "b": text("b")}, tmp_path / "p")
    (tmp_path / "p" / MANIFEST).write_text("{")
    assert write_tree({"a": text("a")}, tmp_path / "p").removed == ()
    assert paths(tmp_path / "p") == ["a", "b"]


def test_a_manifest_cannot_name_files_outside(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep")
    write_tree({"a": text("a")}, tmp_path / "p")
    (tmp_path / "p" / MANIFEST).write_text('{"files": ["../precious", "a"]}')
    write_tree({"c": text("c")}, tmp_path / "p")
    assert (tmp_path / "precious").read_text() == "keep"
