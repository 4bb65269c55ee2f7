"""``azure.ai.ml``."""

from typing import Any

from mlc.sdk.client import MLClient
from mlc.sdk.command import command
from mlc.sdk.entities import entity
from mlc.sdk.loading import load_component, load_data, load_environment, load_job, load_model, loader
from mlc.sdk.ports import Input, Output
from mlc.sdk.settings import MpiDistribution, PyTorchDistribution, RayDistribution, TensorFlowDistribution
from mlc.sdk.unsupported import spark

__version__ = "1.35.2"

__all__ = [
    "Input",
    "MLClient",
    "MpiDistribution",
    "Output",
    "PyTorchDistribution",
    "RayDistribution",
    "TensorFlowDistribution",
    "__version__",
    "command",
    "load_component",
    "load_data",
    "load_environment",
    "load_job",
    "load_model",
    "spark",
]


_LOADED = frozenset(
    f"load_{name}"
    for name in (
        *("batch_deployment", "batch_endpoint", "capability_host", "compute", "connection", "datastore"),
        *("deployment_template", "feature_set", "feature_store", "feature_store_entity", "index", "registry"),
        *("marketplace_subscription", "model_package", "online_deployment", "online_endpoint", "serverless_endpoint"),
        *("workspace", "workspace_connection"),
    )
)


def __getattr__(name: str) -> Any:
    """Loaders of entities that mean nothing to a bundle, and what earlier releases had here."""
    if name in {"AmlTokenConfiguration", "ManagedIdentityConfiguration", "UserIdentityConfiguration"}:
        return entity(name)
    if name in _LOADED:
        return loader("".join(word.capitalize() for word in name.removeprefix("load_").split("_")))
    raise AttributeError(f"module 'azure.ai.ml' has no attribute {name!r}")
