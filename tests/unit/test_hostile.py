"""Whatever stands in a source or in its folder: ``mlc check`` says so or is content; it never shows a traceback."""

import json
import os
import random
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mlc.cli.app import start

TRAIN = """\
type: command
name: train
inputs:
  data: {type: uri_folder}
  rate: {type: number, default: 0.1, min: 0, max: 1}
  mode: {type: string, optional: true, enum: [fast, slow]}
outputs:
  model: {type: uri_folder}
code: ./src
environment: {image: "python:3.11", conda_file: conda.yaml}
command: >-
  python train.py --data ${{inputs.data}} --rate "${{inputs.rate}}" $[[--mode ${{inputs.mode}}]]
  --model ${{outputs.model}}
"""
CONDA = """\
name: e
channels: [conda-forge]
dependencies:
  - python=3.11
  - pip:
      - numpy==1.26
      - -r requirements.txt
"""
YAML = """\
type: pipeline
name: study
inputs:
  raw: {type: uri_folder, path: ./data}
  rate: 0.5
outputs:
  best: {type: uri_folder, mode: rw_mount}
settings: {default_compute: azureml:cpu, continue_on_step_failure: false}
jobs:
  first: &first
    component: ./train.yml
    inputs:
      data: ${{parent.inputs.raw}}
      rate: ${{parent.inputs.rate}}
  second:
    <<: *first
    inputs: {data: "${{parent.jobs.first.outputs.model}}", mode: fast}
    outputs: {model: "${{parent.outputs.best}}"}
    limits: {timeout: 3600}
  third:
    command: echo '${{inputs.word}}' > ${{outputs.out}}/a.txt
    environment: {image: "python:3.11"}
    inputs: {word: 3}
    outputs: {out: }
"""
PREPARE = """\
from mldesigner import Input, Output, command_component


@command_component(environment={"image": "python:3.11", "conda_file": "conda.yaml"})
def prepare(data: Input(type="uri_folder"), out: Output(type="uri_folder"), rounds: int = 3):
    print(rounds)
"""
SCRIPT = """\
from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline
from prepare import prepare

train = load_component("train.yml")


@pipeline(default_compute="cpu")
def study(raw, rate: float = 0.5):
    first = prepare(data=raw, rounds=2)
    second = train(data=first.outputs.out, rate=rate)
    second.compute = "gpu"
    return {"best": second.outputs.model}


job = study(Input(type="uri_folder", path="./data"))
"""
FILES = {
    "train.yml": TRAIN,
    "conda.yaml": CONDA,
    "requirements.txt": "scipy\n",
    "pipeline.yml": YAML,
    "prepare.py": PREPARE,
    "pipeline.py": SCRIPT,
    "mlc.toml": '[computes.cpu]\ncpus = 1\nmemory = "1g"\n',
    "src/train.py": "print(1)\n",
    "src/.amlignore": "*.pyc\n!keep\n",
    "data/a.csv": "1\n",
}
SOURCES = ("pipeline.yml", "pipeline.py", "pipeline.ipynb")
READ_BY = {
    "train.yml": SOURCES,
    "conda.yaml": SOURCES[:2],
    "requirements.txt": SOURCES[:1],
    "prepare.py": SOURCES[1:2],
    "mlc.toml": SOURCES[:1],
    "src/.amlignore": SOURCES[:1],
}
"""The files that a source leads to; a source leads to itself."""


