"""``@command_component``: what a signature declares, and the command that runs it."""

import pytest
from tests.support.scripts import HEAD, script

from mlc.ir.environment import CondaEnvironment, NamedEnvironment
from mlc.ir.template import Bracket, InputRef, OutputRef, Text

HEADER = """
from enum import Enum
from pathlib import Path
from mldesigner import Input, Output, command_component
"""
USE = f"{HEAD}from steps import step\n@pipeline()\ndef p():\n    x = step()\njob = p()\n"


def component(tmp_path, definition, **files):
    loaded = script(tmp_path, USE, steps_py=f"{HEADER}\n{definition}\n", **files)
    return loaded.command("x").component, loaded


def command(built):
    def text(parts):
        for part in parts:
            match part:
                case Text():
                    yield part.text
                case InputRef() | OutputRef():
                    yield f"<{part.name}>"
                case Bracket():
                    yield f"[{''.join(text(part.parts))}]"

    return "".join(text(built.command))


def test_the_command_and_the_order_of_inputs(tmp_path):
    built, _ = component(
        tmp_path,
        "@command_component()\ndef step(out: Output(type='uri_folder'), e='x', n: int = 1, "
        "src: Input(type='uri_folder', optional=True) = None): ...",
    )
    assert command(built) == (
        "mldesigner execute --source steps.py --name step --inputs n='<n>' [src='<src>'] e='<e>' --outputs out='<out>'"
    )
    assert built.is_python_function
    assert built.version is None
    assert built.display_name == "step"


def test_types_defaults_and_bounds(tmp_path):
    built, _ = component(
        tmp_path,
        "class Speed(Enum):\n    FAST = 'fast'\n    SLOW = 'slow'\n"
        "@command_component\ndef step(a: Input(type='integer', min=1, max=9) = 3, b=2.0, c=True, d='x', e=Speed.FAST,"
        " f: Speed = Speed.SLOW, g: Input(type='number') = 10, h: Input = None): ...",
    )
    ports = {port.name: port for port in built.inputs}
    assert {name: (str(port.type), port.default) for name, port in ports.items()} == {
        "a": ("integer", "3"),
        "b": ("number", "2.0"),
        "c": ("boolean", "True"),
        "d": ("string", "x"),
        "e": ("string", "fast"),
        "f": ("string", "slow"),
        "g": ("number", "10.0"),
        "h": ("uri_folder", None),
    }
    assert (ports["a"].minimum, ports["a"].maximum) == (1, 9)
    assert ports["f"].enum == ("fast", "slow")
    assert not ports["h"].optional


@pytest.mark.parametrize(
    ("annotation", "type_"), [("int", "integer"), ("str", "string"), ("Output(type='uri_file')", "uri_file")]
)
def test_a_returned_value_is_an_output(tmp_path, annotation, type_):
    built, _ = component(tmp_path, f"@command_component()\ndef step() -> {annotation}: ...")
    assert [(port.name, str(port.type)) for port in built.outputs] == [("output", type_)]


@pytest.mark.parametrize(
    ("definition", "line", "what"),
    [
        ("@command_component(name='My-Step')\ndef step(): ...", 6, "The component name 'My-Step' is not allowed"),
        ("@command_component()\nasync def step(): ...", 6, "Component 'step' is a coroutine"),
        ("@command_component()\ndef step():\n    yield 1", 6, "Component 'step' is a generator"),
        ("@command_component()\ndef step(a,\n  b): ...", 8, "Parameter 'b' of component 'step' has no type"),
        ("@command_component()\ndef step(a: list[str]): ...", 7, "Parameter 'a' has the annotation list[str]"),
        ("@command_component()\ndef step(a: int = 'x'): ...", 6, "The default 'x' of input 'a' is no integer"),
        ("@command_component()\ndef step(*a): ...", 7, "Component 'step' takes any number of arguments ('a')"),
        ("@command_component()\ndef step() -> None: ...", 7, "Component 'step' is annotated to return None"),
        ("@command_component()\ndef step() -> dict: ...", 7, "Component 'step' returns dict"),
        ("@command_component()\ndef step(output: Output) -> int: ...", 7, "Component 'step' has a parameter 'output'"),
        ("@command_component(nam='x')\ndef step(): ...", 6, "@command_component has no keyword 'nam'"),
        ("@command_component(code='./elsewhere')\ndef step(): ...", 6, "The file of component 'step' is not below"),
        ("@command_component()\ndef step(a: Input(type='int')): ...", 7, "Input 'a' has the unknown type 'int'"),
    ],
)
def test_mistakes_are_reported_where_they_are(tmp_path, definition, line, what):
    loaded = script(tmp_path, USE, steps_py=f"{HEADER}\n{definition}\n")
    found = [item for item in loaded.bag.sorted() if item.what.startswith(what)]
    assert found, loaded.said
    assert found[0].span.line == line


def test_string_annotations_are_refused_with_the_reason(tmp_path):
    text = "from __future__ import annotations\nfrom mldesigner import command_component\n"
    loaded = script(tmp_path, USE, steps_py=f"{text}@command_component\ndef step(a: int): ...\n")
    assert "from __future__ import annotations" in loaded.bag.items[0].why


