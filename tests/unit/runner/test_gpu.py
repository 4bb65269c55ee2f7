import os

import pytest

from mlc.diagnostics import MlcError
from mlc.images.engine import Endpoint, Engine
from mlc.ir.plan import Reservation
from mlc.runner import gpu
from mlc.runner.gpu import Gpus, decide, find_gpus
from mlc.runner.options import GpuChoice
from mlc.runner.process_engine import visible_devices

from .plans import Told, plan, step

TRAIN = step("train", "true", reservation=Reservation(compute="gpu-cluster", gpus=1))
PLAN = plan(TRAIN)
ENGINE = Engine(endpoint=Endpoint(url="unix:///x", origin="test"), version="28", api="1.5")


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """What the machine shows: set ``names``; PATH is a folder of our own."""

    def show(names=(), info=None, hook=False):
        monkeypatch.setattr(gpu, "find_gpus", find_gpus)
        monkeypatch.setattr(gpu, "_device_files", lambda: tuple(names))
        monkeypatch.setattr(gpu, "get_json", lambda *_: info)
        monkeypatch.setattr(gpu, "HOOK", "hook" if hook else "no-such-hook")
        (tmp_path / "hook").write_text("")
        (tmp_path / "hook").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return show


def test_a_step_that_gets_no_gpu_is_told_of_loudly(machine):
    machine()
    told = Told()
    assert not decide(PLAN, GpuChoice.AUTO, None, told)
    assert told.codes == ["W650"]
    assert "No GPU for train (compute gpu-cluster)" in told.items[0].text


def test_insisting_fails(machine):
    machine()
    with pytest.raises(MlcError) as error:
        decide(PLAN, GpuChoice.ON, None, Told())
    assert error.value.diagnostic.code == "E654"


@pytest.mark.parametrize("choice", list(GpuChoice))
def test_who_asks_for_none_is_told_nothing(machine, choice):
    machine()
    told = Told()
    assert not decide(plan(step("a", "true")), choice, None, told)
    assert told.items == []


def test_off_is_off(machine):
    machine(names=["/dev/nvidia0"])
    told = Told()
    assert not decide(PLAN, GpuChoice.OFF, None, told)
    assert told.items == []


def test_a_gpu_that_is_there(machine):
    machine(names=["/dev/nvidia0"])
    assert decide(PLAN, GpuChoice.AUTO, None, Told())


@pytest.mark.parametrize(
    ("info", "hook", "usable"),
    [
        ({"Runtimes": {"nvidia": {}, "runc": {}}}, False, True),
        ({"Runtimes": {"runc": {}}}, True, True),
        ({"DiscoveredDevices": [{"Source": "cdi", "ID": "nvidia.com/gpu=0"}]}, False, True),
        ({"Runtimes": {"runc": {}}}, False, False),
        (None, False, False),
    ],
)
def test_the_engine_must_offer_it_too(machine, info, hook, usable):
    machine(names=["/dev/nvidia0"], info=info, hook=hook)
    found = find_gpus(ENGINE)
    assert found.usable is usable
    assert usable or "nvidia-container-toolkit" in found.why_not


def test_nvidia_smi_is_asked_first(machine, tmp_path, monkeypatch):
    machine()
    smi = tmp_path / "nvidia-smi"
    smi.write_text("#!/bin/sh\necho 'NVIDIA H100'\n")
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    assert find_gpus(None) == Gpus(names=("NVIDIA H100",))


def test_a_process_sees_what_a_container_would():
    assert visible_devices(Reservation(gpus=2), gpu=True) == "0,1"
    assert visible_devices(Reservation(gpus=-1), gpu=True) is None
    assert visible_devices(Reservation(gpus=1, device_ids=("2", "5")), gpu=True) == "2,5"
    assert visible_devices(Reservation(gpus=2), gpu=False) == ""
