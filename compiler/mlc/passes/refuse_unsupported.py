"""What containers cannot do, or mlc does not do yet, is refused by name and line; the rest is still checked."""

from mlc.ir.component import Distribution
from mlc.ir.pipeline import CommandNode, Pipeline, UnsupportedNode
from mlc.passes.context import Context
from mlc.passes.levels import levels

_SERVICE = "mlc runs containers on one machine and contacts no service"
_YET = "mlc runs command and pipeline jobs only"
_REASONS: dict[str, tuple[str, str, str, str]] = {
    "automl": ("E502", "an AutoML job", "It needs Azure's AutoML service", "Train with a command job"),
    "spark": ("E503", "a Spark job", "It needs a Spark pool of Azure", "Run pyspark in local mode in a command job"),
    "data_transfer": ("E504", "a data transfer job", "It needs Azure's data transfer service", "Copy in a command job"),
    "import": ("E505", "an import job", "It needs a connection of an Azure workspace", "Fetch the data beforehand"),
    "flow": ("E506", "a prompt flow", "It needs the prompt flow runtime", "Call the flow's code from a command job"),
    "sweep": ("E507", "a sweep", _YET, "Write one job per trial, or loop over the trials inside of a command job"),
    "parallel": ("E508", "a parallel job", _YET, "Loop over the mini-batches inside of a command job"),
    "if_else": ("E509", "a condition", _YET, "Decide inside of a command job"),
    "do_while": ("E509", "a loop", _YET, "Loop inside of a command job"),
    "parallel_for": ("E509", "a loop", _YET, "Write the jobs out, or loop inside of a command job"),
}
_PROCESSES = ("process_count_per_instance", "worker_count")


def refuse_unsupported(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report nodes of other kinds than command and pipeline, and steps that are spread over machines or processes."""
    for level in levels(pipeline):
        for node in level.nodes:
            if isinstance(node, UnsupportedNode) and node.type:
                _refuse(node, context)
            elif isinstance(node, CommandNode):
                _check_spread(node, context)
    return pipeline


def _refuse(node: UnsupportedNode, context: Context) -> None:
    kind = node.type.lower()
    key = kind if kind in _REASONS else next((word for word in _REASONS if kind.startswith(f"{word}_")), kind)
    unknown = ("E501", f"a job of type {node.type!r}", "It needs an Azure service, or mlc has never heard of it", "")
    code, what, why, fix = _REASONS.get(key, unknown)
    if why != _YET:
        why = f"{why}, and {_SERVICE}"
    context.bag.add(code, node.span, f"Job {node.name!r} is {what}, which is not supported", why=why, fix=fix)


def _check_spread(node: CommandNode, context: Context) -> None:
    count = node.resources.instance_count
    if count is None:
        count = node.component.resources.instance_count
    distribution = node.distribution or node.component.distribution
    if count is not None and count > 1:
        what = f"Job {node.name!r} asks for {count} instances"
        why = "A bundle runs on one machine, and several instances on it would not be what the script expects"
        context.bag.add("E510", node.span, what, why=why, fix="Set 'instance_count: 1'")
    if distribution is not None:
        _check_processes(node, distribution, context)


def _check_processes(node: CommandNode, distribution: Distribution, context: Context) -> None:
    settings = dict(distribution.settings)
    span = distribution.span if distribution.span.line else node.span
    for name in _PROCESSES:
        value = settings.get(name)
        if value not in {None, "", "None", "1"}:
            what = f"Job {node.name!r} asks for {distribution.type} with {name} {value}"
            why = "A step is one process in one container; mlc starts no further ones"
            fix = f"Set '{name}: 1', or start the processes in the command (torchrun, mpirun)"
            context.bag.add("E511", span, what, why=why, fix=fix)
    if settings.get("parameter_server_count") not in {None, "", "None", "0"}:
        what = f"Job {node.name!r} asks for parameter servers"
        why = "A step is one process in one container; mlc starts no further ones"
        context.bag.add("E511", span, what, why=why, fix="Set 'parameter_server_count: 0'")
    if distribution.type.lower() == "ray":
        what = f"Job {node.name!r} asks for a Ray cluster"
        context.bag.add("E511", span, what, why="mlc starts none", fix="Call ray.init() in the script")
