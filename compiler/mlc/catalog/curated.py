"""Azure ML's curated environments: public images at mcr.microsoft.com/azureml/curated/, found by name.

In a workspace they are called ``AzureML-<name>``, in the registry ``azureml`` just ``<name>``; a version is the tag.
"""

import re

from mlc.ir.environment import ImageEnvironment, NamedEnvironment

REPOSITORY = "mcr.microsoft.com/azureml/curated"
REGISTRY = "azureml"
PREFIX = "AzureML-"

_FAMILIES = (
    r"(acpt-pytorch|pytorch|tensorflow|sklearn|lightgbm|xgboost|vllm|minimal|onnxruntime|responsibleai|tritonserver)"
    r"-(\d|ubuntu|py\d)[a-z0-9.]*(-[a-z0-9.]+)*"
)
_PREBUILT = re.compile(r".+-ubuntu[0-9.]+-py[0-9]+-(cpu|cuda[0-9.]+-gpu)-inference")
"""Images for inference with an operating system in their name lie beside the curated ones, not among them."""
_SINGLES = frozenset(
    {
        "ai-ml-automl",
        "ai-ml-automl-gpu",
        "automl-gpu",
        "azureml-automl",
        "foundation-model-inference",
        "minimal",
        "model-evaluation",
        "model-management",
        "python-sdk-v2",
        "responsibleai-tabular",
        "responsibleai-text",
        "responsibleai-vision",
    }
)
_OTHER_NAMES = {"AutoML": "ai-ml-automl", "Minimal": "minimal"}

SHIM = frozenset({"mldesigner", "mldesigner-minimal"})
"""What a Python component without an environment gets. It only brings mldesigner, whose work the bundle's shim does,
so a plain Python is enough."""


def find(wanted: NamedEnvironment, default_base: str) -> ImageEnvironment | None:
    """The image of a curated environment; None if ``wanted`` does not name one."""
    name = wanted.name
    if wanted.registry is None:
        if not name.startswith(PREFIX):
            return None
        name = name.removeprefix(PREFIX)
        name = _OTHER_NAMES.get(name, name)
    elif wanted.registry != REGISTRY:
        return None
    if name in SHIM:
        return ImageEnvironment(image=default_base, name=wanted.name, span=wanted.span)
    if name not in _SINGLES and not re.fullmatch(_FAMILIES, name):
        return None
    repository = REPOSITORY.rpartition("/")[0] if _PREBUILT.fullmatch(name) else REPOSITORY
    image = f"{repository}/{name}:{wanted.version or 'latest'}"
    return ImageEnvironment(image=image, name=wanted.name, span=wanted.span)
