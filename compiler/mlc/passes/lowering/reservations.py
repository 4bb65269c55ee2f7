"""Compute -> what a step gets of the machine: the configuration's entry, else a VM size, else the word "gpu"."""

from mlc.config import Compute, Config
from mlc.ir.pipeline import CommandNode
from mlc.ir.plan import Reservation
from mlc.passes.lowering.vm_sizes import gpus_of_size


def reservation_for(node: CommandNode, compute: str | None, config: Config) -> Reservation:
    """``compute`` is the node's own or the pipeline's default; the node's resources win over the component's."""
    own, declared = node.resources, node.component.resources
    size = own.instance_type or declared.instance_type
    shm_size = own.shm_size or declared.shm_size
    name = _plain(compute) if compute else None
    entry = _entry(name, config)
    if entry is not None:
        return Reservation(
            compute=name,
            gpus=entry.gpus,
            device_ids=entry.device_ids,
            cpus=entry.cpus,
            memory=entry.memory,
            shm_size=_compact(shm_size or entry.shm_size),
        )
    return Reservation(compute=name, gpus=_gpus(name, size), shm_size=_compact(shm_size))


def _entry(name: str | None, config: Config) -> Compute | None:
    return None if name is None else config.computes.get(name)


def _gpus(compute: str | None, size: str | None) -> int:
    for name in (size, compute):
        gpus = gpus_of_size(name) if name else None
        if gpus is not None:
            return gpus
    return 1 if compute and "gpu" in compute.lower() else 0


def _plain(compute: str) -> str:
    return compute.removeprefix("azureml:").rpartition("/computes/")[2]


def _compact(size: str | None) -> str | None:
    """As every engine reads it: ``2g`` for ``2 GiB``."""
    if size is None:
        return None
    text = size.replace(" ", "").lower().removesuffix("b").removesuffix("i")
    return text or None
