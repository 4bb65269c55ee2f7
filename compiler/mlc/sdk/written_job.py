"""``PipelineJob(jobs={...})``: a pipeline that a script writes down as YAML would, node by node.

Bindings are text (``${{parent.inputs.x}}``), as there; outputs of the nodes themselves do as well.
"""

import re
from typing import Any

from mlc.diagnostics import Span
from mlc.sdk.command import mapping_of
from mlc.sdk.definition import Definition, Nodes, PipelineParameter
from mlc.sdk.job import PipelineJob
from mlc.sdk.node import Node
from mlc.sdk.node_io import resolved
from mlc.sdk.ports import Input, ignored
from mlc.sdk.references import PipelineInput
from mlc.sdk.session import here, session
from mlc.sdk.values import kind_of, known_type, literal, nearest

_WHO = "PipelineJob()"
_SAID = ("name", "display_name", "description", "experiment_name", "tags", "settings", "compute", "identity")
_KNOWN = (*_SAID, "jobs", "inputs", "outputs", "component", "services", "properties")
_LEAVES = re.compile(r"\$\{\{\s*parent\.outputs\.([\w.-]+)\s*\}\}\Z", re.ASCII)


def pipeline_job(**fields: Any) -> PipelineJob:
    """The job, with the nodes that it is given."""
    span = here()
    ignored(_WHO, fields, _KNOWN, span)
    nodes = _nodes(mapping_of(fields, "jobs", span, _WHO), span)
    if not nodes:
        what, why = "A PipelineJob without jobs", "There is nothing to run"
        session().report("E221", what, why=why, fix='Write jobs={"name": component(...)}', span=span)
    parameters = [_parameter(name, value, span) for name, value in mapping_of(fields, "inputs", span, _WHO).items()]
    name = str(fields.get("display_name") or fields.get("name") or "pipeline")
    definition = Definition(name=name, parameters=parameters, span=span, nodes=nodes, broken=not nodes)
    for node in nodes.values():
        for output in node.produced.values():
            if leaves := _LEAVES.match(str(output.settings.get("path") or "")):
                del output.settings["path"]
                definition.outputs[leaves[1]] = output
    job = PipelineJob(definition, {}, {}, span)
    for key in _SAID:
        if fields.get(key) is not None:
            setattr(job, key, fields[key])
    for key, value in mapping_of(fields, "outputs", span, _WHO).items():
        if key in job.results:
            job.results[key].set(value)
        else:
            what, fix = f"No job makes the output {key!r} of the pipeline", nearest(key, job.results)
            example = f'Write node.outputs.NAME = "${{{{parent.outputs.{key}}}}}"'
            session().report("E215", what, fix=fix or example, span=span.at("outputs").at(key))
    return job


def _nodes(given: dict[str, Any], span: Span) -> Nodes:
    found = Nodes()
    for name, node in given.items():
        if isinstance(node, Node):
            found[name] = node
        else:
            what = f"Job {name!r} of a PipelineJob is {kind_of(node)}"
            fix = "Give what calling a component, or command(), gives"
            session().report("E221", what, fix=fix, span=span.at("jobs").at(name))
    return found


def _parameter(name: str, given: Any, span: Span) -> PipelineParameter:
    place = span.at("inputs").at(name)
    value = resolved(given, name, place)
    plain = literal(value)
    type_ = known_type(value.type) if isinstance(value, Input) else plain[0] if plain else None
    reference = PipelineInput(name, value, type_)
    return PipelineParameter(name=name, declared=None, type=type_, value=value, reference=reference, span=place)
