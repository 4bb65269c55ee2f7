"""Settings of steps: sizes, times and variables that an engine can take; what only Azure could do is said."""

import re

from mlc.ir.asset import is_reference
from mlc.ir.component import Component
from mlc.ir.pipeline import CommandNode, OutputBinding, Pipeline, PipelineOutput
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.report import report_once

_SIZE = re.compile(r"[0-9]+(\.[0-9]+)?\s?[kmgt]?i?b?", re.ASCII | re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_RESERVED = "MLC_"
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def check_settings(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report bad settings of every step, once per component or node."""
    seen: set[int] = set()
    for level in levels(pipeline):
        for output in level.outputs:
            _destination(output, context)
        # In Python a step's output that the pipeline returns carries its path there: one place, one message.
        said = {(output.path, output.span) for output in level.outputs}
        for node in level.nodes:
            for binding in node.outputs:
                if (binding.path, binding.span) not in said:
                    _destination(binding, context)
            if isinstance(node, CommandNode):
                _node(node, context)
                if id(node.component) not in seen and node.component.resources != node.resources:
                    seen.add(id(node.component))
                    _resources(node.component, f"Component {node.component.name!r}", context)
    return pipeline


def _node(node: CommandNode, context: Context) -> None:
    subject = f"Job {node.name!r}"
    _resources(node, subject, context)
    if node.timeout is not None and node.timeout <= 0:
        text = (
            f"{subject} has the timeout {node.timeout}",
            "It is a number of seconds",
            "Give 1 or more, or leave it out",
        )
        report_once(context, "E333", node.span, text)
    if node.services:
        names = ", ".join(map(repr, node.services))
        what = f"{subject} has the services {names}, which are not started"
        why = "They give access to a job on a remote machine"
        fix = "While the job runs: docker compose exec JOB sh; what it logs with MLflow is in the bundle"
        context.bag.add("W502", node.span, what, why=why, fix=fix)
    for name, _ in node.environment_variables:
        if not _VARIABLE.fullmatch(name) or name.startswith(_RESERVED):
            why = "A name has letters, digits and underscores and does not start with a digit; "
            why += f"{_RESERVED}... is for mlc's own"
            what = f"{subject} sets the environment variable {name!r}"
            context.bag.add("E333", node.span, what, why=why, fix="Rename it")


def _resources(owner: CommandNode | Component, subject: str, context: Context) -> None:
    resources = owner.resources
    if resources.shm_size is not None and not _SIZE.fullmatch(resources.shm_size):
        text = f"{subject} has the shm_size {resources.shm_size!r}", "It is no size", "Write it like 2g or 512m"
        report_once(context, "E333", owner.span, text)
    if resources.docker_args:
        what = f"{subject} has docker_args, which are not used"
        fix = "Set shm_size, or what the machine has in [tool.mlc.computes]"
        context.bag.add("W502", owner.span, what, why="A bundle is not started with docker run", fix=fix)


def _destination(output: OutputBinding | PipelineOutput, context: Context) -> None:
    if output.path is None or not _REMOTE.match(output.path):
        return
    from mlc.passes.lowering.deliver import destination  # most outputs stay in their volumes

    if destination(output) is None:
        what = f"The output {output.name!r} is kept in a volume and not written to {output.path!r}"
        why, fix = "No step of a bundle can write there", "Copy it from there, see the bundle's README"
        if is_reference(output.path):
            why = "No configuration says what that datastore stands for here"
            fix = "Name a folder or URL in [tool.mlc.datastores], or copy it from there, see the bundle's README"
        context.bag.add("W501", output.span, what, why=why, fix=fix)
