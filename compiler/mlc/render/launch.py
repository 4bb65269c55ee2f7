"""The contract between a task and the launcher that runs it: a :class:`Task` as environment variables and mounts.

Every engine (Compose, the Docker API, a plain process) starts ``launch.sh`` with these variables and with this layout
below ``MLC_ROOT`` (``/mlc`` in a container; symbolic links do as well as mounts):

=================================  ============================================================================
``components/<component>/``        code, read-only; the launcher runs the command in a writable copy of it
``inputs/<port>/``                 data or another task's output, mounted read-only (a single file lies inside)
``outputs/<port>/``                one volume per output, mounted read-write
``values/<task>-<output>/``        primitive outputs of other tasks that values are made of, read-only
``state/<task>/``                  what the task was last run with: written last, read by its consumers
``mlflow/``                        the MLflow file store of the bundle
``runtime/``                       launch.sh, the Python shim (the launcher finds it beside itself)
=================================  ============================================================================

========================  ================================================================================
``MLC_STEP``              the task's name
``MLC_COMPONENT``         the folder of its code below ``components/``
``MLC_KEY``               ``Task.key``
``MLC_PARTS``             ``command=<12 hex> code=<12 hex> image=<12 hex>``: to say what changed
``MLC_REUSE``             ``1``: skip if nothing changed; ``0``: always run
``MLC_TIMEOUT``           seconds, or absent
``MLC_COMMAND``           the command; see :func:`mlc.render.command.encode_command`
``MLC_DELIMITERS``        only with raw placeholders: the words that end here-documents, one a line
``MLC_INPUTS``            a line per input, see below
``MLC_INPUT_<name>``      the text of a value, or the path of data below ``inputs/<name>/`` (absent: the folder)
``MLC_DEFAULT_<name>``    the text instead of an empty one, where an input of the pipeline may be left empty
``MLC_PART_<name>_<n>``   the n-th text of a value that is made of several parts
``MLC_GIVEN_<name>``      only for ``data?``: empty means that the optional data was not given
``MLC_OUTPUTS``           a line per output: ``name folder``, ``name file`` or ``name value``
``MLC_OUTPUT_<name>``     the file name of a file or a value below ``outputs/<name>/``
``MLC_ENDED``             only of steps that run whatever becomes of the others: those others, which it is run anew for
``MLC_KEEP``              not empty: the outputs are not emptied before the command; it knows what to keep
========================  ================================================================================

A dot in a port's name becomes two underscores in the name of a variable, a hyphen one. Lines of ``MLC_INPUTS``::

    epochs value                        its text is in MLC_INPUT_epochs
    note value?                         the same of an optional input: an empty text means "not given"
    tag value 1 train-output/output 2   MLC_PART_tag_1, the content of values/train-output/output, MLC_PART_tag_2
    size value ~count-n/n               the content of values/count-n/n without line breaks at its end
    images data                         a mounted file or folder, known by its content
    images data?                        the same, optional
    model data train                    a mounted output of the task train, known by that task's key; or, where the
                                        task left ``state/train/content`` (``content HEX``, and ``file NAME`` for a
                                        single file, which is what is meant then), by that digest
    folder place                        a mounted folder to write to
    table data / 1                      a path below it: MLC_PART_table_1, which is known when the step starts
    part data train / 1 count-n/n       the same below an output, made of several parts as a value is
    extra none                          an optional input without a value

An engine that stops everything when a step fails sets, for a pipeline that is to go on, ``MLC_GO_ON`` (not empty: a
failure is noted in ``state/<step>/failed``, and the launcher exits with 0) and ``MLC_AFTER`` (the tasks without which
this one is not run, and fails too).

What an engine may set besides: ``MLC_ROOT``; ``MLC_WORK``, the folder for working copies; ``AZUREML_RUN_ID``;
``MLC_FORCE`` (not empty): run once more although nothing changed, under the same key.
"""

from enum import StrEnum
from typing import assert_never

from mlc.hashing import digest
from mlc.ir.plan import (
    Constant,
    DataSource,
    InputValue,
    OutputSource,
    Plan,
    PlanInput,
    Role,
    Task,
    TaskInput,
    TaskOutput,
    TaskValue,
    ValueParts,
    ValueSource,
)
from mlc.ir.template import Template
from mlc.ir.value_parts import value_parts
from mlc.records import dataclass
from mlc.render.command import delimiters, encode_command, has_raw
from mlc.render.plan_names import names as _names

STATE_VOLUME = "mlc-state"
MLFLOW_VOLUME = "mlc-mlflow"


