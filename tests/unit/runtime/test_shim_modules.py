"""The Python shim and the user's modules: what they may import, how their errors look."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.runtime.shim import RUNTIME, Shim, in_folder, interpreter


def test_the_users_traceback_starts_at_the_users_line(shim: Shim) -> None:
    shim.write(
        """
        from mlc import command_component
        def inner(x):
            raise ValueError("broken " + x)
        @command_component
        def f(x: str):
            print("before")
            inner(x)
        """
    )
    ran = shim.run("f", "--inputs", "x=y")
    assert (ran.returncode, ran.stdout) == (1, "before\n")
    lines = ran.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].endswith("line 8, in f")
    assert lines[-1] == "ValueError: broken y"
    assert "runtime" not in ran.stderr


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("import not_there_at_all", "add the package that has it to the component's environment"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def f(:", "SyntaxError: invalid syntax"),
    ],
)
def test_a_module_that_cannot_be_imported(shim: Shim, text: str, last: str) -> None:
    error = shim.write(text).fails("f")
    assert error.splitlines()[-1].endswith(last)
    assert "runtime" not in error
    assert "importlib" not in error


def test_the_exit_status_of_the_user(one: Shim) -> None:
    one.write("import sys\ndef f():\n    sys.exit(7)")
    assert one.run("f").returncode == 7


UNMODIFIED = """
from azure.ai.ml import Input, MLClient, Output, dsl, load_component
from azure.ai.ml.constants import AssetTypes, InputOutputModes
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import Environment, Data
from azure.identity import DefaultAzureCredential, InteractiveBrowserCredential
import azure.ai.ml
import mldesigner
from mldesigner import command_component

client = MLClient.from_config(credential=DefaultAzureCredential())
env = Environment(name="e", image="i", conda_file="c.yaml")
other = load_component(source="other.yaml")

@command_component(environment=env)
def f(x: Input(type=AssetTypes.URI_FOLDER), o: Output(type="uri_file", mode=InputOutputModes.UPLOAD), n: int = 2):
    print(x, o, n)

@pipeline(default_compute="cpu")
def p(d):
    other(x=d)

@dsl.pipeline
def q(d):
    f(x=d)
    return {"o": p(d).outputs.o}
