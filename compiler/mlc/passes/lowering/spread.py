"""Instances and processes of a step: what its resources and its distribution say together."""

from mlc.ir.component import UNKNOWN_COUNT, Distribution
from mlc.ir.pipeline import CommandNode
from mlc.ir.plan import Spread
from mlc.ir.types import Pairs

_SINGLE = Spread()
_RANKS: dict[str, Pairs] = {
    "pytorch": (
        ("MASTER_ADDR", "127.0.0.1"),
        ("MASTER_PORT", "6105"),
        ("NODE_RANK", "0"),
        ("RANK", "0"),
        ("LOCAL_RANK", "0"),
        ("WORLD_SIZE", "1"),
    ),
    "mpi": (
        ("OMPI_COMM_WORLD_RANK", "0"),
        ("OMPI_COMM_WORLD_LOCAL_RANK", "0"),
        ("OMPI_COMM_WORLD_SIZE", "1"),
        ("OMPI_COMM_WORLD_LOCAL_SIZE", "1"),
    ),
}
"""What the service sets for the only process of a distributed job (azureml.md A3)."""


def spread_of(node: CommandNode) -> Spread:
    """The node's own wishes win over its component's; a count that an input of the pipeline gives is 0."""
    instances = node.resources.instance_count
    if instances is None:
        instances = node.component.resources.instance_count
    instances = 0 if instances == UNKNOWN_COUNT else max(instances or 1, 1)
    distribution = node.distribution or node.component.distribution
    if distribution is None:
        return _SINGLE if instances == 1 else Spread(instances=instances)
    library = distribution.type.lower()
    return Spread(
        library=library,
        instances=instances,
        processes=_count(distribution, processes_setting(library), 1),
        servers=_count(distribution, "parameter_server_count", 0),
    )


def processes_setting(library: str) -> str:
    """The setting of a distribution that says how many processes there are."""
    return "worker_count" if library == "tensorflow" else "process_count_per_instance"


def rank_variables(spread: Spread) -> Pairs:
    """What the only process of a distributed step finds in its environment."""
    return _RANKS.get(spread.library, ()) if spread.is_single else ()


def _count(distribution: Distribution, name: str, default: int) -> int:
    text = dict(distribution.settings).get(name, "")
    if text in {"", "None"}:
        return default
    return max(int(text), default) if text.isdecimal() and len(text) < 10 else 0
