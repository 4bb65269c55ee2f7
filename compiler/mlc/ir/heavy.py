"""Packages that are large, for where no size is known."""

LARGE = 10_000_000
"""Bytes of a package's file from which on it gets a place in a layer of large ones."""

HEAVY = frozenset(
    """
    azureml-automl-runtime azureml-train-automl cudatoolkit jax jaxlib lightgbm mkl mlflow opencv-python
    opencv-python-headless pyspark pytorch pytorch-lightning ray spacy tensorflow tensorflow-base tensorflow-cpu
    tensorflow-gpu torch torchaudio torchvision vllm xgboost
    """.split()  # noqa: SIM905 - as prose it can be read and sorted
)
"""Packages of tens of megabytes and more, with what they bring; by normal name (PEP 503)."""


def is_heavy(name: str, size: int) -> bool:
    """Whether a package whose file has ``size`` bytes (0: not known) is large."""
    return size >= LARGE if size else name in HEAVY
