"""mlc.frontend.snapshot: which files a step gets (azureml.md A1.3 and the example of A9)."""

import os
import zipfile

import pytest

from mlc.diagnostics import Bag, Span
from mlc.files import MANIFEST
from mlc.frontend.collected import IN_MEMORY
from mlc.frontend.includes import Include
from mlc.frontend.snapshot import snapshot

HERE = Span("/project/c.yml", 3, 7)


def make(root, *names, **texts):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    for name, text in texts.items():
        (root / name).write_text(text)


def names(path, includes=()):
    bag = Bag()
    found = snapshot(path, bag, HERE, [Include(str(item), item, HERE) for item in includes])
    assert not bag.items
    assert found is not None
    return [name for name, _ in found.files]


def refused(path, includes=()):
    bag = Bag()
    assert snapshot(path, bag, HERE, [Include(str(item), item, HERE) for item in includes]) is None
    assert {item.span for item in bag.items} == {HERE}
    return [item.code for item in bag.sorted()]


@pytest.fixture
def example(tmp_path):
    """The folder of the reference's example."""
    code = tmp_path / "code"
    make(
        code,
        *("a.py", "b.txt", ".hidden", ".gitignore", "sub/c.py", "sub/d.txt", "sub2/f.txt", "sub2/keep.txt", "big/z"),
        *("__pycache__/q", ".git/HEAD", ".ipynb_checkpoints/z"),
    )
    make(tmp_path, "ext/real.txt", "inc/top.txt", "inc/q.py", "inc/x/y.py")
    (code / "empty").mkdir()
    (code / "sub" / ".amlignore").write_text("c.py\n")
    (code / ".amlignore").write_text("*.txt\n!sub2/keep.txt\nbig/\n")
    (tmp_path / "inc" / ".amlignore").write_text("q.py\n")
    (code / "link.txt").symlink_to("../ext/real.txt")
    (code / "linkdir").symlink_to("../ext")
    return tmp_path


def test_the_example_with_amlignore(example):
    expected = ".amlignore .git/HEAD .gitignore .hidden .ipynb_checkpoints/z a.py sub/.amlignore sub/c.py sub2/keep.txt"
    assert names(example / "code") == expected.split()


def test_the_example_with_includes(example):
    includes = [example / name for name in ("inc", "inc/top.txt", "ext.zip", "inc/q.py")]
    expected = (
        ".amlignore .git/HEAD .gitignore .hidden .ipynb_checkpoints/z a.py ext.zip inc/.amlignore inc/x/y.py q.py "
        "sub/.amlignore sub2/keep.txt"
    )
    assert names(example / "code", includes) == expected.split()


def test_the_example_with_gitignore_only(example):
    (example / "code" / ".amlignore").unlink()
    (example / "code" / ".gitignore").write_text("sub2\n")
    expected = (
        ".git/HEAD .gitignore .hidden .ipynb_checkpoints/z a.py b.txt big/z link.txt linkdir/real.txt sub/.amlignore "
        "sub/c.py sub/d.txt"
    )
    assert names(example / "code") == expected.split()


def test_one_file_is_only_that_file(tmp_path):
    make(tmp_path, "a.py", "b.py")
    assert names(tmp_path / "a.py") == ["a.py"]


def test_includes_without_code(tmp_path):
    make(tmp_path, "lib/util/x.py", "top.py")
    assert names(None, [tmp_path / "lib" / "util", tmp_path / "top.py"]) == ["top.py", "util/x.py"]


def test_a_folder_becomes_the_same_archive_every_time(tmp_path):
    make(tmp_path, "lib/b.py", "lib/a.py")
    first = snapshot(None, Bag(), HERE, [Include("lib.zip", tmp_path / "lib.zip", HERE)])
    os.utime(tmp_path / "lib" / "a.py", (1, 1))
    second = snapshot(None, Bag(), HERE, [Include("lib.zip", tmp_path / "lib.zip", HERE)])
    assert first == second
    assert first is not None
    (tmp_path / "out.zip").write_bytes(first.files[0][1].read())
    assert zipfile.ZipFile(tmp_path / "out.zip").namelist() == ["a.py", "b.py"]


