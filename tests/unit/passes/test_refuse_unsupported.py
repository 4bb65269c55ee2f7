"""What is refused, by name and reason."""

from dataclasses import replace

import pytest
from tests.support.ir import at, complaints, component, context, node, out, pipeline

from mlc.diagnostics import Bag
from mlc.ir.component import Distribution, Resources
from mlc.ir.parallel import Parallel
from mlc.ir.pipeline import UnsupportedNode
from mlc.ir.sweep import Sweep
from mlc.passes.refuse_unsupported import refuse_unsupported


def refused(kind):
    return UnsupportedNode(name="odd", type=kind, span=at(20))


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("automl", "E502", "an AutoML job"),
        ("spark", "E503", "a Spark job"),
        ("data_transfer", "E504", "a data transfer job"),
        ("data_transfer_copy", "E504", "a data transfer job"),
        ("import", "E505", "an import job"),
        ("flow", "E506", "a prompt flow"),
        ("sweep", "E507", "a component of a sweep"),
        ("parallel", "E508", "a parallel job on its own"),
        ("if_else", "E509", "a condition"),
        ("do_while", "E509", "a loop"),
        ("parallel_for", "E509", "a loop"),
        ("finetuning", "E501", "a job of type 'finetuning'"),
    ],
)
def test_each_kind_has_its_reason(kind, code, words):
    around = context()
    (line,) = complaints(pipeline(refused(kind)), around)
    assert line.startswith(f"{code} Job 'odd' is {words}, which is not supported. ")
    assert around.bag.items[0].span == at(20)


def test_the_rest_is_still_checked_but_not_what_nobody_can_know():
    use = component(inputs={"x": "uri_folder", "n": "integer=1"})
    found = complaints(
        pipeline(refused("automl"), node("a", use, {"x": out("odd", "best_model"), "n": "abc"}, line=30))
    )
    assert [line[:4] for line in found] == ["E502", "E315"]


def test_a_node_of_which_the_front_end_has_spoken():
    assert complaints(pipeline(refused(""))) == []


def planned(*nodes):
    """What is said where the pipeline is only checked, planned or drawn."""
    bag = Bag()
    refuse_unsupported(pipeline(*nodes), replace(context(bag), for_bundle=False))
    return [f"{item.code} {item.text}" for item in bag.sorted()]


def test_a_sweep_and_a_parallel_job():
    sweep = Sweep(parameters=(), objective=None)
    spread = component(
        "score", parallel=Parallel(entry_script="a.py", input_data="x"), resources=Resources(instance_count=2)
    )
    nodes = replace(node("a", component()), sweep=sweep), node("b", spread)
    found = [line[:27] for line in complaints(pipeline(*nodes)) if line.startswith("E50")]
    assert found == ["E507 Job 'a' is a sweep. ml", "E508 Job 'b' is a parallel "]
    assert [line[:27] for line in planned(*nodes)] == ["W509 Job 'a' is a sweep. ml", "W509 Job 'b' is a parallel "]


def test_what_cannot_run_yet_is_a_warning_in_a_plan():
    many = component(resources=Resources(instance_count=2), distribution=Distribution(type="ray"))
    assert [line[:4] for line in planned(node("a", many))] == ["W510", "W510"]
    assert [line[:4] for line in complaints(pipeline(node("a", many)))] == ["E510", "E511"]


def test_several_instances():
    many = component(resources=Resources(instance_count=2))
    (line,) = complaints(pipeline(node("a", many)))
    assert line.startswith("E510 Job 'a' asks for 2 instances.")
    assert complaints(pipeline(node("a", many, resources=Resources(instance_count=1)))) == []
    assert len(complaints(pipeline(node("a", component(), resources=Resources(instance_count=3))))) == 1


@pytest.mark.parametrize(
    ("kind", "settings", "bad"),
    [
        ("pytorch", (), False),
        ("pytorch", (("process_count_per_instance", "1"),), False),
        ("pytorch", (("process_count_per_instance", "2"),), True),
        ("mpi", (("process_count_per_instance", "4"),), True),
        ("tensorflow", (("worker_count", "1"), ("parameter_server_count", "0")), False),
        ("pytorch", (("process_count_per_instance", "${{parent.inputs.n}}"),), True),
        ("tensorflow", (("worker_count", "2"),), True),
        ("tensorflow", (("parameter_server_count", "1"),), True),
        ("ray", (), True),
    ],
)
def test_distribution(kind, settings, bad):
    found = complaints(pipeline(node("a", component(distribution=Distribution(type=kind, settings=settings)))))
    assert [line[:4] for line in found] == (["E511"] if bad else [])
