"""What is tried, and what is made of the answers; the program itself runs here with this Python."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from mlc import resources
from mlc.diagnostics import Bag, Span
from mlc.images import verify
from mlc.images.engine import Endpoint, Engine
from mlc.images.report import Silence
from mlc.ir.environment import Requirement
from mlc.ir.image import Image, MambaInstall, UseImage, UvInstall
from mlc.ir.lock import Lock, LockedPackage
from mlc.ir.plan import Plan, Task
from mlc.ir.template import InputRef, Text

ENGINE = Engine(endpoint=Endpoint(url="unix:///nowhere", origin="test"), version="28", api="1.50")


def task(name, command, **more):
    parts = (Text(text=command), InputRef(name="x"))
    return Task(name=name, component=name, image="env", command=parts, **more)


def image(recipe, *components):
    return Image(name="env", recipe=recipe, components=components, reference="mlc/p-env:1", span=Span("p.yml", 4, 1))


def plan(recipe, *tasks):
    made = image(recipe, *(one.component for one in tasks))
    return Plan(name="p", tasks=tasks, images=(made,), components=())


UV = UvInstall(
    base="b",
    python="3.11",
    requirements=(
        "--extra-index-url https://x/y",
        "Scikit_Learn[all]>=1",
        "old; python_version < '3'",
        "git+https://x/y",
    ),
    lock=Lock(pip=(LockedPackage(name="scikit-learn", version="1"), LockedPackage(name="joblib", version="1"))),
)


def test_what_was_asked_for_is_told_from_what_that_needs():
    spec = verify.what_to_try(plan(UV), image(UV))
    assert spec == {"asked": ["scikit-learn"], "maybe": [], "needed": ["joblib"], "entries": []}


def test_conda_packages_may_be_pythons():
    recipe = MambaInstall(base="b", python="3.8", channels=(), conda=("conda-forge::NumPy=1.20", "mesa"), pip=("six",))
    spec = verify.what_to_try(plan(recipe), image(recipe))
    assert (spec["asked"], spec["maybe"]) == (["six"], ["mesa", "numpy"])


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("python train.py --x ", ["train.py"]),
        ("pip list; python3 -u src/a.py && python b.py ", ["src/a.py", "b.py"]),
        ("cd sub && python train.py ", []),
        ("bash run.sh ", []),
        ("echo python.py ", []),
    ],
)
def test_scripts_that_commands_start(command, files):
    made = plan(UseImage(base="b"), task("t", command))
    spec = verify.what_to_try(made, made.images[0])
    assert [entry["file"] for entry in spec["entries"]] == files


def test_the_module_of_a_python_function():
    made = plan(
        UseImage(base="b"), task("t", "mldesigner execute --source f.py --name g --inputs x=", is_python_function=True)
    )
    entry = {"component": "t", "folder": "/mlc/components/t", "file": "f.py", "function": True}
    assert verify.what_to_try(made, made.images[0])["entries"] == [entry]


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """A `docker` that answers with the content of `says`, and counts its runs."""
    (tmp_path / "docker").write_text(
        f"#!/bin/sh\necho x >> {tmp_path}/runs\ncat {tmp_path}/says\nexit $(cat {tmp_path}/code)\n"
    )
    (tmp_path / "docker").chmod(0o755)
    (tmp_path / "code").write_text("0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def tried(docker, says, made=None):
    (docker / "says").write_text(says)
    bag = Bag()
    made = made or plan(UV)
    return verify.verify(made, ENGINE, Silence(), bag), bag.sorted()


def test_problems_lead_to_the_line_that_asked(docker):
    made = plan(UV)
    origins = (Requirement(text="Scikit_Learn[all]>=1", span=Span("conda.yml", 7, 9)),)
    made = replace(made, images=(replace(made.images[0], origins=origins),))
    problems = [
        ["asked", "scikit-learn", "import sklearn: ImportError: x", "", 0],
        ["needed", "joblib", "import joblib: ImportError: x", "", 0],
        ["entry", "train", "import y: ModuleNotFoundError: No module named 'y'", "train.py", 3],
        ["note", "score", "--help: status 1", "score.py", 0],
    ]
    done, said = tried(docker, "noise\nMLC-VERIFY " + json.dumps(problems), made)
    assert [one.good for one in done] == [False]
    assert [(item.code, item.span.line) for item in said] == [("E625", 7), ("E626", 4), ("W625", 4), ("W626", 4)]
    assert "train.py:3: import y" in said[1].text


def test_what_was_good_is_not_tried_again(docker):
    assert tried(docker, "MLC-VERIFY []") == ((verify.Tried(image="env", good=True),), [])
    assert tried(docker, "")[0] == (verify.Tried(image="env", good=True, known=True),)
    assert len((docker / "runs").read_text().split()) == 1


def test_an_image_without_python_says_so(docker):
    (docker / "code").write_text("66")
    done, said = tried(docker, "")
    assert not done[0].good
    assert [item.code for item in said] == ["E627"]
    assert "no Python" in said[0].text


def run(**spec):
    program = resources.templates() / "verify" / "try_image.py"
    asked = {"asked": [], "maybe": [], "needed": [], "entries": []} | spec
    done = subprocess.run([sys.executable, str(program), json.dumps(asked)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1].removeprefix("MLC-VERIFY "))


def test_packages_of_this_python():
    assert run(asked=["jinja2", "not-there", "pyyaml"], maybe=["nor-this"], needed=["markupsafe"]) == [
        ["asked", "not-there", "it is not installed", "", 0]
    ]


def entry(folder, file, **more):
    return {"component": "c", "folder": str(folder), "file": file} | more


def test_a_script_is_read_with_its_own_modules_and_not_run(tmp_path):
    (tmp_path / "a.py").write_text(
        "import os\nimport own\nopen('ran', 'w')\ntry:\n    import gone\nexcept ImportError: 0\n"
    )
    (tmp_path / "own.py").write_text("import sys\n\nfrom missing.part import x\n")
    assert run(entries=[entry(tmp_path, "a.py")]) == [
        ["entry", "c", "import missing: ModuleNotFoundError: No module named 'missing'", "own.py", 3]
    ]
    assert not (tmp_path / "ran").exists()


def test_help_of_a_script_with_a_parser(tmp_path):
    (tmp_path / "good.py").write_text("import argparse\nargparse.ArgumentParser().parse_args()\n")
    (tmp_path / "bad.py").write_text(
        "import argparse\nfrom os import nothing\nargparse.ArgumentParser().parse_args()\n"
    )
    (tmp_path / "odd.py").write_text("import argparse\n1 / 0\nargparse.ArgumentParser().parse_args()\n")
    told = run(entries=[entry(tmp_path, name) for name in ("good.py", "bad.py", "odd.py", "none.py")])
    assert [(kind, file) for kind, _, _, file, _ in told] == [
        ("entry", "bad.py"),
        ("note", "odd.py"),
        ("entry", "none.py"),
    ]


def test_a_syntax_error_has_its_line(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nif:\n")
    assert run(entries=[entry(tmp_path, "a.py")])[0][3:] == ["a.py", 2]


def test_the_module_of_a_function_is_imported_and_may_end_its_process(tmp_path):
    (tmp_path / "f.py").write_text("import os\nos._exit(5)\n")
    told = run(entries=[entry(tmp_path, "f.py", function=True)])
    assert told == [["entry", "c", "import f: the process ended with status 5", "f.py", 0]]
