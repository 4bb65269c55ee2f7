"""Azure VM sizes with NVIDIA GPUs and how many each has (Azure's documentation of GPU-accelerated sizes).

A size that holds a fraction of a card counts as one. Sizes with AMD cards are left out: nothing here can reserve them.
"""

_BY_COUNT: dict[int, str] = {
    1: """
        nc6 nc6s_v2 nc6s_v3 nc4as_t4_v3 nc8as_t4_v3 nc16as_t4_v3 nc24ads_a100_v4 nc40ads_h100_v5 ncc40ads_h100_v5
        nd6s nv6 nv6s_v2 nv12s_v3
        nv6ads_a10_v5 nv12ads_a10_v5 nv18ads_a10_v5 nv36ads_a10_v5 nv36adms_a10_v5
    """,
    2: "nc12 nc12s_v2 nc12s_v3 nc48ads_a100_v4 nc80adis_h100_v5 nd12s nv12 nv12s_v2 nv24s_v3 nv72ads_a10_v5",
    4: """
        nc24 nc24r nc24s_v2 nc24rs_v2 nc24s_v3 nc24rs_v3 nc64as_t4_v3 nc96ads_a100_v4 nd24s nd24rs nv24 nv24s_v2
        nv48s_v3 nd128isr_ndr_gb200_v6
    """,
    8: """
        nd40s_v2 nd40rs_v2 nd96asr_v4 nd96asr_a100_v4 nd96amsr_a100_v4 nd96ams_a100_v4 nd96isr_h100_v5 nd96is_h100_v5
        nd96isr_h200_v5 nd96is_h200_v5
    """,
}
_GPUS = {size: count for count, sizes in _BY_COUNT.items() for size in sizes.split()}
_WITHOUT = ("standard_", "basic_")


def gpus_of_size(name: str) -> int | None:
    """How many GPUs a VM of that size has; None: ``name`` is no size that is known to be without, or with, GPUs.

    ``Standard_NC6s_v3`` -> 1, ``nc6s_v3`` -> 1, ``Standard_DS3_v2`` -> 0, ``my-cluster`` -> None.
    """
    plain = name.lower().replace("-", "_").removesuffix("_promo")
    size = plain.removeprefix("standard_")
    if size in _GPUS:
        return _GPUS[size]
    return 0 if plain.startswith(_WITHOUT) else None
