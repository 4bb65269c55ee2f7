"""``azure.ai.ml.parallel``: refused where it is used."""

from mlc.sdk.settings import Settings as RunFunction
from mlc.sdk.unsupported import parallel_run_function

__all__ = ["RunFunction", "parallel_run_function"]
