"""The contract between a task and the launcher that runs it: a :class:`Task` as environment variables.

Every engine (Compose, the Docker API, a plain process) starts ``launch.sh`` with these variables and with this layout
below ``MLC_ROOT`` (``/mlc`` in a container):

=================================  ============================================================================
``components/<component>/``        code, read-only; the launcher runs the command in a writable copy of it
``inputs/<port>/``                 data or another task's output, mounted read-only (a single file lies inside)
``outputs/<port>/``                one volume per output, mounted read-write
``values/<task>-<output>/``        primitive outputs of other tasks that values are made of, read-only
``state/<task>/``                  what the task was last run with: written last, read by its consumers
``mlflow/``                        the MLflow file store of the bundle
``runtime/``                       launch.sh, the Python shim
=================================  ============================================================================

========================  ================================================================================
``MLC_STEP``              the task's name
``MLC_COMPONENT``         the folder of its code below ``components/``, or empty
``MLC_KEY``               ``Task.key``
``MLC_REUSE``             ``1``: skip if nothing changed; ``0``: always run
``MLC_TIMEOUT``           seconds, or absent
``MLC_COMMAND``           the command; ``${{inputs.x}}`` carries its quoting: ``${{words inputs.x}}``
``MLC_INPUTS``            a line per input: ``name kind [where]``; see :func:`input_line`
``MLC_INPUT_<name>``      the text of a value (a dot in the name becomes two underscores)
``MLC_OUTPUTS``           a line per output: ``name folder``, ``name file <file name>`` or ``name value``
========================  ================================================================================
"""

from dataclasses import dataclass

from mlc.ir.plan import Plan, Task


@dataclass(frozen=True, slots=True)
class InputVariable:
    """The value of a plan input at start: Compose writes ``${INPUT_EPOCHS}``, the runner puts the value in."""

    variable: str


EnvironmentValue = tuple[str | InputVariable, ...]
"""Text and variables, one after another."""


def environment(plan: Plan, task: Task) -> dict[str, EnvironmentValue]:
    """All variables of a task, in the order in which a person reads them: the author's own last."""
    raise NotImplementedError
