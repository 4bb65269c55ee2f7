"""Broken invariants are found."""

from dataclasses import replace

import pytest
from tests.support.ir import component, given, node, out, pipeline, planned

from mlc.ir.image import UvInstall
from mlc.ir.lock import Layer, Lock, LockedPackage
from mlc.ir.plan import DataSource, InputValue, OutputSource, PlanOutput, ValueSource
from mlc.ir.template import InputRef, OutputRef
from mlc.ir.verify import InternalError, verify

MAKE = component("make", outputs={"out": "uri_folder"})
USE = component("use", inputs={"x": "uri_folder?"}, code={"a.py": b""})
PLAN = planned(
    pipeline(
        node("m", MAKE, outputs={"out": "r"}),
        node("u", USE, {"x": out("m")}),
        outputs=("r",),
        inputs={"n": "integer=1"},
    )
)


def with_task(index, **changes):
    tasks = list(PLAN.tasks)
    tasks[index] = replace(tasks[index], **changes)
    return replace(PLAN, tasks=tuple(tasks))


def with_source(source):
    return with_task(1, inputs=(replace(PLAN.tasks[1].inputs[0], source=source),))


LOCK = Lock(pip=(LockedPackage(name="six", version="1"), LockedPackage(name="rich", version="1")))


def with_layers(*names):
    layers = tuple(Layer(title="x", pip=tuple(item.split())) for item in names)
    recipe = UvInstall(base="b", python="3.11", requirements=(), lock=LOCK, layers=layers)
    return replace(PLAN, images=(replace(PLAN.images[0], recipe=recipe),))


BROKEN = {
    "a bad name": replace(PLAN, name="A b"),
    "tasks out of order": replace(PLAN, tasks=PLAN.tasks[::-1]),
    "two tasks of one name": replace(PLAN, tasks=(*PLAN.tasks, PLAN.tasks[0])),
    "an edge to nobody": with_task(1, after=("m", "nobody")),
    "an edge that is missing": with_task(1, after=()),
    "edges that are not sorted": with_task(1, after=("m", "m")),
    "data that is there only if nothing fails": with_task(1, always=True),
    "an unknown image": with_task(0, image="nope"),
    "an unknown component in an image": replace(PLAN, images=(replace(PLAN.images[0], components=("nope",)),)),
    "an unknown output": with_source(OutputSource(task="m", output="nope")),
    "an unknown task": with_source(OutputSource(task="nope", output="out")),
    "an unknown plan input": with_source(DataSource(input="nope")),
    "an unknown plan value": with_source(ValueSource(parts=(InputValue(input="nope"),))),
    "a suffix that climbs": with_source(OutputSource(task="m", output="out", suffix="../x")),
    "a file name for a folder": with_task(0, outputs=(replace(PLAN.tasks[0].outputs[0], file_name="x"),)),
    "an unknown input in a command": with_task(0, command=(InputRef(name="nope"),)),
    "an unknown output in a command": with_task(0, command=(OutputRef(name="nope"),)),
    "an output that nothing makes": replace(PLAN, outputs=(PlanOutput(name="r", task="u", output="out"),)),
    "one variable twice": replace(PLAN, inputs=(PLAN.inputs[0], replace(PLAN.inputs[0], name="other"))),
    "a key that is none": with_task(0, key="abc"),
    "a package in two layers": with_layers("six rich", "six"),
    "a package in no layer": with_layers("six"),
    "a layer of nothing": with_layers("six rich", ""),
    "a pipeline with a job twice": pipeline(node("a", MAKE), node("a", MAKE)),
    "a reference to no job": pipeline(node("a", USE, {"x": out("b")})),
    "a reference to no output": pipeline(node("a", MAKE), node("b", USE, {"x": out("a", "b")})),
    "a reference to no input": pipeline(node("a", USE, {"x": given("b")})),
    "an unknown pipeline output": pipeline(node("a", MAKE, outputs={"out": "r"})),
    "a mistake inside": pipeline(node("i", pipeline(node("a", USE, {"x": out("b")})))),
}


def test_a_whole_plan_is_whole():
    verify(PLAN)
    verify(with_layers("six", "rich"))


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_found(case):
    with pytest.raises(InternalError):
        verify(BROKEN[case])