def test_the_folder_of_the_file_is_the_code(tmp_path):
    built, _ = component(tmp_path, "@command_component()\ndef step(): ...", steps__more__x_txt="y")
    assert [name for name, _ in built.code.files] == ["job.py", "parts.py", "steps.py", "steps/more/x.txt"]


CONDA = "dependencies: [python=3.9, pip, {pip: [pandas]}]"


@pytest.mark.parametrize(
    "environment",
    [
        "{'image': 'i', 'conda_file': Path(__file__).parent / 'conda.yaml'}",
        "{'image': 'i', 'conda_file': 'conda.yaml'}",
        "{'image': 'i', 'conda_file': {'dependencies': ['python=3.9', {'pip': ['pandas']}]}}",
        "'env.yaml'",
        "Path('env.yaml')",
    ],
)
def test_forms_of_environments(tmp_path, environment):
    built, _ = component(
        tmp_path,
        f"@command_component(environment={environment})\ndef step(a: int = 1): ...",
        conda_yaml=CONDA,
        env_yaml="image: i\nconda_file: conda.yaml",
    )
    assert isinstance(built.environment, CondaEnvironment)
    assert built.environment.image == "i"
    assert [item.text for item in built.environment.conda.pip] == ["pandas"]


def test_the_references_default_environment(tmp_path):
    built, _ = component(tmp_path, "@command_component()\ndef step(a: int = 1): ...")
    assert built.environment == NamedEnvironment(name="mldesigner-minimal", version="latest", registry="azureml")
    (tmp_path / "other").mkdir()
    built, _ = component(tmp_path / "other", "@command_component()\ndef step() -> int: ...")
    assert built.environment == NamedEnvironment(name="mldesigner", version="latest", registry="azureml")


@pytest.mark.parametrize(
    ("signature", "pip"),
    [
        ("a: int = 1", ["pandas"]),
        ("a: Input(type='integer') = 1", ["pandas", "mlflow", "azureml-mlflow"]),
        ("a: Input(type='uri_folder')", ["pandas"]),
    ],
)
def test_mlflow_comes_with_declared_values(tmp_path, signature, pip):
    definition = (
        f"@command_component(environment={{'image': 'i', 'conda_file': 'conda.yaml'}})\ndef step({signature}): ..."
    )
    built, _ = component(tmp_path, definition, conda_yaml=CONDA)
    assert [item.text for item in built.environment.conda.pip] == pip


def test_the_decorated_function_keeps_its_face(tmp_path):
    uses = "assert (step.__name__, step.__doc__, step.component.name) == ('step', 'Steps.', 'step')"
    _, loaded = component(tmp_path, f"@command_component()\ndef step(a: int = 1):\n    'Steps.'\n{uses}")
    assert loaded.codes == []


def test_what_a_call_names_besides_the_parameters_are_inputs_of_that_step(tmp_path):
    steps = f"{HEADER}@command_component()\ndef step(a: int, out: Output(type='uri_folder'), **more): ...\n"
    use = (
        f"{HEAD}from steps import step\n@pipeline()\ndef p(n: int = 2):\n    x = step(a=1, depth=n, name='m')\n"
        "    y = step(a=1, before=x, left_out=None)\n    z = step(a=1)\njob = p()\n"
    )
    loaded = script(tmp_path, use, steps_py=steps)
    inputs = {name: [(port.name, str(port.type)) for port in loaded.command(name).component.inputs] for name in "xyz"}
    assert inputs == {
        "x": [("a", "integer"), ("depth", "integer"), ("name", "string")],
        "y": [("a", "integer"), ("before", "uri_folder")],
        "z": [("a", "integer")],
    }
    assert command(loaded.command("x").component).endswith(
        "--inputs a='<a>' depth='<depth>' name='<name>' --outputs out='<out>'"
    )


def test_settings_of_the_component_count_for_steps_with_inputs_of_their_own(tmp_path):
    steps = f"{HEADER}@command_component()\ndef step(**more): ...\n"
    use = (
        f"{HEAD}from steps import step\nstep.component.resources = {{'shm_size': '2g'}}\n"
        "@pipeline()\ndef p():\n    x = step(a=1)\njob = p()\n"
    )
    assert script(tmp_path, use, steps_py=steps).command("x").component.resources.shm_size == "2g"


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("step(more=[1])", "Input 'more' gets a list"),
        ("step(untyped=free)", "The type of input 'untyped' of component 'step' cannot be known from a PipelineInput"),
        ("step(out=1)", "Component 'step' is given a value for its output 'out'"),
    ],
)
def test_values_that_are_no_inputs_of_their_own(tmp_path, call, what):
    steps = f"{HEADER}@command_component()\ndef step(out: Output, **more): ...\n"
    use = f"{HEAD}from steps import step\n@pipeline()\ndef p(free=None):\n    x = {call}\njob = p()\n"
    loaded = script(tmp_path, use, steps_py=steps)
    assert [item.what for item in loaded.bag.sorted()] == [what]