def notebook() -> str:
    cells = ["%pip install azure-ai-ml\n", SCRIPT]
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that is right in three languages; its folder is the working folder."""
    root = tmp_path / "project"
    for name, text in {**FILES, "pipeline.ipynb": notebook()}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def check(capfd):
    """Runs ``mlc check``; the status, which is that of mistakes at most."""

    def run(source: str, what: str = "") -> int:
        status = start(["check", source])
        printed = "".join(capfd.readouterr())
        assert status in (0, 1, 2), f"{what}\n{printed}"
        assert "Traceback" not in printed, f"{what}\n{printed}"
        return status

    return run


def test_the_project_is_right(project, check):
    assert [check(source) for source in SOURCES] == [0, 0, 0]


WORDS = (
    b"~", b"''", b"[]", b"{}", b"[[[[", b"- - - -", b"9" * 400, b"-1e999", b".nan", b".inf", b"0x1F", b"1_000", b"NaN",
    b"2001-01-01", b"yes", b"&a [*a]", b"*b", b"!!python/object:os.system x", b"!!binary x", b"<<: {a: b}", b"\0", b"\x1b[2J",  # noqa: E501
    b"\xff\xfe", b"\xed\xa0\x80", "\u2028\u202e\U0001f600".encode(), b"\r", b"\t", b"${{", b"}}", b"${{parent.inputs.}}",  # noqa: E501
    b"${{parent.jobs..outputs.}}", b"$[[", b"]]", b"'", b'"', b"\\", b"%", b"#", b":", b"|\n", b"azureml:", b"azureml://",
    b"azureml:x@y:z", b"file:///", b"https://[", b"../" * 50, b"/" * 5000, b"x" * 5000, b"None", b"True", b"lambda: 0", b"()",  # noqa: E501
    b"0/0", b"{}[0]", b"object()", b"...",
)  # fmt: skip
"""What is put in the place of something, or between two things."""


def mutate(data: bytes, dice: random.Random) -> bytes:
    """``data`` with a little damage of one of eleven kinds."""
    lines = data.splitlines(keepends=True) or [b"\n"]
    at, line = dice.randrange(len(data) + 1), dice.randrange(len(lines))
    word = dice.choice(WORDS)
    match dice.randrange(11):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        case 2:
            return data[:at] + word + data[at:]
        case 3:
            return data[:at] + word + data[at + dice.randrange(12) :]
        case 4:
            del lines[line]
        case 5:
            lines.insert(line, dice.choice(lines))
        case 6:
            other = dice.randrange(len(lines))
            lines[line], lines[other] = lines[other], lines[line]
        case 7:
            lines[line] = dice.choice((b" ", b"  ", b"\t")) + lines[line]
        case 8:
            lines[line] = lines[line].lstrip()
        case 9:
            key, colon, _ = lines[line].partition(b":")
            lines[line] = key + (colon or b"=") + b" " + word + b"\n"
        case _:
            key, equals, rest = lines[line].partition(b"=")
            lines[line] = key + equals + word + rest[dice.randrange(1 + len(rest)) :] + b"\n"
    return b"".join(lines)


DAMAGES = 25
"""Per file. The damage is the same in every run."""


@pytest.mark.parametrize("name", [*SOURCES, *READ_BY])
def test_damaged_files(name, project, check):
    dice = random.Random(name)
    good = (project / name).read_bytes()
    for number in range(DAMAGES):
        bad = good
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            bad = mutate(bad, dice)
        (project / name).write_bytes(bad)
        for source in READ_BY.get(name, (name,)):
            check(source, f"damage {number} of {name}, read by {source}: {bad!r}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pipeline.yml", "jobs: " + "[" * 100_000),
        ("pipeline.yml", "jobs: " + "{a: " * 5_000),
        ("pipeline.yml", "a: &a\n  b: *a\n"),
        ("pipeline.yml", "type: pipeline\njobs: &j\n  a: {type: pipeline, jobs: *j}\n"),
        ("pipeline.yml", "- " * 50_000 + "x"),
        ("pipeline.yml", "? [a]\n: b\n"),
        ("pipeline.yml", "!!set {a}\n"),
        ("pipeline.yml", "type: pipeline\njobs: {a: {component: ./pipeline.yml}}\n"),
        ("pipeline.yml", "type: pipeline\ninputs: {x: " + "9" * 5000 + "}\njobs: {}\n"),
        ("pipeline.yml", "%YAML 9.9\n---\na: b\n"),
        ("pipeline.yml", "type: pipeline\njobs: {a: {command: '" + "$[[" * 3000 + "', environment: {image: x}}}\n"),
        ("pipeline.yml", "type: pipeline\njobs: {a: {command: \"$(" * 1 + "$(" * 3000 + "\", environment: {image: x}}}\n"),  # noqa: E501
        ("pipeline.py", "x = " + "(" * 50_000),
        ("pipeline.py", "x = " + "-" * 50_000 + "1"),
        ("pipeline.py", "x = " + "1" * 100_000),
        ("pipeline.py", "def f(): return f()\nf()"),
        ("pipeline.py", "raise KeyboardInterrupt.__base__('x')"),
        ("pipeline.py", "import sys; sys.stdout = sys.stderr = None"),
        ("pipeline.py", "import sys; sys.modules.clear()"),
        ("pipeline.py", "import sys; sys.path = None; sys.meta_path = None"),
        ("pipeline.py", "import os; os.chdir('/'); os.environ.clear()"),
        ("pipeline.py", "import builtins; del builtins.print"),
        ("pipeline.py", "class E(Exception):\n    def __str__(self): raise ValueError\nraise E"),
        ("pipeline.py", "import sys; sys.exit(object())"),
        ("pipeline.py", "import sys; sys.exit(10**5000)"),
        ("pipeline.py", "import os; os._exit(3)"),
        ("pipeline.py", "import sys\ndef f(*_): raise RuntimeError\nsys.settrace(f)\nf2 = lambda: 0\nf2()"),
        ("pipeline.py", "import sys; sys.setrecursionlimit(60)\nfrom azure.ai.ml import load_component\nload_component('train.yml')"),  # noqa: E501
        ("pipeline.py", "import threading\nthreading.Thread(target=lambda: 1 / 0).start()"),
        ("pipeline.py", "import shutil, pathlib; shutil.rmtree(pathlib.Path.cwd())"),
        ("pipeline.py", "from azure.ai.ml.dsl import pipeline\n@pipeline()\ndef f(): f()\nf()"),
        ("pipeline.py", "from azure.ai.ml.dsl import pipeline\n@pipeline()\ndef f(x): return x\nf(float('nan'))"),
        ("pipeline.py", "from mldesigner import command_component\ncommand_component(3)\ncommand_component(name=5)(lambda: 0)()"),  # noqa: E501
        ("pipeline.py", "print('x' * 1_000_000)\nprint('\\udcff')"),
        ("pipeline.py", "def g():\n    yield\nraise next(g())"),
        ("pipeline.py", "input()"),
        ("pipeline.py", "exec('1' + chr(0))"),
        ("pipeline.py", "# coding: rot13\nvzcbeg fl"),
        ("pipeline.py", "\ufeffimport sys"),
        ("pipeline.ipynb", "[" * 100_000),
        ("pipeline.ipynb", '{"cells": [' + "1," * 10 + "1]}"),
        ("pipeline.ipynb", '{"cells": NaN}'),
        ("pipeline.ipynb", '{"cells": {"a": 1}, "metadata": []}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": [1, null]}]}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": 5}]}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": "\\ud800"}]}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": "%%writefile /\\nx"}]}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": "%%writefile a\\u0000b\\nx"}]}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": "%cd /nonexistent\\n%run x.py\\n"}]}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": "%env A\\u0000=b"}]}'),
        ("pipeline.ipynb", '{"cells": [{"cell_type": "code", "source": "await 3"}]}'),
        ("pipeline.ipynb", '{"cells": 1' + "0" * 5000 + "}"),
        ("mlc.toml", "[" * 10_000),
        ("mlc.toml", "a = " + "[" * 10_000),
        ("mlc.toml", "a = " + "9" * 5000),
        ("mlc.toml", "computes = 3\nenvironments = []\ncomponent_paths = 1979-05-27"),
        ("mlc.toml", "[computes.cpu]\ngpus = inf\ncpus = nan\nmemory = -1"),
        ("pyproject.toml", "tool = 3"),
        ("pyproject.toml", "[tool]\nmlc = 3"),
        ("conda.yaml", "dependencies: {a: b}"),
        ("conda.yaml", "dependencies: [python=" + "9" * 5000 + "]"),
        ("conda.yaml", "dependencies: [pip: [{a: b}, [c], ~, 3]]"),
        ("requirements.txt", "-r requirements.txt"),
        ("requirements.txt", "-r /dev/zero\n-c /\n--index-url\n" + "(" * 3000),
        ("src/.amlignore", "[" * 5000 + "\n" + "*" * 3000 + "\n\\"),
        ("prepare.py", "from prepare import prepare"),
    ],
)  # fmt: skip
def test_wicked_files(name, text, project, check):
    (project / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    readers = READ_BY.get(name, (name,) if name in SOURCES else SOURCES[:1])
    for source in readers:
        check(source)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name if path.parent == Path.cwd() else os.path.relpath(path))


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def upwards(path: Path) -> None:
    path.symlink_to(path.parent, target_is_directory=True)


def unreadable(path: Path) -> None:
    path.write_text("x")
    path.chmod(0)


STRANGE = (Path.mkdir, fifo, listening, loop, upwards, unreadable)


@pytest.mark.parametrize("make", STRANGE, ids=lambda make: make.__name__)
def test_something_else_in_the_place_of_a_file(make: Callable[[Path], None], project, check):
    for name in [*SOURCES, *READ_BY, "data/a.csv", "src/train.py"]:
        path = project / name
        good = path.read_bytes()
        path.unlink()
        make(path)
        for source in READ_BY.get(name, (name,) if name in SOURCES else SOURCES[:1]):
            check(source, f"{name} is {make.__name__}")
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        path.write_bytes(good)


@pytest.mark.parametrize("make", STRANGE, ids=lambda make: make.__name__)
def test_something_else_in_the_place_of_a_folder(make: Callable[[Path], None], project, check):
    for name in ("src", "data"):
        path = project / name
        path.rename(project.parent / name)
        make(path)
        for source in SOURCES:
            check(source, f"{name} is {make.__name__}")
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        (project.parent / name).rename(path)


NAMES = (
    "new\nline",
    "esc\x1b[2J",
    "tab\t",
    "quo'te\"",
    "dol$lar`x`",
    "-dash",
    " ",
    "\u202eright",
    "a" * 250,
    b"\xff\xfe",
    "%s{x}",
)


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_strange_names(name, project, check):
    folder = os.fsdecode(name)
    (project / "src" / folder).mkdir()
    (project / "src" / folder / os.fsdecode(name)).write_text("x")
    for source in SOURCES:
        check(source)
    shutil.rmtree(project / "src" / folder)
    moved = project.parent / folder
    project.rename(moved)
    os.chdir(moved)
    for source in SOURCES:
        check(source)
        copy = os.fsdecode(name)[:200] + Path(source).suffix
        shutil.copy(source, copy)
        check(f"./{copy}")
    check(folder)


@pytest.mark.parametrize(
    "word", ["", ".", "/", "-", "x" * 5000 + ".py", "\udcff.yml", "/dev/null", "/dev/zero", "/proc/self/mem"]
)
def test_strange_words(word, project, check):
    check(word)
