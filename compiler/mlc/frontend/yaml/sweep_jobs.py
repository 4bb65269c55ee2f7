"""A sweep on its own: a job of ``type: sweep`` with its trial written into it, as a pipeline of one step."""

from dataclasses import replace

from mlc.frontend.yaml.command_component import build
from mlc.frontend.yaml.inline import inline_outputs
from mlc.frontend.yaml.jobs import KNOWN, node_name, single
from mlc.frontend.yaml.pipelines import job_input, output
from mlc.frontend.yaml.scope import Scope
from mlc.frontend.yaml.settings import compute_name, resources
from mlc.frontend.yaml.shapes import Fields
from mlc.frontend.yaml.sweeps import FIELDS, read_sweep
from mlc.ir.component import InputPort
from mlc.ir.pipeline import CommandNode, Pipeline
from mlc.ir.sweep import Choice, Option, Parameter, Randint
from mlc.ir.types import PortType

_TRIAL = ("command", "code", "environment", "environment_variables", "distribution", "resources", "name", "type")


def sweep_job(fields: Fields, stem: str, scope: Scope) -> Pipeline:
    """The job as a pipeline; the trial's inputs are the job's, and what is searched over."""
    fields.unknown((*KNOWN, *FIELDS), "E111")
    name = fields.text("name") or fields.text("display_name") or stem
    inputs = tuple(job_input(key, entry, None, scope) for key, entry in fields.table("inputs") or ())
    outputs = tuple(output(key, entry, fields) for key, entry in fields.table("outputs") or ())
    ports, _ = inline_outputs(fields.table("outputs"), {}, scope, fields.what)
    sweep = read_sweep(fields)
    taken = {item.port.name for item in inputs}
    searched = tuple(_port(item) for item in sweep.parameters if item.name not in taken)
    trial = fields.table("trial")
    if trial is None:
        if fields.mapping.get("trial") is None:
            fields.missing("trial", "Add 'trial:' with a command, its code and its environment")
        trial = fields.mapping
    inner = Fields(trial, f"the trial of {fields.what}", scope.bag)
    if trial is not fields.mapping:
        inner.unknown(_TRIAL)
    component = build(
        inner, node_name(name), (*(item.port for item in inputs), *searched), ports, replace(scope, trial=True)
    )
    node = CommandNode(
        name=node_name(name),
        component=component,
        compute=compute_name(fields),
        resources=resources(fields),
        environment_variables=inner.pairs("environment_variables"),
        sweep=sweep,
        span=fields.mapping.span,
    )
    return single(fields, name, node, inputs, outputs)


def _port(parameter: Parameter) -> InputPort:
    """An input of the type of the values that are tried."""
    match parameter.space:
        case Choice(values=values):
            kinds = {value.type if isinstance(value, Option) else PortType.STRING for value in values}
            kind = kinds.pop() if len(kinds) == 1 else PortType.STRING
        case Randint():
            kind = PortType.INTEGER
        case _:
            kind = PortType.NUMBER
    return InputPort(name=parameter.name, type=kind, span=parameter.span)
