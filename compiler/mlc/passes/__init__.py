"""One file, one function each: checks and rewrites of the two levels of IR. The order is the two tuples below."""

from collections.abc import Callable

from mlc.ir.pipeline import Pipeline
from mlc.ir.plan import Plan
from mlc.passes.apply_locks import apply_locks
from mlc.passes.check_commands import check_commands
from mlc.passes.check_cycles import check_cycles
from mlc.passes.check_data import check_data
from mlc.passes.check_environments import check_environments
from mlc.passes.check_inputs import check_inputs
from mlc.passes.check_lifecycle import check_lifecycle
from mlc.passes.check_names import check_names
from mlc.passes.check_outputs import check_outputs
from mlc.passes.check_parallel import check_parallel
from mlc.passes.check_references import check_references
from mlc.passes.check_settings import check_settings
from mlc.passes.check_size import check_size
from mlc.passes.check_sweeps import check_sweeps
from mlc.passes.check_text import check_text
from mlc.passes.check_types import check_types
from mlc.passes.check_values import check_values
from mlc.passes.compute_keys import compute_keys
from mlc.passes.context import Context
from mlc.passes.find_quoting import find_quoting
from mlc.passes.lowering.names import slug
from mlc.passes.plan_layers import plan_layers
from mlc.passes.refuse_unsupported import refuse_unsupported
from mlc.passes.resolve_data import resolve_data
from mlc.passes.resolve_environments import resolve_environments
from mlc.passes.resolve_input_references import resolve_input_references

PIPELINE_PASSES: tuple[Callable[[Pipeline, Context], Pipeline], ...] = (
    check_size,
    check_names,
    check_text,
    refuse_unsupported,
    resolve_environments,
    resolve_data,
    check_environments,
    check_references,
    resolve_input_references,
    check_cycles,
    check_inputs,
    check_types,
    check_values,
    check_sweeps,
    check_parallel,
    check_outputs,
    check_commands,
    check_settings,
    check_lifecycle,
    check_data,
)
"""In this order: sizes before anything walks the levels, references before what follows them."""

PLAN_PASSES: tuple[Callable[[Plan, Context], Plan], ...] = (
    find_quoting,
    apply_locks,
    plan_layers,
    compute_keys,
)
"""Keys come last: they hold the quoting and what was locked."""


def plan_name(pipeline: Pipeline) -> str:
    """The bundle's and the Compose project's name, ``[a-z0-9][a-z0-9_-]*``: ``Fashion MNIST`` -> ``fashion_mnist``."""
    return slug(pipeline.name.replace(".", "_"), "pipeline")
