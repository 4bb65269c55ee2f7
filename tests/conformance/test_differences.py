"""Where mlc differs from the reference on purpose: each difference with its reason, and that it is still one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.comparing import Reference, ours

pytestmark = pytest.mark.oracle

HEAD = """
from enum import Enum
from azure.ai.ml import Input, Output, command, load_component
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.dsl._mldesigner import group
from azure.ai.ml.entities import Data
from mldesigner import command_component

class Speed(Enum):
    FAST = "fast"

a = command(
    name="a",
    command="echo ${{inputs.data}} ${{inputs.s}} ${{inputs.n}} ${{outputs.out}}",
    environment="azureml:e:1",
    inputs={"data": Input(type="uri_folder"), "s": Input(type="string"), "n": Input(type="integer")},
    outputs={"out": Output(type="uri_file")},
)
D = Input(type="uri_folder", path="./data")
"""
ERROR = "error"


@dataclass(frozen=True)
class Difference:
    """``where`` is a path in the normal form; ``mlc`` and ``sdk`` what stands there, or a part of the error's text."""

    reason: str
    source: str
    where: str
    mlc: Any
    sdk: Any


def one(body: str, parameters: str = "d", call: str = "D") -> str:
    """A source with one pipeline function."""
    return f"@pipeline()\ndef p({parameters}):\n    {body}\n\njob = p({call})\n"


DIFFERENCES = (
    Difference(
        "a member of an Enum means its value; the SDK passes the name, which no component understands",
        one("x = a(data=d, s=Speed.FAST)"),
        "nodes/0/inputs/s",
        "fast",
        "Speed.FAST",
    ),
    Difference(
        "the SDK takes members of an Enum as defaults only",
        one("x = a(data=d, s=speed)", "d, speed: Speed", "D, speed=Speed.FAST"),
        "inputs/speed/value",
        "fast",
        "Pipeline input expected an azure.ai.ml.Input or primitive types",
    ),
    Difference(
        "an empty text is a value; the SDK leaves it out, and the reference to it dangles",
        one("x = a(data=d, s=s)", "d, s=''"),
        "inputs/s/value",
        "",
        None,
    ),
    Difference(
        "an output in a text belongs to its node; the SDK writes the text before the node has a name",
        one("x = a(data=d); y = a(data=d, s=f'from {x.outputs.out}')"),
        "nodes/1/inputs/s",
        "from ${{parent.jobs.x.outputs.out}}",
        "from ${{parent.jobs.None.outputs.out}}",
    ),
    Difference(
        "Output() without a type leaves the declared one; the SDK makes a folder of a file",
        one("return a(data=d).outputs") + "job.outputs.out = Output(mode='upload')\n",
        "outputs/out/type",
        "uri_file",
        "uri_folder",
    ),
    Difference(
        "a data asset with a local path is that path: there is no workspace to look its name up",
        one("x = a(data=d)", "d", "Data(name='raw', version='1', path='./data')"),
        "inputs/d/value",
        "{folder}/data",
        "raw:1",
    ),
    Difference(
        "a dict serves as a component's source as well as a file",
        "part = load_component({'name': 'b', 'command': 'echo', 'environment': 'azureml:e:1'})\n" + one("x = part()"),
        "nodes/0/component",
        "b",
        "'dict' object has no attribute 'readable'",
    ),
    Difference(
        "a dict serves as a group",
        "@group\nclass G:\n    n: int\n\n" + one("x = a(data=d, n=g.n)", "d, g: G", "D, g={'n': 3}"),
        "inputs/g.n/value",
        "3",
        "Pipeline input expected an azure.ai.ml.Input or primitive types",
    ),
    Difference(
        "inputs are set by their names in brackets too; the SDK fails later",
        one("x = a(data=d); x.inputs['n'] = 3"),
        "nodes/0/inputs/n",
        "3",
        "'int' object has no attribute '_to_job_input'",
    ),
)


def found(form: dict[str, Any], where: str) -> Any:
    """What stands at ``where``; the error's text where there is one; None where nothing is."""
    if ERROR in form:
        return form[ERROR]
    here: Any = form
    for step in where.split("/"):
        here = here[int(step)] if isinstance(here, list) else here.get(step) if isinstance(here, dict) else None
    return here


def as_expected(value: Any, expected: Any) -> bool:
    return value == expected or (isinstance(value, str) and bool(expected) and expected in value)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda item: item.reason.split(";")[0].split(":")[0])
def test_the_difference(difference: Difference, tmp_path: Path, reference: Reference):
    script = tmp_path / "differs.py"
    script.write_text(HEAD + difference.source, encoding="utf-8")
    mine = found(ours(script), difference.where)
    theirs = found(reference(script), difference.where)
    expected = difference.mlc.replace("{folder}", str(tmp_path)) if isinstance(difference.mlc, str) else difference.mlc
    assert as_expected(mine, expected), mine
    assert as_expected(theirs, difference.sdk), theirs
