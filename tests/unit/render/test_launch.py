"""A task as variables and mounts, by hand-written plans; commands survive their encoding, by property."""

import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlc.ir.image import Image, UseImage
from mlc.ir.plan import (
    Constant,
    DataSource,
    InputValue,
    OutputSource,
    Plan,
    PlanComponent,
    PlanInput,
    Task,
    TaskInput,
    TaskOutput,
    TaskValue,
    ValueSource,
)
from mlc.ir.template import Bracket, InputRef, OutputRef, Part, Quoting, Template, Text
from mlc.ir.types import PortType
from mlc.render.command import delimiters, encode_command, has_raw
from mlc.render.launch import InputVariable, Mount, MountKind, environment, mounts

RUNTIME = Path(__file__).parents[3] / "templates" / "runtime"

PREP = Task(
    name="first.prep",
    component="prep",
    image="env",
    command=(
        Text(text="python a.py --d "),
        InputRef(name="raw"),
        Text(text=" "),
        Bracket(parts=(Text(text="--n "), InputRef(name="n", quoting=Quoting.DOUBLE))),
        Text(text=" "),
        OutputRef(name="out", quoting=Quoting.SINGLE),
    ),
    inputs=(
        TaskInput(name="raw", type=PortType.URI_FILE, source=DataSource(input="data")),
        TaskInput(
            name="n", type=PortType.INTEGER, source=ValueSource(parts=(InputValue(input="epochs"),)), optional=True
        ),
        TaskInput(name="extra", type=PortType.STRING, source=None, optional=True),
        TaskInput(name="maybe", type=PortType.URI_FILE, source=DataSource(input="g.maybe"), optional=True),
    ),
    outputs=(
        TaskOutput(name="out", type=PortType.URI_FOLDER, volume="first.prep-out"),
        TaskOutput(name="table", type=PortType.URI_FILE, volume="first.prep-table", file_name="table.csv"),
        TaskOutput(name="score", type=PortType.NUMBER, volume="first.prep-score", file_name="score"),
    ),
    environment=(("PLAIN", "$x ${y}"), ("MLC_KEY", "forged"), ("MLFLOW_EXPERIMENT_NAME", "own")),
    timeout=60,
    key="f" * 64,
)
TRAIN = Task(
    name="train",
    component="train",
    image="env",
    command=(Text(text="true"),),
    inputs=(
        TaskInput(name="folder", type=PortType.URI_FOLDER, source=OutputSource(task="first.prep", output="out")),
        TaskInput(
            name="part", type=PortType.URI_FILE, source=OutputSource(task="first.prep", output="out", suffix="a/b.csv")
        ),
        TaskInput(name="table", type=PortType.URI_FILE, source=OutputSource(task="first.prep", output="table")),
        TaskInput(name="below", type=PortType.URI_FOLDER, source=DataSource(input="folder", suffix="/sub/")),
        TaskInput(
            name="chosen",
            type=PortType.URI_FILE,
            source=DataSource(input="folder", below=(Constant(text="e"), InputValue(input="epochs"))),
        ),
        TaskInput(
            name="g.tag",
            type=PortType.STRING,
            source=ValueSource(
                parts=(
                    Constant(text="pre-"),
                    InputValue(input="epochs"),
                    TaskValue(task="first.prep", output="score"),
                    Constant(text="!"),
                )
            ),
        ),
        TaskInput(
            name="mixed",
            type=PortType.STRING,
            source=ValueSource(parts=(Constant(text="e="), InputValue(input="epochs"), Constant(text=";"))),
        ),
        TaskInput(name="empty", type=PortType.STRING, source=ValueSource(parts=(Constant(text=""),))),
        TaskInput(
            name="score",
            type=PortType.STRING,
            source=ValueSource(parts=(TaskValue(task="first.prep", output="score"),)),
        ),
    ),
    after=("first.prep",),
    reuse=False,
)
PLAN = Plan(
    name="p",
    tasks=(PREP, TRAIN),
    images=(Image(name="env", recipe=UseImage(base="b"), components=("prep", "train"), key="k"),),
    components=(PlanComponent(name="prep", digest="d1"), PlanComponent(name="train", digest="d2")),
    inputs=(
        PlanInput(name="data", variable="INPUT_DATA", type=PortType.URI_FILE, value="../x", file_name="a b.csv"),
        PlanInput(name="folder", variable="INPUT_FOLDER", type=PortType.URI_FOLDER, value="../f"),
        PlanInput(name="epochs", variable="INPUT_EPOCHS", type=PortType.INTEGER, value="3"),
        PlanInput(name="g.maybe", variable="INPUT_G_MAYBE", type=PortType.URI_FILE, value=None, optional=True),
    ),
    experiment_name="exp",
)


