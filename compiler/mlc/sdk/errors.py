"""Exceptions with the names under which unmodified scripts catch them (``azure.ai.ml.exceptions``, ``azure.core``)."""

import sys
from typing import Any


class AzureError(Exception):
    """Base of everything that the reference's libraries raise."""

    def __init__(self, message: object = "", *args: Any, **more: Any) -> None:
        super().__init__(message, *args)
        self.message = str(message)
        self.error = more.get("error")
        self.inner_exception = more.get("error")


class MlException(AzureError):  # noqa: N818 - the name that scripts catch
    """Base of ``azure.ai.ml.exceptions``."""


class ValidationException(MlException):
    """A job, component or asset is not valid."""


class UserErrorException(MlException):
    """The author's mistake."""


class ComponentException(MlException):
    """About a component."""


class JobException(MlException):
    """About a job."""


class UnexpectedKeywordError(UserErrorException):
    """A keyword that the function does not have."""


class UnexpectedAttributeError(UserErrorException):
    """An attribute that the object does not have."""


class ServiceRequestError(AzureError):
    """The request never reached the service."""


class HttpResponseError(AzureError):
    """The service said no. ``status_code`` is set on the kinds that have one."""

    status_code = 400
    reason = "Bad Request"


class ResourceNotFoundError(HttpResponseError):
    """There is nothing of that name."""

    status_code = 404
    reason = "Not Found"


class ResourceExistsError(HttpResponseError):
    """There is something of that name already."""

    status_code = 409
    reason = "Conflict"


class ClientAuthenticationError(HttpResponseError):
    """Not signed in."""

    status_code = 401
    reason = "Unauthorized"


class CredentialUnavailableError(ClientAuthenticationError):
    """A way to sign in that does not exist here."""


def not_found(text: str) -> Exception:
    """The service's exception for a name that is not there; the real one's class where azure-core is in use."""
    real = sys.modules.get("azure.core.exceptions")
    kind = getattr(real, "ResourceNotFoundError", ResourceNotFoundError)
    found: Exception = kind(text)
    return found
