"""Computes and what steps get of the machine."""

import pytest
from tests.support.ir import component, context, given, node, pipeline, planned

from mlc.config import Compute, Config
from mlc.ir.component import Resources
from mlc.ir.pipeline import Settings
from mlc.passes.lowering.vm_sizes import gpus_of_size

STEP = component()


def of(compute=None, default=None, config=None, **rest):
    around = context(config=config or Config())
    plan = planned(
        pipeline(node("a", STEP, compute=compute, **rest), settings=Settings(default_compute=default)), around
    )
    return plan.tasks[0].reservation


@pytest.mark.parametrize(
    ("size", "gpus"),
    [
        ("Standard_NC6s_v3", 1),
        ("standard_nc6", 1),
        ("STANDARD_NC12", 2),
        ("Standard_NC24ads_A100_v4", 1),
        ("Standard_NC96ads_A100_v4", 4),
        ("Standard_NC64as_T4_v3", 4),
        ("Standard_ND96asr_v4", 8),
        ("Standard_ND40rs_v2", 8),
        ("Standard_ND96isr_H100_v5", 8),
        ("Standard_NV72ads_A10_v5", 2),
        ("Standard_NC6_Promo", 1),
        ("NC24rs_v3", 4),
        ("Standard_DS3_v2", 0),
        ("Standard_E4s_v3", 0),
        ("cpu-cluster", None),
        ("", None),
    ],
)
def test_sizes(size, gpus):
    assert gpus_of_size(size) == gpus


@pytest.mark.parametrize(
    ("compute", "gpus"),
    [
        ("gpu-cluster", 1),
        ("my-GPU", 1),
        ("azureml:gpu-cluster", 1),
        ("cpu-cluster", 0),
        ("Standard_NC12s_v3", 2),
        (None, 0),
    ],
)
def test_without_an_entry(compute, gpus):
    assert of(compute).gpus == gpus


def test_the_default_compute_counts_at_every_level():
    assert of(default="gpu-cluster").gpus == 1
    assert of("cpu-cluster", "gpu-cluster").gpus == 0
    inner = pipeline(node("s", STEP), settings=Settings(default_compute="cpu"))
    plan = planned(pipeline(node("i", inner), settings=Settings(default_compute="azureml:gpu-cluster")))
    assert (plan.tasks[0].reservation.gpus, plan.tasks[0].reservation.compute) == (1, "gpu-cluster")


def test_an_entry_wins():
    config = Config(computes={"gpu-cluster": Compute(device_ids=("0", "2"), cpus=2.5, memory="8g", shm_size="1g")})
    found = of("azureml:gpu-cluster", config=config)
    assert (found.gpus, found.device_ids, found.cpus, found.memory, found.shm_size) == (0, ("0", "2"), 2.5, "8g", "1g")
    assert of("gpu-cluster", config=config, resources=Resources(shm_size="2 GiB")).shm_size == "2g"


def test_the_size_that_resources_name():
    assert of("serverless", resources=Resources(instance_type="Standard_NC24s_v3")).gpus == 4
    assert of("gpu", resources=Resources(instance_type="Standard_DS3_v2")).gpus == 0


def test_a_compute_that_is_an_input_of_the_pipeline():
    expression = "${{parent.inputs.where}}"
    plan = planned(
        pipeline(node("a", STEP, compute=expression), inputs={"where": "string"}, values={"where": "gpu-cluster"})
    )
    assert plan.tasks[0].reservation.gpus == 1
    inner = pipeline(node("a", STEP, compute=expression), inputs={"where": "string=cpu"})
    nodes = node("x", inner, {"where": "gpu"}), node("y", inner), node("z", inner, {"where": given("top")})
    plan = planned(pipeline(*nodes, inputs={"top": "string=gpu-2"}))
    assert [task.reservation.compute for task in plan.tasks] == ["gpu", "cpu", "gpu-2"]
