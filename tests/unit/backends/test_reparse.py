"""What was rendered is parsed again; a broken file never leaves."""

import pytest

from mlc.backends.reparse import InternalError, reparse
from mlc.files import File

GOOD = {
    "compose.yaml": "a: [1]\nb: !reset []\n",
    ".env": '# c\n\nA=1\nB=\'x\ny\'\nC="a\\"b"\nD=\n',
    "plan.json": "{}\n",
    "graph.svg": "<svg><a/></svg>\n",
    "environments/e/Dockerfile": "# c\nFROM x AS y\n\nRUN a \\\n  # c\n  b\n",
    "environments/e/conda.yaml": "a: 1\n",
}
BROKEN = {
    "compose.yaml": ("a: 1\nb: [\n", 3),
    "compose.cpu.yaml": ("a: 'x\n", 2),
    ".env": ("A=1\nB=a b\n", 2),
    "docker-bake.json": ('{\n"a": }\n', 2),
    "graph.svg": ("<svg>\n<a></svg>\n", 2),
    "environments/e/Dockerfile": ("FROM x\nRAN y\n", 2),
    "environments/e/key.json": ("", 1),
}


def test_good_files_pass_unchanged():
    tree = {path: File(text.encode()) for path, text in GOOD.items()}
    assert reparse(tree) is tree


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_file_is_named_with_its_line(path):
    text, line = BROKEN[path]
    with pytest.raises(InternalError, match=f"bug of mlc: {path}:{line}: "):
        reparse({path: File(text.encode())})


def test_an_instruction_that_does_not_end_is_broken():
    with pytest.raises(InternalError, match="does not end"):
        reparse({"environments/e/Dockerfile": File(b"FROM x\nRUN a \\\n")})


@pytest.mark.parametrize(
    "path", ["components/c/x.json", "environments/e/context/x.yaml", "data/x.json", "runtime/a.json"]
)
def test_files_of_others_are_not_looked_at(path):
    tree = {path: File(b"{")}
    assert reparse(tree) is tree
