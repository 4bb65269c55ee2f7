"""What containers cannot do, or mlc does not do yet, is refused by name and line; the rest is still checked.

Sweeps, parallel jobs and steps on several machines can be planned and drawn: they are warned about there, and refused
where a bundle is to be made.
"""

from mlc.ir.pipeline import CommandNode, Pipeline, UnsupportedNode
from mlc.ir.plan import Spread
from mlc.passes.context import Context
from mlc.passes.levels import levels
from mlc.passes.lowering.spread import processes_setting, spread_of

_SERVICE = "mlc runs containers on one machine and contacts no service"
_YET = "The jobs of a bundle are all known when it is made"
_REASONS: dict[str, tuple[str, str, str, str]] = {
    "automl": ("E502", "an AutoML job", "It needs Azure's AutoML service", "Train with a command job"),
    "spark": ("E503", "a Spark job", "It needs a Spark pool of Azure", "Run pyspark in local mode in a command job"),
    "data_transfer": ("E504", "a data transfer job", "It needs Azure's data transfer service", "Copy in a command job"),
    "import": ("E505", "an import job", "It needs a connection of an Azure workspace", "Fetch the data beforehand"),
    "flow": ("E506", "a prompt flow", "It needs the prompt flow runtime", "Call the flow's code from a command job"),
    "parallel": ("E508", "a parallel job on its own", "The service takes it as a step only", "Put it into a pipeline"),
    "sweep": ("E507", "a component of a sweep", "The service has none", "Write 'type: sweep' in a job of the pipeline"),
    "if_else": ("E509", "a condition", _YET, "Decide inside of a command job"),
    "do_while": ("E509", "a loop", _YET, "Loop inside of a command job"),
    "parallel_for": ("E509", "a loop", _YET, "Write the jobs out, or loop inside of a command job"),
}
_NOT_RUN = "mlc can check, plan and draw it, but it cannot run it yet"
_PROCESS = "A step is one process in one container; mlc starts no further ones"
_TRIALS = "Write one job per trial, or loop over the trials inside of a command job"
_BATCHES = "Loop over the mini-batches inside of a command job"


def refuse_unsupported(pipeline: Pipeline, context: Context) -> Pipeline:
    """Report nodes of kinds that mlc does not know, and steps that would run many times or in many places."""
    for level in levels(pipeline):
        for node in level.nodes:
            if isinstance(node, UnsupportedNode) and node.type:
                _refuse(node, context)
            elif isinstance(node, CommandNode):
                _check_many(node, context)
    return pipeline


def _refuse(node: UnsupportedNode, context: Context) -> None:
    kind = node.type.lower()
    key = kind if kind in _REASONS else next((word for word in _REASONS if kind.startswith(f"{word}_")), kind)
    unknown = ("E501", f"a job of type {node.type!r}", "It needs an Azure service, or mlc has never heard of it", "")
    code, what, why, fix = _REASONS.get(key, unknown)
    if code not in {"E507", "E508", "E509"}:
        why = f"{why}, and {_SERVICE}"
    context.bag.add(code, node.span, f"Job {node.name!r} is {what}, which is not supported", why=why, fix=fix)


def _check_many(node: CommandNode, context: Context) -> None:
    if node.sweep is not None:
        _refuse_for_now(node, ("E507", "W509"), (f"Job {node.name!r} is a sweep", _NOT_RUN, _TRIALS), context)
    elif node.component.parallel is not None:
        text = f"Job {node.name!r} is a parallel job", _NOT_RUN, _BATCHES
        _refuse_for_now(node, ("E508", "W509"), text, context)
    else:
        _check_spread(node, spread_of(node), context)


def _check_spread(node: CommandNode, spread: Spread, context: Context) -> None:
    if spread.instances != 1:
        what = f"Job {node.name!r} asks for {spread.instances or 'a number of'} instances"
        if not spread.instances:
            what += " that is not known when compiling"
        why = "A bundle runs on one machine, and several instances on it would not be what the script expects"
        _refuse_for_now(node, ("E510", "W510"), (what, why, "Set 'instance_count: 1'"), context)
    if spread.processes != 1:
        name = processes_setting(spread.library)
        count = spread.processes or "that is not known when compiling"
        what = f"Job {node.name!r} asks for {spread.library} with {name} {count}"
        fix = f"Set '{name}: 1', or start the processes in the command (torchrun, mpirun)"
        _refuse_for_now(node, ("E511", "W510"), (what, _PROCESS, fix), context)
    if spread.servers:
        text = f"Job {node.name!r} asks for parameter servers", _PROCESS, "Set 'parameter_server_count: 0'"
        _refuse_for_now(node, ("E511", "W510"), text, context)
    if spread.library == "ray":
        text = f"Job {node.name!r} asks for a Ray cluster", "mlc starts none", "Call ray.init() in the script"
        _refuse_for_now(node, ("E511", "W510"), text, context)


def _refuse_for_now(node: CommandNode, codes: tuple[str, str], text: tuple[str, str, str], context: Context) -> None:
    """An error where a bundle is to be made (first code), else a warning (second)."""
    what, why, fix = text
    distribution = node.distribution or node.component.distribution
    at = distribution.span if codes[0] == "E511" and distribution is not None else node.span
    context.bag.add(codes[0 if context.for_bundle else 1], at if at.line else node.span, what, why=why, fix=fix)
