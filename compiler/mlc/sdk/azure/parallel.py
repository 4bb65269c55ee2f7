"""``azure.ai.ml.parallel``."""

from mlc.sdk.parallel import parallel_run_function
from mlc.sdk.parallel_settings import RetrySettings, RunFunction
from mlc.sdk.parallel_settings import RunFunction as ParallelTask

__all__ = ["ParallelTask", "RetrySettings", "RunFunction", "parallel_run_function"]
