"""``azure.ai.ml.exceptions`` and ``azure.core.exceptions``."""

from typing import Any

from mlc.sdk.errors import (
    AzureError,
    ClientAuthenticationError,
    ComponentException,
    CredentialUnavailableError,
    HttpResponseError,
    JobException,
    MlException,
    ResourceExistsError,
    ResourceNotFoundError,
    ServiceRequestError,
    UnexpectedAttributeError,
    UnexpectedKeywordError,
    UserErrorException,
    ValidationException,
)
from mlc.sdk.inert import Inert

__all__ = [
    "AzureError",
    "ClientAuthenticationError",
    "ComponentException",
    "CredentialUnavailableError",
    "HttpResponseError",
    "JobException",
    "MlException",
    "ResourceExistsError",
    "ResourceNotFoundError",
    "ServiceRequestError",
    "UnexpectedAttributeError",
    "UnexpectedKeywordError",
    "UserErrorException",
    "ValidationException",
]


_WORDS = ("ErrorCategory", "ErrorTarget", "ValidationErrorType", "ODataV4Format")


def __getattr__(name: str) -> Any:
    """Any other exception, never raised here; words that are passed to them."""
    if name in _WORDS:
        return Inert(name)
    if not name[:1].isupper():
        raise AttributeError(f"module 'azure.core.exceptions' has no attribute {name!r}")
    if name not in _made:
        _made[name] = type(name, (AzureError,), {"__doc__": f"{name}, never raised."})
    return _made[name]


_made: dict[str, type] = {}