def test_the_variables_of_a_task() -> None:
    found = environment(PLAN, PREP)
    parts = found.pop("MLC_PARTS")[0]
    assert isinstance(parts, str)
    assert [part.partition("=")[0] for part in parts.split(" ")] == ["command", "code", "image"]
    assert list(found.items()) == [
        ("MLC_STEP", ("first.prep",)),
        ("MLC_COMPONENT", ("prep",)),
        ("MLC_KEY", ("f" * 64,)),
        ("MLC_REUSE", ("1",)),
        ("MLC_TIMEOUT", ("60",)),
        (
            "MLC_COMMAND",
            ("python a.py --d ${{words inputs.raw}} $[[--n ${{double inputs.n}}]] ${{single outputs.out}}",),
        ),
        ("MLC_INPUTS", ("raw data\nn value?\nextra none\nmaybe data?",)),
        ("MLC_INPUT_raw", ("a b.csv",)),
        ("MLC_INPUT_n", (InputVariable("INPUT_EPOCHS"),)),
        ("MLC_INPUT_maybe", ("maybe",)),
        ("MLC_GIVEN_maybe", (InputVariable("INPUT_G_MAYBE"),)),
        ("MLC_OUTPUTS", ("out folder\ntable file\nscore value",)),
        ("MLC_OUTPUT_table", ("table.csv",)),
        ("MLC_OUTPUT_score", ("score",)),
        ("MLFLOW_EXPERIMENT_NAME", ("own",)),
        ("PLAIN", ("$x ${y}",)),
    ]


def test_the_variables_of_a_consumer() -> None:
    found = environment(PLAN, TRAIN)
    assert found["MLC_REUSE"] == ("0",)
    assert "MLC_TIMEOUT" not in found
    assert "MLC_OUTPUTS" not in found
    assert found["MLC_INPUTS"] == (
        "folder data first.prep\npart data first.prep\ntable data first.prep\nbelow data\nchosen data / 1\n"
        "g.tag value 1 ~first.prep-score/score 2\nmixed value\nempty value\n"
        "score value ~first.prep-score/score",
    )
    assert {name: value for name, value in found.items() if name.startswith(("MLC_INPUT_", "MLC_PART_"))} == {
        "MLC_INPUT_part": ("a/b.csv",),
        "MLC_INPUT_table": ("table.csv",),
        "MLC_INPUT_below": ("sub",),
        "MLC_PART_chosen_1": ("e", InputVariable("INPUT_EPOCHS")),
        "MLC_PART_g__tag_1": ("pre-", InputVariable("INPUT_EPOCHS")),
        "MLC_PART_g__tag_2": ("!",),
        "MLC_INPUT_mixed": ("e=", InputVariable("INPUT_EPOCHS"), ";"),
        "MLC_INPUT_empty": ("",),
    }
    assert found["MLFLOW_EXPERIMENT_NAME"] == ("exp",)


def test_the_value_of_a_function_is_exactly_what_it_returned() -> None:
    plan = replace(PLAN, tasks=(replace(PREP, is_python_function=True), TRAIN))
    (lines,) = environment(plan, TRAIN)["MLC_INPUTS"]
    assert isinstance(lines, str)
    assert lines.endswith("score value first.prep-score/score")


def test_what_stands_for_an_empty_text() -> None:
    source = ValueSource(parts=(InputValue(input="epochs"),), default="7")
    train = replace(TRAIN, inputs=(TaskInput(name="n", type=PortType.INTEGER, source=source),))
    found = environment(PLAN, train)
    assert found["MLC_INPUT_n"] == (InputVariable("INPUT_EPOCHS"),)
    assert found["MLC_DEFAULT_n"] == ("7",)


def test_parts_change_one_by_one() -> None:
    def parts(plan: Plan, task: Task) -> dict[str, str]:
        (text,) = environment(plan, task)["MLC_PARTS"]
        assert isinstance(text, str)
        return dict(part.split("=") for part in text.split(" "))

    def changed(plan: Plan, task: Task) -> list[str]:
        old, new = parts(PLAN, TRAIN), parts(plan, task)
        return [name for name in old if old[name] != new[name]]

    assert changed(PLAN, replace(TRAIN, command=(Text(text="false"),))) == ["command"]
    code = (PLAN.components[0], PlanComponent(name="train", digest="other"))
    assert changed(replace(PLAN, components=code), TRAIN) == ["code"]
    image = (replace(PLAN.images[0], key="other"),)
    assert changed(replace(PLAN, images=image), TRAIN) == ["image"]


def volume(source: str, target: str, *, read_only: bool = False) -> Mount:
    return Mount(kind=MountKind.VOLUME, source=source, target=target, read_only=read_only)


def data(source: str, target: str, *, optional: bool = False) -> Mount:
    return Mount(kind=MountKind.DATA, source=source, target=target, read_only=True, optional=optional)


SHARED = (volume("mlc-state", "state"), volume("mlc-mlflow", "mlflow"))


