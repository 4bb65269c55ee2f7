"""``SweepJob(...)``: a sweep that a script writes down field by field, the same node as ``node.sweep(...)`` makes.

Its inputs and outputs are the job's own. The trial is a command or a component, whose command names what is tried as
``${{search_space.x}}`` or, as a component's must, as ``${{inputs.x}}``.
"""

import re
from dataclasses import replace
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.component import InputPort
from mlc.ir.types import PortType
from mlc.sdk.command import declared_inputs, declared_outputs, mapping_of
from mlc.sdk.component import Component, Raw, broken
from mlc.sdk.node import Node
from mlc.sdk.ports import ignored
from mlc.sdk.session import here, session
from mlc.sdk.settings import as_settings
from mlc.sdk.sweep import SETTINGS, SweepJobLimits
from mlc.sdk.values import kind_of

_WHO = "SweepJob()"
_SEARCHED = re.compile(r"\$\{\{\s*search_space\.([A-Za-z_][\w-]*)\s*\}\}", re.ASCII)
_SAID = ("name", "display_name", "description", "tags", "experiment_name", "compute", "resources", "queue_settings")
_KNOWN = (*SETTINGS, *_SAID, "trial", "inputs", "outputs", "identity", "properties", "services")


def sweep_job(**fields: Any) -> Node:
    """The job; it belongs to no pipeline function, also where one is being run."""
    span = here()
    ignored(_WHO, fields, _KNOWN, span)
    values = mapping_of(fields, "inputs", span, _WHO)
    ports, given = declared_inputs(values, span, _WHO)
    space = mapping_of(fields, "search_space", span, _WHO)
    searched = tuple(
        InputPort(name=name, type=getattr(value, "_mlc_distribution_", PortType.STRING), span=span.at("search_space"))
        for name, value in space.items()
        if name not in values
    )
    outputs, settings = declared_outputs(mapping_of(fields, "outputs", span, _WHO), span, _WHO)
    trial = fields.get("trial")
    component = _component(trial, ports + searched, outputs, span)
    node = Node(component, given, joins=False)
    for name, value in settings.items():
        node.output_of(name).set(value)
    if isinstance(trial, Node):
        node.environment_variables.update(trial.environment_variables or {})
    for name in _SAID:
        if fields.get(name) is not None:
            setattr(node, name, fields[name])
    said = {name: fields.get(name) for name in SETTINGS}
    said |= {"search_space": space, "sampling_algorithm": fields.get("sampling_algorithm") or "random"}
    said["limits"] = as_settings(fields.get("limits") or {}, SweepJobLimits)
    node.__dict__.update(said | {"is_sweep": True, "trial": trial})
    return node


def _component(trial: Any, ports: tuple[InputPort, ...], outputs: Any, span: Span) -> Component:
    """What is tried: with the ports that it declares, and those of the job."""
    found = trial.component if isinstance(trial, Node) else getattr(trial, "component", trial)
    if not isinstance(found, Component):
        what = f"The trial of a sweep is {kind_of(trial)}"
        fix = "Write trial=command(...), or trial= with a component"
        session().report("E526", what, why="It is what each try runs", fix=fix, span=span.at("trial"))
        return broken("sweep", span)
    body = found.body
    if not isinstance(body, Raw):
        return found
    own = {port.name for port in found.input_ports}
    produced = {port.name for port in found.output_ports}
    command = found.changes.get("command", body.command)
    new = Component(
        found.name,
        replace(body, command=_SEARCHED.sub(r"${{inputs.\1}}", command)),
        input_ports=(*found.input_ports, *(port for port in ports if port.name not in own)),
        output_ports=(*found.output_ports, *(port for port in outputs if port.name not in produced)),
        span=found.span,
        version=found.version,
        display_name=found.display_name,
        description=found.description,
        tags=found.tags,
    )
    for name, value in found.changes.items():
        if name != "command":
            setattr(new, name, value)
    return new
