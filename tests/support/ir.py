"""Small builders of the IR for tests: what a case does not name gets the plainest value."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlc.codes import CODES
from mlc.config import Config
from mlc.diagnostics import Bag, Span
from mlc.files import File
from mlc.ir.component import Code, Component, InputPort, OutputPort
from mlc.ir.environment import CondaEnvironment, CondaFile, Environment, ImageEnvironment, Requirement
from mlc.ir.pipeline import (
    CommandNode,
    Data,
    InputBinding,
    Joined,
    Literal,
    NodeInputRef,
    NodeOutputRef,
    OutputBinding,
    Pipeline,
    PipelineInput,
    PipelineInputRef,
    PipelineNode,
    PipelineOutput,
)
from mlc.ir.plan import Plan
from mlc.ir.template import Bracket, InputRef, OutputRef, Part, Template, Text
from mlc.ir.types import PortType
from mlc.ir.verify import verify
from mlc.passes import PIPELINE_PASSES, PLAN_PASSES
from mlc.passes.context import Context
from mlc.passes.lower import lower

FILE = "/project/pipeline.yml"
PYTHON = ImageEnvironment(image="python:3.11", name="python")
_TOKEN = re.compile(r"(\$\[\[|\]\]|\$\{\{ ?(?:inputs|outputs)\.[\w.]+ ?\}\})")


def at(line: int, column: int = 1) -> Span:
    """A place in the pretended source."""
    return Span(FILE, line, column)


def template(text: str) -> Template:
    """A command as its author writes it."""
    levels: list[list[Part]] = [[]]
    for token in _TOKEN.split(text):
        if token == "$[[":
            levels.append([])
        elif token == "]]" and len(levels) > 1:
            inner = tuple(levels.pop())
            levels[-1].append(Bracket(parts=inner))
        elif found := re.fullmatch(r"\$\{\{ ?(inputs|outputs)\.([\w.]+) ?\}\}", token):
            levels[-1].append(InputRef(name=found[2]) if found[1] == "inputs" else OutputRef(name=found[2]))
        elif token:
            levels[-1].append(Text(text=token))
    return tuple(levels[0])


def port(name: str, kind: str | InputPort) -> InputPort:
    """``"integer"``, ``"integer?"`` (optional), ``"integer=3"`` (a default), or a port."""
    if isinstance(kind, InputPort):
        return replace(kind, name=name)
    kind, _, default = kind.partition("=")
    return InputPort(
        name=name, type=PortType(kind.rstrip("?")), optional=kind.endswith("?"), default=default or None, span=at(7)
    )


def component(
    name: str = "train",
    command: str = "run",
    inputs: Mapping[str, str | InputPort] | None = None,
    outputs: Mapping[str, str] | None = None,
    **rest: Any,
) -> Component:
    """A component; ``code={"a.py": b"..."}`` gives it files."""
    code = rest.pop("code", None)
    environment = rest.pop("environment", PYTHON)
    made = Component(
        name=name,
        command=template(command),
        environment=environment,
        inputs=tuple(port(key, kind) for key, kind in (inputs or {}).items()),
        outputs=tuple(OutputPort(name=key, type=PortType(kind), span=at(8)) for key, kind in (outputs or {}).items()),
        code=files(code) if isinstance(code, dict) else None,
        span=at(5),
    )
    return replace(made, **rest)


def files(content: Mapping[str, bytes]) -> Code:
    """A code snapshot of some texts."""
    return Code(files=tuple((path, File(data)) for path, data in sorted(content.items())))


def given(name: str) -> PipelineInputRef:
    """``${{parent.inputs.name}}``."""
    return PipelineInputRef(name=name)


def out(node: str, output: str = "out") -> NodeOutputRef:
    """``${{parent.jobs.node.outputs.output}}``."""
    return NodeOutputRef(node=node, output=output)


def input_of(node: str, name: str) -> NodeInputRef:
    """``${{parent.jobs.node.inputs.name}}``."""
    return NodeInputRef(node=node, input=name)


def joined(*parts: Any) -> Joined:
    """Texts and references, one after another."""
    return Joined(parts=tuple(value(part) for part in parts))


def data(path: str | Path, kind: str = "uri_folder") -> Data:
    """Local data."""
    return Data(uri=str(path), local=str(path), type=PortType(kind))


def value(item: Any) -> Any:
    """Plain Python values as the front ends write them."""
    kinds = {bool: PortType.BOOLEAN, int: PortType.INTEGER, float: PortType.NUMBER, str: PortType.STRING}
    if type(item) in kinds:
        return Literal(text=str(item), type=kinds[type(item)])
    assert isinstance(item, Literal | Data | PipelineInputRef | NodeOutputRef | NodeInputRef | Joined)
    return item


def bindings(inputs: Mapping[str, Any] | None, line: int) -> tuple[InputBinding, ...]:
    """Inputs of a node, all on one line."""
    return tuple(
        InputBinding(name=name, value=value(item), span=at(line, 10 + index))
        for index, (name, item) in enumerate((inputs or {}).items())
    )


def promoted(outputs: Mapping[str, str] | None, line: int) -> tuple[OutputBinding, ...]:
    """Outputs of a node that are the pipeline's: its own name -> the pipeline's; '' promotes nothing."""
    return tuple(
        OutputBinding(name=name, promoted_to=(target,) if target else (), span=at(line, 50))
        for name, target in (outputs or {}).items()
    )


def node(
    name: str,
    what: Component | Pipeline,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, str] | None = None,
    **rest: Any,
) -> Any:
    """A job that runs a component or a nested pipeline. ``line`` is its place."""
    line = rest.pop("line", 20)
    assert isinstance(line, int)
    made = bindings(inputs, line), promoted(outputs, line)
    if isinstance(what, Pipeline):
        return PipelineNode(name=name, pipeline=what, inputs=made[0], outputs=made[1], span=at(line))
    plain = CommandNode(name=name, component=what, inputs=made[0], outputs=made[1], span=at(line))
    return replace(plain, **rest)


def pipeline(
    *nodes: Any,
    name: str = "demo",
    inputs: Mapping[str, str | InputPort] | None = None,
    values: Mapping[str, Any] | None = None,
    outputs: tuple[str, ...] = (),
    **rest: Any,
) -> Pipeline:
    """A pipeline; ``values`` are given to its inputs at the top level."""
    made = Pipeline(
        name=name,
        nodes=tuple(nodes),
        inputs=tuple(
            PipelineInput(
                port=port(key, kind),
                value=value(values[key]) if values and key in values else None,
                span=at(3, 3 + index),
            )
            for index, (key, kind) in enumerate((inputs or {}).items())
        ),
        outputs=tuple(PipelineOutput(name=key, span=at(4, 3)) for key in outputs),
        span=at(1),
    )
    return replace(made, **rest)


def conda(*packages: str, pip: tuple[str, ...] = (), **rest: Any) -> Environment:
    """An environment with a conda file."""
    image = rest.pop("image", "ubuntu:24.04")
    name = rest.pop("name", None)
    tools = tuple(item for item in packages if re.match(r"(pip|setuptools|wheel)\b", item))
    made = CondaFile(
        conda=tuple(Requirement(text=item) for item in packages if item not in tools),
        tools=tuple(Requirement(text=item) for item in tools),
        pip=tuple(Requirement(text=item) for item in pip),
        span=at(9),
    )
    conda_file = replace(made, **rest)
    return CondaEnvironment(image=image, conda=conda_file, name=name, span=at(9))


def context(bag: Bag | None = None, **rest: Any) -> Context:
    """A context whose bundle is at /project/out/demo."""
    plain = Context(
        config=Config(), bag=bag or Bag(), bundle=Path("/project/out/demo"), source=Path(FILE), runtime_digest="r"
    )
    return replace(plain, **rest)


def checked(source: Pipeline, around: Context | None = None) -> tuple[Pipeline, list[str]]:
    """All checks of a pipeline, verified after each; and the codes of what was said, sorted by place."""
    around = around or context()
    stages = []
    for check in PIPELINE_PASSES:
        source = check(source, around)
        stages.append(source)
    for stage in [] if around.bag.has_errors else stages:
        verify(stage)
    assert all(item.code in CODES for item in around.bag.items)
    return source, [item.code for item in around.bag.sorted()]


def complaints(source: Pipeline, around: Context | None = None) -> list[str]:
    """What all checks say: ``E301 what. why. fix`` in the order of places."""
    around = around or context()
    checked(source, around)
    return [f"{item.code} {item.text}" for item in around.bag.sorted()]


def planned(source: Pipeline, around: Context | None = None) -> Plan:
    """The plan of a pipeline without errors, verified after every pass."""
    around = around or context()
    source, _ = checked(source, around)
    assert not around.bag.has_errors, [item.text for item in around.bag.sorted()]
    plan = lower(source, around)
    verify(plan)
    for complete in PLAN_PASSES:
        plan = complete(plan, around)
        verify(plan)
    return plan