def test_the_mounts_of_a_task() -> None:
    assert mounts(PLAN, PREP) == (
        data("data", "inputs/raw/a b.csv"),
        data("g.maybe", "inputs/maybe/maybe", optional=True),
        volume("first.prep-out", "outputs/out"),
        volume("first.prep-table", "outputs/table"),
        volume("first.prep-score", "outputs/score"),
        *SHARED,
    )


def test_the_mounts_of_a_consumer() -> None:
    assert mounts(PLAN, TRAIN) == (
        volume("first.prep-out", "inputs/folder", read_only=True),
        volume("first.prep-out", "inputs/part", read_only=True),
        volume("first.prep-table", "inputs/table", read_only=True),
        data("folder", "inputs/below"),
        data("folder", "inputs/chosen"),
        volume("first.prep-score", "values/first.prep-score", read_only=True),
        *SHARED,
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("cat <<EOF\nx\nEOF", ["EOF"]),
        ("cat <<-'E O F' >x; cat <<\"A\\B\"", ["E O F", "AB"]),
        ("cat << \\STOP | cat <<S'T'OP", ["STOP"]),
        ("cat <<<word; echo $((1<<2)) a<b", ["word", "2"]),
        ("true", []),
    ],
)
def test_words_that_end_here_documents(command: str, words: list[str]) -> None:
    assert delimiters((Text(text=command),)) == words


def test_delimiters_are_only_said_where_a_value_could_be_one() -> None:
    raw: Template = (
        Text(text="cat <<'E'\n"),
        Bracket(parts=(InputRef(name="x", quoting=Quoting.RAW),)),
        Text(text="\nE"),
    )
    assert has_raw(raw)
    assert not has_raw((Text(text="cat <<'E'"), InputRef(name="x")))
    task = Task(name="t", component="prep", image="env", command=raw)
    assert environment(PLAN, task)["MLC_DELIMITERS"] == ("E",)
    assert "MLC_DELIMITERS" not in environment(PLAN, PREP)


PIECES = ["$", "{", "[", "]", "}", "'", "a", " ", "\n", "\\", "${{", "}}", "$[[", "]]", "${{dollar}}", "${{bracket}}"]
PIECES += ["${{words inputs.given}}", "words inputs.given", '"', "`", "(", ")", "x", "EOF"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join).map(lambda text: Text(text=text))
PARTS = st.recursive(
    TEXTS
    | st.sampled_from(["given", "absent"]).map(lambda name: InputRef(name=name, quoting=Quoting.SINGLE))
    | st.just(OutputRef(name="out", quoting=Quoting.SINGLE)),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: Bracket(parts=tuple(parts))),
    max_leaves=8,
)
COMMANDS = st.lists(PARTS, max_size=6).map(tuple)

DRIVER = """
set -fu
_newline='
' _blanks=' ' IFS=' '
refuse() { echo "$1" >&2; exit 125; }
for part in ports command quoting documents; do . "$1/lib/$part.sh"; done
variable given; keep in_ value V ''
variable absent; keep in_ none '' ''
variable out; keep out_ folder W ''
render_command
printf '%s' "$_out"
"""


def expected(parts: tuple[Part, ...]) -> tuple[str, bool]:
    """What the launcher must make of ``parts``, and whether no value was missing among them."""
    text, complete = "", True
    for part in parts:
        match part:
            case Text():
                text += part.text
            case InputRef():
                text += "V" if part.name == "given" else ""
                complete = complete and part.name == "given"
            case OutputRef():
                text += "W"
            case Bracket():
                inner, whole = expected(part.parts)
                text += inner if whole else ""
    return text, complete


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=COMMANDS)
def test_the_launcher_finds_every_part_again(shell: str, command: Template) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed on this machine")
    words = [path, "sh"] if shell == "busybox" else [path]
    ran = subprocess.run(
        [*words, "-c", DRIVER, "sh", str(RUNTIME)],
        env={"MLC_COMMAND": encode_command(command)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == expected(command)[0]


def test_large_plans_take_linear_time() -> None:
    """A chain of 3,000 tasks in well under the time that a search through all tasks would take."""
    tasks = [PREP]
    for number in range(3000):
        source = OutputSource(task=tasks[-1].name, output="out")
        tasks.append(
            Task(
                name=f"t{number}",
                component="prep",
                image="env",
                command=(Text(text="true"),),
                inputs=(TaskInput(name="x", type=PortType.URI_FOLDER, source=source),),
                outputs=(TaskOutput(name="out", type=PortType.URI_FOLDER, volume=f"t{number}-out"),),
            )
        )
    plan = Plan(name="p", tasks=tuple(tasks), images=PLAN.images, components=PLAN.components, inputs=PLAN.inputs)
    began = time.process_time()
    for task in plan.tasks:
        environment(plan, task)
        mounts(plan, task)
    assert time.process_time() - began < 2
