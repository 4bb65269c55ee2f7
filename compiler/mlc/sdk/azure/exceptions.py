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


def __getattr__(name: str) -> Any:
    """Any other exception: never raised here."""
    if not name.endswith(("Error", "Exception")):
        raise AttributeError(f"module 'azure.core.exceptions' has no attribute {name!r}")
    return type(name, (AzureError,), {"__doc__": f"{name}, never raised."})
