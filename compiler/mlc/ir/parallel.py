"""A parallel job: the data of one input, cut into mini-batches, each given to a function of the author's script.

Numbers are text, as in :mod:`mlc.ir.sweep`.
"""

from dataclasses import field

from mlc.diagnostics import NOWHERE, Span
from mlc.ir.types import Pairs
from mlc.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """How a component works on its data; its command holds the arguments of the script. None: not said."""

    entry_script: str
    """In the component's code; it has ``init()`` and ``run(mini_batch)``."""
    input_data: str | None
    """The name of the input that is cut up."""
    append_row_to: str | None = None
    """The name of the output that collects what ``run`` returns."""
    model: str | None = None
    mini_batch_size: str | None = None
    """Files (``10``), or bytes of a table (``10kb``)."""
    partition_keys: tuple[str, ...] = ()
    """Columns: rows that agree in them are in one mini-batch; wins over ``mini_batch_size``."""
    max_concurrency_per_instance: str | None = None
    error_threshold: str | None = None
    """Items that may fail; -1: all."""
    mini_batch_error_threshold: str | None = None
    max_retries: str | None = None
    timeout: str | None = None
    """Seconds for one mini-batch."""
    logging_level: str | None = None
    places: tuple[tuple[str, Span], ...] = field(default=(), compare=False)
    """Where the settings stand, by their keys."""
    misread: Pairs = field(default=(), compare=False)
    """Fields that name an input or output in a way that is none, as written: a pass says so."""
    span: Span = field(default=NOWHERE, compare=False)