def test_an_ignored_folder_is_not_even_read(tmp_path):
    make(tmp_path, "a.py", ".amlignore", "data/x")
    (tmp_path / "data" / "self").symlink_to(".")
    (tmp_path / ".amlignore").write_text("data/\n")
    assert names(tmp_path) == [".amlignore", "a.py"]


def test_a_bundle_of_ours_below_the_code_is_left_out(tmp_path):
    make(tmp_path, "a.py", f"out/p/{MANIFEST}", "out/p/compose.yaml", "out/notes.txt")
    assert names(tmp_path) == ["a.py", "out/notes.txt"]


def test_bits_and_sizes(tmp_path):
    make(tmp_path, "run.sh", "a.py")
    (tmp_path / "run.sh").chmod(0o700)
    with (tmp_path / "big.bin").open("wb") as stream:
        stream.truncate(IN_MEMORY + 1)
    found = snapshot(tmp_path, Bag(), HERE)
    assert found is not None
    files = dict(found.files)
    assert files["run.sh"].executable
    assert not files["a.py"].executable
    assert files["a.py"].content == b""
    assert files["big.bin"].content == tmp_path / "big.bin"


def test_a_snapshot_is_taken_once_per_run(tmp_path):
    make(tmp_path, "a.py")
    bag = Bag()
    first = snapshot(tmp_path, bag, HERE)
    make(tmp_path, "b.py")
    assert snapshot(tmp_path, bag, HERE) == first
    bag.memo.clear()
    assert snapshot(tmp_path, bag, HERE) != first


def test_files_that_cannot_be_copied(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path) == ["E118"]
    (tmp_path / "pipe").unlink()
    (tmp_path / "none").symlink_to("nowhere")
    (tmp_path / "self").symlink_to("self")
    assert refused(tmp_path) == ["E118", "E118"]


@pytest.mark.parametrize("name", [b"a\nb", b"caf\xe9", b"a\x1bb"])
def test_names_that_are_no_plain_text(tmp_path, name):
    with open(os.fsencode(tmp_path) + b"/" + name, "wb"):  # noqa: PTH123
        pass
    assert refused(tmp_path) == ["E118"]


def test_a_link_to_a_folder_above_is_refused(tmp_path):
    make(tmp_path, "a/b/c")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    assert refused(tmp_path) == ["E119"]


def test_very_deep_folders(tmp_path):
    (tmp_path / "/".join("d" * 300)).mkdir(parents=True)
    assert refused(tmp_path) == ["E118"]


@pytest.mark.parametrize(("name", "code"), [("none", "E101"), ("a\0b", "E107"), ("x" * 300, "E107"), ("f/g", "E101")])
def test_code_that_is_not_there(tmp_path, name, code):
    make(tmp_path, "f")
    assert refused(tmp_path / name) == [code]


def test_includes_that_cannot_be(tmp_path):
    make(tmp_path, "code/a.py", "a.py", "lib/code/a.py")
    code, root = tmp_path / "code", type(tmp_path)("/")
    assert refused(code, [tmp_path / "none"]) == ["E120"]
    assert refused(code, [tmp_path / "none.zip"]) == ["E120"]
    assert refused(code, [tmp_path / "a.py"]) == ["E120"]
    assert refused(code, [root]) == ["E120"]


def test_a_pattern_that_is_none_is_a_warning(tmp_path):
    make(tmp_path, "a.py", **{".amlignore": "*.txt\n!\n"})
    bag = Bag()
    assert snapshot(tmp_path, bag, HERE) is not None
    assert [(item.code, item.span) for item in bag.items] == [("W102", Span(str(tmp_path / ".amlignore"), 2, 1))]
