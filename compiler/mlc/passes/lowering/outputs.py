"""What a task writes: a volume per output, and the name of the file where an output is one."""

import re
from collections.abc import Mapping

from mlc.ir.component import OutputPort
from mlc.ir.pipeline import OutputBinding, PipelineOutput
from mlc.ir.plan import TaskOutput
from mlc.passes.lowering.flatten import Step

_PLACEHOLDER = re.compile(r"\$\{\{\s*output_name\s*\}\}")


def task_outputs(step: Step, of_pipeline: Mapping[tuple[str, str], PipelineOutput]) -> tuple[TaskOutput, ...]:
    """The outputs of a step; ``of_pipeline`` says which outputs of which tasks are the pipeline's own."""
    bindings = {binding.name: binding for binding in step.node.outputs}
    return tuple(
        _output(step.name, port, bindings.get(port.name), of_pipeline.get((step.name, port.name)))
        for port in step.node.component.outputs
    )


def _output(task: str, port: OutputPort, own: OutputBinding | None, outer: PipelineOutput | None) -> TaskOutput:
    """What is said of the pipeline's output wins: it is said last (azureml.md A5.5)."""
    settings = [item for item in (outer, own) if item is not None]
    path = next((item.path for item in settings if item.path is not None), None)
    asset = next((item for item in settings if item.asset_name is not None), None)
    type_ = next((item.type for item in (own,) if item is not None and item.type is not None), port.type)
    is_one_file = type_.is_file or not type_.is_data
    return TaskOutput(
        name=port.name,
        type=type_,
        volume=f"{task}-{port.name}",
        file_name=_file_name(port.name, path) if is_one_file else None,
        path=path,
        asset_name=None if asset is None else asset.asset_name,
        asset_version=None if asset is None else asset.asset_version,
    )


def _file_name(port: str, path: str | None) -> str:
    """The port's name, or the last part of the author's path where that names a file (azureml.md A2)."""
    if path is None or path.endswith(("/", "\\")):
        return port
    name = _PLACEHOLDER.sub(port, path).replace("\\", "/").rpartition("/")[2]
    plain = name not in {"", ".", ".."} and "${{" not in name and ":" not in name
    return name if plain and len(name.encode()) <= 200 and name.isprintable() else port