@dataclass(frozen=True, slots=True)
class InputVariable:
    """The value of a plan input at start: Compose writes ``${INPUT_EPOCHS}``, the runner puts the value in."""

    variable: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A variable of the shell that starts the pipeline, handed on to a step and stored nowhere; '' if it is not set."""

    variable: str


EnvironmentValue = tuple[str | InputVariable | Passed, ...]
"""Text and variables, one after another."""

PASSED = (
    *(f"AZURE_STORAGE_{name}" for name in ("ACCOUNT_NAME", "ACCOUNT_KEY", "SAS_TOKEN", "CONNECTION_STRING")),
    *(f"AZURE_STORAGE_{name}" for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")),
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"),
)
"""What steps that fetch and deliver get of that shell: credentials for storage, the way to the network."""


class MountKind(StrEnum):
    """What a :class:`Mount` takes its content from."""

    VOLUME = "volume"
    """A named volume of the bundle."""
    DATA = "data"
    """A file or folder of the machine, named by a plan input's variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One thing that a step sees below ``MLC_ROOT``. ``source``: the name of a volume, or of a :class:`PlanInput`.

    ``target`` is relative (``inputs/images``, for a single file ``inputs/images/a.csv``). ``optional``: the plan
    input may be empty when the pipeline starts; then mount ``runtime/nothing``, an empty folder of the bundle.
    """

    kind: MountKind
    source: str
    target: str
    read_only: bool
    optional: bool = False


def environment(plan: Plan, task: Task) -> dict[str, EnvironmentValue]:
    """All variables of a task, in the order in which a person reads them: the author's own last.

    Empty lists leave their variable out. The author's variables cannot replace one of the launcher's.
    """
    ours: dict[str, EnvironmentValue] = {"MLC_STEP": (task.name,), "MLC_COMPONENT": (task.component,)}
    ours |= _key(plan, task)
    if task.timeout is not None:
        ours["MLC_TIMEOUT"] = (str(task.timeout),)
    ours |= _command(task.command)
    ours |= _inputs(plan, task)
    ours |= _outputs(task)
    if task.always and task.role is Role.STEP:
        ours["MLC_ENDED"] = (_names(plan).others,)
    if task.role is Role.FETCH:
        ours["MLC_KEEP"] = ("1",)
    if task.role is not Role.STEP and not any(_is_folder_to_write(port) for port in task.inputs):
        ours |= {name: (Passed(name),) for name in PASSED}
    theirs: dict[str, EnvironmentValue] = {"MLFLOW_EXPERIMENT_NAME": (plan.experiment_name,)}
    theirs |= {name: (value,) for name, value in task.environment if name not in ours}
    return ours | theirs


def _is_folder_to_write(port: TaskInput) -> bool:
    return isinstance(port.source, DataSource) and port.source.writable


def mounts(plan: Plan, task: Task) -> tuple[Mount, ...]:
    """What the task sees below ``MLC_ROOT`` besides the image: inputs, values, outputs, state, the MLflow store."""
    found: list[Mount] = []
    for port in task.inputs:
        found += _input_mounts(plan, port)
    for output in task.outputs:
        target = f"outputs/{output.name}"
        found.append(Mount(kind=MountKind.VOLUME, source=output.volume, target=target, read_only=False))
    for volume, target in ((STATE_VOLUME, "state"), (MLFLOW_VOLUME, "mlflow")):
        found.append(Mount(kind=MountKind.VOLUME, source=volume, target=target, read_only=False))
    return tuple(dict.fromkeys(found))


def _key(plan: Plan, task: Task) -> dict[str, EnvironmentValue]:
    names = _names(plan)
    code, image = names.code.get(task.component, ""), names.images.get(task.image, "")
    parts = {"command": digest(encode_command(task.command)), "code": digest(code), "image": digest(image)}
    return {
        "MLC_KEY": (task.key,),
        "MLC_PARTS": (" ".join(f"{name}={value[:12]}" for name, value in parts.items()),),
        "MLC_REUSE": ("1" if task.reuse else "0",),
    }


def _command(command: Template) -> dict[str, EnvironmentValue]:
    found: dict[str, EnvironmentValue] = {"MLC_COMMAND": (encode_command(command),)}
    if has_raw(command):
        found["MLC_DELIMITERS"] = ("\n".join(delimiters(command)),)
    return found


def _variable(name: str) -> str:
    return name.replace(".", "__").replace("-", "_")


def _inputs(plan: Plan, task: Task) -> dict[str, EnvironmentValue]:
    lines: list[str] = []
    found: dict[str, EnvironmentValue] = {}
    for port in task.inputs:
        line, variables = _input(plan, port)
        lines.append(f"{port.name} {line}")
        found |= variables
    return {"MLC_INPUTS": ("\n".join(lines),)} | found if lines else {}


def _input(plan: Plan, port: TaskInput) -> tuple[str, dict[str, EnvironmentValue]]:
    """The rest of the input's line in ``MLC_INPUTS``, and its variables."""
    source, name = port.source, _variable(port.name)
    match source:
        case None:
            return "none", {}
        case ValueSource():
            return _value(plan, port, source)
        case DataSource():
            given = _names(plan).inputs[source.input]
            if source.writable:
                return "place", {}
            below, variables = _data_path(plan, name, given.file_name or _file_name(given), source)
            if not given.optional:
                return f"data{below}", variables
            return f"data?{below}", variables | {f"MLC_GIVEN_{name}": (InputVariable(given.variable),)}
        case OutputSource():
            below, variables = _data_path(plan, name, _output(plan, source).file_name, source)
            uri = _names(plan).emptied.get(source.task)
            if uri is None:
                return f"data {source.task}{below}", variables
            return f"data? {source.task}{below}", variables | {f"MLC_GIVEN_{name}": (InputVariable(uri.variable),)}
        case _:
            assert_never(source)


