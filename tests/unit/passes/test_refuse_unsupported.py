"""What is refused, by name and reason."""

import pytest
from tests.support.ir import at, complaints, component, context, node, out, pipeline

from mlc.ir.component import Distribution, Resources
from mlc.ir.pipeline import UnsupportedNode


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
        ("sweep", "E507", "a sweep"),
        ("parallel", "E508", "a parallel job"),
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
        ("tensorflow", (("worker_count", "2"),), True),
        ("tensorflow", (("parameter_server_count", "1"),), True),
        ("ray", (), True),
    ],
)
def test_distribution(kind, settings, bad):
    found = complaints(pipeline(node("a", component(distribution=Distribution(type=kind, settings=settings)))))
    assert [line[:4] for line in found] == (["E511"] if bad else [])