"""


def test_modules_of_the_sdk_can_be_imported_where_they_are_not_installed(shim: Shim) -> None:
    shim.write(UNMODIFIED)
    assert shim.prints("f", "--inputs", "x=/d", "--outputs", "o=out") == "/d out 2"


def test_a_module_that_submits_while_it_is_imported_runs_no_function_of_its_components(shim: Shim) -> None:
    shim.write(UNMODIFIED + "\njob = client.jobs.create_or_update(q(d=1))\nprint(p(2).outputs.o)\n")
    printed = shim.prints("f", "--inputs", "x=/d", "--outputs", "o=out")
    assert printed.splitlines() == ["<not available in a running step>", "/d out 2"]


def test_an_installed_sdk_wins(shim: Shim) -> None:
    for name in ("azure", "azure/ai", "azure/ai/ml"):
        shim.write("", f"site/{name}/__init__.py")
    shim.write(
        "class Input:\n    def __init__(self, type):\n        self.type = 'integer'\n", "site/azure/ai/ml/__init__.py"
    )
    shim.write(
        """
        from azure.ai.ml import Input
        import azure.ai.ml
        assert azure.ai.ml.__file__
        from mldesigner import command_component
        @command_component
        def f(n: Input(type="anything")):
            print(repr(n))
        """
    )
    path = f"{RUNTIME}/python:{shim.folder}/site"
    assert shim.prints("f", "--inputs", "n=3", PYTHONPATH=path) == "3"


def test_other_packages_of_azure_are_not_made_up(one: Shim) -> None:
    one.write("import azure.ai.ml\nimport azure.storage.blob\ndef f(): pass")
    assert "no module 'azure'" in one.fails("f")


def test_modules_beside_the_source_and_in_the_working_folder(shim: Shim) -> None:
    shim.write("name = 'beside'", "sub/beside.py").write("name = 'top'", "top.py")
    shim.write(
        "from . import beside\nimport beside as b\nimport top\ndef f(): print(beside.name, b.name, top.name)",
        "sub/c.py",
    )
    ran = shim.run("f", source="sub/c.py")
    assert (ran.returncode, ran.stdout) == (0, "beside beside top\n"), ran.stderr


@pytest.mark.parametrize("source", ["my-comp.py", "json.py", "a b.py", "mlc.py", "sub-dir/x.py"])
def test_files_with_any_name(one: Shim, source: str) -> None:
    one.write("from mldesigner import command_component\n@command_component\ndef f(): print('ran')", source)
    ran = one.run("f", source=source)
    assert (ran.returncode, ran.stdout) == (0, "ran\n"), ran.stderr


def test_the_right_component_of_several(one: Shim) -> None:
    one.write(
        "from mldesigner import command_component\n@command_component(name='a')\ndef x(): print('other')", "other.py"
    )
    one.write(
        """
        from mldesigner import command_component
        import other
        @command_component(name="a")
        def b(): print("a, function b")
        @command_component(name="b")
        def a(): print("b, function a")
        def plain(): print("plain")
        """
    )
    assert one.prints("a") == "a, function b"
    assert one.prints("b") == "b, function a"
    assert one.prints("plain") == "plain"
    assert one.fails("c") == "mlc: error: comps.py has no component 'c'; it has: a, b"


def test_other_arguments(one: Shim) -> None:
    one.write(
        """
        from mldesigner import command_component
        @command_component
        def f(a: int, /, b=2, *, c="x", **more): print(a, b, c, more)
        """
    )
    assert one.prints("f", "--inputs", "a=1", "c=y", "d=z") == "1 2 y {'d': 'z'}"
    one.write("from mldesigner import command_component\n@command_component\ndef f(a: int): print(a)")
    ran = one.run("f", "--inputs", "a=1", "d=z")
    assert (ran.stdout, ran.stderr) == ("1\n", "mlc: warning: f has no parameter 'd'; its value is ignored\n")
    assert "which is not NAME=VALUE" in one.fails("f", "--inputs", "a")
    assert "is not in the code of the step" in one.fails("f", source="gone.py")


def test_bounds_of_an_annotated_type(one: Shim) -> None:
    one.write(
        """
        from typing import Annotated
        from mldesigner import command_component, Meta
        @command_component
        def f(n: Annotated[int, Meta(min=1, optional=True)], g: "float" = 1): print(n, g)
        """
    )
    assert one.prints("f", "--inputs", "n=3") == "3 1"
    assert "must be at least 1, not 0" in one.fails("f", "--inputs", "n=0")
    assert one.prints("f", "--inputs", "g=2") == "None 2.0"


def test_the_environment_says_that_a_component_runs(one: Shim) -> None:
    one.write("import os\ndef f(): print(os.environ['MLDESIGNER_COMPONENT_EXECUTION'])")
    assert one.prints("f") == "true"


def test_a_python_that_is_too_old_says_so(tmp_path: Path) -> None:
    python = interpreter("2.7")
    if python is None:
        pytest.skip("there is no Python 2.7 on this machine")
    ran = in_folder(tmp_path, python).run("f")
    assert ran.returncode == 1
    assert ran.stderr == "mlc: error: this environment has Python 2.7; Python functions need 3.6 or newer\n"


def test_an_environment_without_python_says_so(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["/bin/sh", RUNTIME / "bin/mldesigner", "execute"],
        env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 125
    assert "there is no Python in this environment" in ran.stderr


def test_nothing_is_written_beside_the_runtime(tmp_path: Path) -> None:
    copy = shutil.copytree(RUNTIME, tmp_path / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "c.py").write_text("import mlc\ndef f(): pass")
    words = ["execute", "--source", "c.py", "--name", "f"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(copy / "python")}
    subprocess.run(
        [sys.executable, copy / "python/run_component.py", *words], cwd=tmp_path, env=environment, check=True
    )
    assert list(copy.rglob("__pycache__")) == []