def _data_path(
    plan: Plan, name: str, file_name: str | None, source: DataSource | OutputSource
) -> tuple[str, dict[str, EnvironmentValue]]:
    """The end of the line, and the variables, of a path below a mount."""
    path = "/".join(part for part in (file_name, source.suffix.strip("/")) if part)
    words, texts = _parts(plan, source.below)
    found: dict[str, EnvironmentValue] = {f"MLC_INPUT_{name}": (path,)} if path else {}
    return "".join(f" {word}" for word in ("/", *words) if words), found | _numbered(name, texts)


def _value(plan: Plan, port: TaskInput, source: ValueSource) -> tuple[str, dict[str, EnvironmentValue]]:
    kind, name = "value?" if port.optional else "value", _variable(port.name)
    words, texts = _parts(plan, source.parts)
    if any(isinstance(part, TaskValue) for part in source.parts):
        return " ".join((kind, *words)), _numbered(name, texts)
    default: dict[str, EnvironmentValue] = {f"MLC_DEFAULT_{name}": (source.default,)} if source.default else {}
    return kind, {f"MLC_INPUT_{name}": texts[0] if texts else ("",)} | default


def _parts(plan: Plan, parts: ValueParts) -> tuple[list[str], list[EnvironmentValue]]:
    """What stands one after another in a line, numbers of texts and names of files; the texts."""
    words: list[str] = []
    texts: list[EnvironmentValue] = []
    text: list[str | InputVariable | Passed] = []
    for part in (*parts, None):
        match part:
            case Constant():
                text.append(part.text)
                continue
            case InputValue():
                text.append(InputVariable(_names(plan).inputs[part.input].variable))
                continue
        if text:
            texts.append(tuple(text))
            words.append(str(len(texts)))
            text = []
        if part is not None:
            words.append(_value_file(plan, part))
    return words, texts


def _numbered(name: str, texts: list[EnvironmentValue]) -> dict[str, EnvironmentValue]:
    return {f"MLC_PART_{name}_{number}": text for number, text in enumerate(texts, 1)}


def _value_file(plan: Plan, part: TaskValue) -> str:
    """A function's value is exactly what it returned; what a command writes (``echo``, ``wc``) ends with a line."""
    exact = part.task in _names(plan).functions
    return f"{'' if exact else '~'}{part.task}-{part.output}/{_output(plan, part).file_name or part.output}"


def _output(plan: Plan, source: OutputSource | TaskValue) -> TaskOutput:
    return _names(plan).outputs[source.task, source.output]


def _file_name(given: PlanInput) -> str | None:
    """The name of one-file data that is not known before the pipeline is started."""
    return given.name.rpartition(".")[2] if given.type.is_file else None


def _outputs(task: Task) -> dict[str, EnvironmentValue]:
    lines: list[str] = []
    found: dict[str, EnvironmentValue] = {}
    for output in task.outputs:
        kind = "value" if not output.type.is_data else "folder" if output.file_name is None else "file"
        lines.append(f"{output.name} {kind}")
        if kind != "folder":
            found[f"MLC_OUTPUT_{_variable(output.name)}"] = (output.file_name or output.name,)
    return {"MLC_OUTPUTS": ("\n".join(lines),)} | found if lines else {}


def _input_mounts(plan: Plan, port: TaskInput) -> list[Mount]:
    target, source = f"inputs/{port.name}", port.source
    values = [
        Mount(
            kind=MountKind.VOLUME,
            source=_output(plan, part).volume,
            target=f"values/{part.task}-{part.output}",
            read_only=True,
        )
        for part in value_parts(source)
        if isinstance(part, TaskValue)
    ]
    match source:
        case None | ValueSource():
            return values
        case DataSource():
            given = _names(plan).inputs[source.input]
            name = given.file_name or _file_name(given)
            target = f"{target}/{name}" if name else target
            return [
                Mount(
                    kind=MountKind.DATA,
                    source=source.input,
                    target=target,
                    read_only=not source.writable,
                    optional=given.optional,
                ),
                *values,
            ]
        case OutputSource():
            volume = _output(plan, source).volume
            return [Mount(kind=MountKind.VOLUME, source=volume, target=target, read_only=True), *values]
        case _:
            assert_never(source)
