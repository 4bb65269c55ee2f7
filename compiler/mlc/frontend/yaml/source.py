"""A YAML file as a source: finds out what it is, and reads it as a pipeline or says what it is instead."""

import re
from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.components import load_component_file, resolve
from mlc.frontend.yaml.files import load_yaml
from mlc.frontend.yaml.jobs import command_job, component_alone, unsupported_job
from mlc.frontend.yaml.located import Mapping, Scalar, describe
from mlc.frontend.yaml.pipelines import pipeline_job
from mlc.frontend.yaml.scope import Foreign, Scope
from mlc.frontend.yaml.shapes import Fields
from mlc.ir.asset import Names
from mlc.ir.component import Component
from mlc.ir.pipeline import Pipeline

_FOREIGN = ("parallel", "spark", "automl", "import", "data_transfer", "flow", "finetuning")
_JOB_ONLY = ("compute", "experiment_name", "environment_variables", "settings")
_SHAPES = (
    (("endpoint_name",), "a deployment"),
    (("auth_mode",), "an endpoint"),
    (("dependencies",), "a conda file"),
    (("image",), "an environment"),
    (("conda_file",), "an environment"),
    (("build",), "an environment"),
    (("trigger", "create_job"), "a schedule"),
    (("services",), "a Compose file"),
    (("on",), "a workflow"),
)
_SCHEMA = re.compile(r"/(\w+?)\.schema\.json")


def load_yaml_source(source: Path, names: Names, bag: Bag) -> Pipeline | None:
    """The pipeline of the file ``source`` (absolute). None: the bag says why."""
    node = load_yaml(source, bag)
    if node is None:
        return None
    if not isinstance(node, Mapping):
        what = f"A pipeline must be a mapping, not {describe(node)}"
        bag.add("E104", node.span, what, fix="Write 'type: pipeline' and 'jobs:'")
        return None
    fields = Fields(node, "the pipeline", bag)
    scope = Scope(file=source, base=source.parent, bag=bag, names=names, resolve=resolve, opened=(str(source),))
    if "endpoint_name" in node:
        _refuse(fields, "", node.key_span("endpoint_name"))
        return None
    declared = fields.scalar("type")
    kind = declared.text.strip() if declared is not None else _guess(fields)
    if "type" in node and declared is None:
        if node.get("type") is None:
            fields.missing("type", "Write 'type: pipeline'")
        return pipeline_job(fields, source.stem, scope) if "jobs" in node else None
    if kind in ("pipeline", "command", "parallel") and _is_component(node, kind):
        return _component(source, names, bag)
    return _job(kind, fields, scope, declared.span if declared is not None else Span(str(source)))


def _job(kind: str, fields: Fields, scope: Scope, span: Span) -> Pipeline | None:
    """The job of a kind; ``span`` is the place that names the kind."""
    node, stem = fields.mapping, scope.file.stem
    match kind:
        case "pipeline":
            return pipeline_job(fields, stem, scope)
        case "command":
            return command_job(Fields(node, "the job", scope.bag), stem, scope)
        case "sweep":
            from mlc.frontend.yaml.sweep_jobs import sweep_job

            return sweep_job(Fields(node, "the sweep", scope.bag), stem, scope)
    if kind in _FOREIGN or kind.startswith(("data_transfer_", "import_")):
        return unsupported_job(fields, kind, stem)
    _refuse(fields, kind, span)
    return pipeline_job(fields, stem, scope) if kind and "jobs" in node else None


def _component(source: Path, names: Names, bag: Bag) -> Pipeline | None:
    found = load_component_file(source, bag, anonymous=False, names=names)
    match found:
        case Component():
            return component_alone(found)
        case Foreign():
            return None
    return found


def _guess(fields: Fields) -> str:
    """The kind of a file that does not say its type."""
    node = fields.mapping
    if "jobs" in node and "command" not in node and "on" not in node:
        why = "Without it, a file is taken for a command job"
        fields.bag.add("E110", node.key_span("jobs"), "The pipeline has no 'type'", why=why, fix="Add 'type: pipeline'")
        return "pipeline"
    if "command" in node:
        return "command"
    schema = _schema(node).lower()
    for word in ("pipeline", "command", "sweep", *_FOREIGN):
        if schema in (f"{word}job", f"{word}component"):
            return word
    return ""


def _is_component(node: Mapping, kind: str) -> bool:
    """Jobs and components look alike: by the schema, else by what only one of them can have.

    A pipeline component has a name; without one it is a job whose schema contradicts, which the reference takes.
    """
    schema = _schema(node).lower()
    if schema:
        return schema.endswith("component") and (kind != "pipeline" or "name" in node)
    if any(key in node for key in _JOB_ONLY):
        return False
    if kind == "parallel" or "version" in node or "is_deterministic" in node:
        return True
    inputs = node.get("inputs")
    return (
        kind == "command"
        and isinstance(inputs, Mapping)
        and any(
            isinstance(entry.value, Mapping) and ("default" in entry.value or "optional" in entry.value)
            for _, entry in inputs
        )
    )


def _schema(node: Mapping) -> str:
    value = node.get("$schema")
    match = _SCHEMA.search(value.text) if isinstance(value, Scalar) else None
    return match.group(1) if match else ""


def _refuse(fields: Fields, kind: str, span: Span) -> None:
    node = fields.mapping
    what = next((word for keys, word in _SHAPES if all(key in node for key in keys)), None)
    schema = _schema(node)
    if what:
        fields.bag.add("E105", span, f"This file is {what}, not a pipeline", fix="Name a file with 'type: pipeline'")
    elif kind:
        fix = did_you_mean(kind, ["pipeline", "command"])
        fields.bag.add("E112", span, f"'{kind}' is not a kind of job", fix=fix)
    elif schema:
        what = f"This file follows the schema '{schema}', which is not a pipeline"
        fields.bag.add("E105", span, what, fix="Name a file with 'type: pipeline'")
    else:
        fields.bag.add("E105", span, "This file has no jobs and no command", fix="Add 'type: pipeline' and 'jobs:'")
