"""Sizes of Azure's virtual machines that scripts look up (public facts): virtual CPUs, GB of memory, GPUs."""

from typing import Any

from mlc.sdk.inert import Inert

_SIZES: dict[str, tuple[int, int, int]] = {
    "Standard_D2s_v3": (2, 8, 0),
    "Standard_D4s_v3": (4, 16, 0),
    "Standard_D8s_v3": (8, 32, 0),
    "Standard_D13_v2": (8, 56, 0),
    "Standard_DS2_v2": (2, 7, 0),
    "Standard_DS3_v2": (4, 14, 0),
    "Standard_DS11_v2": (2, 14, 0),
    "Standard_DS12_v2": (4, 28, 0),
    "Standard_E4s_v3": (4, 32, 0),
    "Standard_E8s_v3": (8, 64, 0),
    "Standard_F4s_v2": (4, 8, 0),
    "Standard_F8s_v2": (8, 16, 0),
    "Standard_NC6": (6, 56, 1),
    "Standard_NC12": (12, 112, 2),
    "Standard_NC24": (24, 224, 4),
    "Standard_NC24r": (24, 224, 4),
    "Standard_NC6s_v3": (6, 112, 1),
    "Standard_NC12s_v3": (12, 224, 2),
    "Standard_NC24s_v3": (24, 448, 4),
    "Standard_NC24rs_v3": (24, 448, 4),
    "Standard_NC4as_T4_v3": (4, 28, 1),
    "Standard_NC8as_T4_v3": (8, 56, 1),
    "Standard_NC16as_T4_v3": (16, 110, 1),
    "Standard_NC64as_T4_v3": (64, 440, 4),
    "Standard_NC24ads_A100_v4": (24, 220, 1),
    "Standard_NC48ads_A100_v4": (48, 440, 2),
    "Standard_NC96ads_A100_v4": (96, 880, 4),
    "Standard_NC40ads_H100_v5": (40, 320, 1),
    "Standard_NC80adis_H100_v5": (80, 640, 2),
    "Standard_ND40rs_v2": (40, 672, 8),
    "Standard_ND96asr_v4": (96, 900, 8),
    "Standard_ND96amsr_A100_v4": (96, 1900, 8),
    "Standard_ND96isr_H100_v5": (96, 1900, 8),
    "Standard_NV6": (6, 56, 1),
    "Standard_NV12": (12, 112, 2),
}


def sizes() -> list[Any]:
    """Every size, with the attributes that the reference gives it."""
    return [
        Inert(
            "size", name=name, v_cp_us=cpus, v_cpus=cpus, memory_gb=float(memory), gpus=gpus, low_priority_capable=True
        )
        for name, (cpus, memory, gpus) in _SIZES.items()
    ]


def usual(compute: str) -> str:
    """The size that a compute is said to have that the script did not make: with a GPU where its name says so."""
    return "Standard_NC6s_v3" if "gpu" in compute.lower() else "Standard_DS3_v2"
