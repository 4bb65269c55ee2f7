"""Files of the author's machine that pip's lines name: how they are written in recipes, and what comes along."""

import os

import pytest
from tests.support.wheels import wheel

from mlc.diagnostics import Bag, Span
from mlc.frontend.requirements import pip_lines
from mlc.ir.local import carried

SPAN = Span("conda.yml", 3, 5)


@pytest.fixture
def ours(tmp_path):
    """A repository with a package, a folder of wheels and a list in a folder of its own."""
    (tmp_path / ".git").mkdir()
    package = tmp_path / "repo" / "libs" / "ours"
    package.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    (package / "pyproject.toml").write_text('[project]\nname = "ours"\nversion = "1"\n')
    (package / "ours.py").write_text("x = 1\n")
    (package / "notes.log").write_text("of the day\n")
    (package / ".gitignore").write_text("*.log\n")
    links = tmp_path / "repo" / "wheels"
    links.mkdir()
    (links / wheel("tiny").file_name).write_bytes(wheel("tiny").content)
    (links / "README.md").write_text("no wheel\n")
    return tmp_path / "repo"


def read(line, base):
    bag = Bag()
    found = pip_lines(line, SPAN, base, bag)
    return found, [(item.code, item.what) for item in bag.items]


def one(line, base):
    found, said = read(line, base)
    assert not said
    assert len(found) == 1
    return found[0]


def test_a_folder_is_carried_without_what_its_ignore_file_names(ours):
    found = one("./libs/ours", ours)
    (place,) = carried((found.text,))
    assert found.text == f"/tmp/mlc/{place}"
    names = sorted(path.removeprefix(f"{place}/") for path, _ in found.files)
    assert names == [".gitignore", "ours.py", "pyproject.toml"]


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("-e ./libs/ours", "/tmp/mlc/{}"),
        ("--editable=libs/ours", "/tmp/mlc/{}"),
        ("libs/ours", "/tmp/mlc/{}"),
        ("./libs/ours[fast]", "/tmp/mlc/{}[fast]"),
        ("./libs/ours ; python_version > '3.8'", "/tmp/mlc/{} ; python_version > '3.8'"),
        ("ours @ file:./libs/ours", "ours @ file:///tmp/mlc/{}"),
        ("ours[fast] @ file:libs/ours", "ours[fast] @ file:///tmp/mlc/{}"),
        ("file:libs/ours#egg=ours", "/tmp/mlc/{}"),
    ],
)
def test_one_package_in_all_its_spellings(ours, line, form):
    (place,) = carried((one("./libs/ours", ours).text,))
    assert one(line, ours).text == form.format(place)


def test_content_counts_and_neither_name_nor_time(ours):
    before = one("./libs/ours", ours).text
    os.utime(ours / "libs" / "ours" / "ours.py", (1, 1))
    (ours / "libs" / "ours").rename(ours / "libs" / "other")
    assert one("./libs/other", ours).text == before
    (ours / "libs" / "other" / "ours.py").write_text("x = 2\n")
    assert one("./libs/other", ours).text != before


def test_wheels_keep_their_names_and_folders_bring_wheels_only(ours):
    name = wheel("tiny").file_name
    alone = one(f"./wheels/{name}", ours)
    assert alone.text.endswith(f"/{name}")
    assert [file.read() for _, file in alone.files] == [wheel("tiny").content]
    for line in ("--find-links ./wheels", "-f wheels", f"--find-links={ours / 'wheels'}"):
        links = one(line, ours)
        assert links.text.startswith("--find-links /tmp/mlc/environments/local/")
        assert [path.rpartition("/")[2] for path, _ in links.files] == [name]


def test_constraints_are_one_file_whatever_their_order_and_comments(ours):
    (ours / "a.txt").write_text("# ours\nb<2\na==1  # old\n-c more/c.txt\n")
    (ours / "more").mkdir()
    (ours / "more" / "c.txt").write_text("c>3\n")
    (ours / "b.txt").write_text("a==1\nb<2\n")
    found = one("-c b.txt", ours)
    assert [file.read() for _, file in found.files] == [b"a==1\nb<2\n"]
    assert found.text.startswith("-c /tmp/mlc/environments/local/")
    assert [file.read() for _, file in one("--constraint=a.txt", ours).files] == [b"a==1\nb<2\nc>3\n"]


def test_paths_are_relative_to_the_file_that_names_them(ours):
    (ours / "libs" / "list.txt").write_text("-f ../wheels\n./ours\n")
    found, said = read("-r libs/list.txt", ours)
    assert not said
    assert [bool(item.files) for item in found] == [True, True]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("./nowhere", "does not exist"),
        ("-f ./nowhere", "does not exist"),
        ("-e ..", "leaves the repository"),
        ("./wheels", "no package"),
        ("./wheels/README.md", "no package"),
        ("-f ./libs/ours", "without wheels"),
        ("-f ./wheels/README.md", "names a file"),
        ("-c https://example.org/c.txt", "is not local"),
        ("ours @ file:///nowhere", "does not exist"),
        ("./\u0000", ""),
    ],
)
def test_what_cannot_be_carried_is_told_at_its_line(ours, line, part):
    found, said = read(line, ours)
    assert not found
    assert [code for code, _ in said] == ["E124"]
    assert part in said[0][1]


def test_what_is_huge_is_refused(ours, monkeypatch):
    monkeypatch.setattr("mlc.frontend.local_requirements.LARGEST", 10)
    for line in ("./libs/ours", "-f ./wheels"):
        found, said = read(line, ours)
        assert not found
        assert [code for code, _ in said] == ["E124"]
