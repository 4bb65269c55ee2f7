"""The graph: nothing overlaps, nothing breaks the formats, the same bytes every time."""

import time
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from tests.unit.backends.plans import FASHION, FOLDER, PREP, TRAIN, folder_output

from mlc.backends.graph import dot, mermaid, svg
from mlc.backends.graph.model import graph_of
from mlc.ir.plan import Hook, OutputSource, Spread, TaskInput

SVG = "{http://www.w3.org/2000/svg}"
NASTY = 'a"]-->b<br>&#35;\n\\{|}'


def made_of(count, producers):
    """A plan of ``count`` steps; ``producers(n)`` are the numbers of those that step n takes from."""
    tasks = []
    for number in range(count):
        name = f"step_{number}"
        inputs = tuple(
            TaskInput(name=f"from_{other}", type=FOLDER, source=OutputSource(task=f"step_{other}", output="out"))
            for other in producers(number)
        )
        after = tuple(f"step_{other}" for other in producers(number))
        outputs = (folder_output(name, "out"),)
        tasks.append(replace(TRAIN, name=name, inputs=inputs, outputs=outputs, after=after, component=f"do_{name}"))
    return replace(FASHION, tasks=tuple(tasks), outputs=())


def boxes(text):
    found = []
    for group in ElementTree.fromstring(text).iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        found.append(tuple(int(rect.attrib[name]) for name in ("x", "y", "width", "height")))
    return found


def test_nodes_and_edges_of_the_example():
    graph = graph_of(FASHION)
    assert [node.id for node in graph.nodes] == [
        "input:pipeline_input_data",
        "input:epochs",
        "step:prep",
        "step:train",
        "step:score",
        "output:model",
    ]
    assert {(edge.source, edge.target): edge.labels for edge in graph.edges} == {
        ("input:pipeline_input_data", "step:prep"): ("input_data",),
        ("step:prep", "step:train"): ("input_data",),
        ("input:epochs", "step:train"): ("epochs",),
        ("step:prep", "step:score"): ("input_data",),
        ("step:train", "step:score"): ("input_model",),
        ("step:train", "output:model"): ("output_model",),
    }


def test_an_edge_without_data_has_no_label():
    plan = replace(FASHION, tasks=(PREP, replace(TRAIN, inputs=())), outputs=())
    assert graph_of(plan).edges[-1].labels == ()
    assert 'class="order"' in svg(plan)


def test_an_input_of_everybody_is_not_drawn():
    plan = made_of(9, lambda number: ())
    each = tuple(replace(task, inputs=TRAIN.inputs[1:]) for task in plan.tasks)
    assert "input:epochs" not in {node.id for node in graph_of(replace(plan, tasks=each)).nodes}
    assert "input:epochs" in {node.id for node in graph_of(replace(plan, tasks=each[:6])).nodes}


@pytest.mark.parametrize("count", [1, 3, 50])
@pytest.mark.parametrize(
    "producers",
    [
        lambda number: (number - 1,) if number else (),
        lambda number: (0,) if number else (),
        lambda number: tuple({number // 2, number // 3}) if number > 1 else (),
    ],
    ids=["chain", "star", "net"],
)
def test_boxes_are_inside_and_apart(count, producers):
    text = svg(made_of(count, producers))
    root = ElementTree.fromstring(text)
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    found = boxes(text)
    assert len(found) == count
    for number, (x, y, w, h) in enumerate(found):
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
        for other_x, other_y, other_w, other_h in found[:number]:
            assert x + w < other_x or other_x + other_w < x or y + h < other_y or other_y + other_h < y


def test_producers_stand_above_consumers():
    names = ["data", "epochs", "prep", "train", "score", "model"]
    tops = dict(zip(names, (y for _, y, _, _ in boxes(svg(FASHION))), strict=True))
    assert tops["data"] < tops["prep"] < tops["train"] < tops["score"]
    assert tops["epochs"] < tops["train"] < tops["model"]


@pytest.mark.parametrize(
    "producers",
    [
        lambda number: (number - 1,) if number else (),
        lambda number: (0,) if number else (),
        lambda number: tuple(range(max(0, number - 3), number)),
        lambda number: (0, number - 1) if number > 1 else (0,) if number else (),
    ],
    ids=["chain", "star", "braid", "far"],
)
def test_a_thousand_steps_take_no_time(producers):
    plan = made_of(1000, producers)
    start = time.process_time()
    text = svg(plan)
    assert time.process_time() - start < 3
    assert len(text) < 2_000_000


def test_the_same_bytes_every_time():
    assert svg(FASHION) == svg(replace(FASHION))


def test_texts_of_the_author_cannot_break_out():
    task = replace(PREP, name=NASTY, component=NASTY)
    plan = replace(FASHION, tasks=(task,), outputs=(), name=NASTY, display_name=NASTY)
    assert ElementTree.fromstring(svg(plan)).findtext(f"{SVG}title") == NASTY
    assert '  step1["a#34;#93;--#62;b#60;br#62;#38;#35;35#59;#10;#92;#123;#124;#125;"]\n' in mermaid(plan)
    assert '\\"]-->b' in dot(plan)


def test_mermaid_of_the_example():
    assert mermaid(FASHION) == (
        "flowchart TD\n"
        '  data1(["pipeline_input_data"])\n'
        '  step1["prep<br/><small>prep_data</small>"]\n'
        '  step2["train<br/><small>train_keras</small><br/>GPU"]\n'
        '  step3["score<br/><small>score_keras</small>"]\n'
        '  data1 -->|"input_data"| step1\n'
        '  step1 -->|"input_data"| step2\n'
        '  step1 -->|"input_data"| step3\n'
        '  step2 -->|"input_model"| step3\n'
        '  step2 -->|"output_model"| out1(["model"])\n'
    )


def test_dot_of_the_example():
    text = dot(FASHION)
    assert text.startswith('digraph "fashion_mnist" {\n')
    assert '  "step:train" -> "step:score" [label="input_model"]\n' in text
    assert 'label="train\\ntrain_keras\\nGPU"' in text


def test_steps_of_many_runs_have_a_mark():
    many = replace(FASHION.tasks[0], spread=Spread(instances=2))
    found = replace(FASHION, tasks=(many, *FASHION.tasks[1:]))
    marks = {svg: "translate", dot: "peripheries", mermaid: "]]"}
    for draw, how in marks.items():
        assert draw(found).count("2 instances") == draw(found).count(how) == 1
        assert how not in draw(FASHION)


@pytest.mark.parametrize("picture", [svg, dot, mermaid])
def test_the_first_and_the_last_job_are_marked(picture):
    first, *others = FASHION.tasks
    plan = replace(FASHION, tasks=(replace(first, hook=Hook.ON_INIT), *others))
    assert "on_init" in picture(plan)
    assert "on_finalize" not in picture(plan)
    assert "on_init" not in picture(FASHION)
