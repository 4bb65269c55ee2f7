"""``azure.identity.aio``: credentials of every class for asynchronous scripts."""

from typing import Any

from mlc.sdk.azure.identity import AccessToken
from mlc.sdk.errors import ClientAuthenticationError, CredentialUnavailableError

__all__ = ["AccessToken", "ClientAuthenticationError", "CredentialUnavailableError", "DefaultAzureCredential"]


class DefaultAzureCredential:
    """A credential; made with any arguments."""

    def __init__(self, *_: Any, **__: Any) -> None:
        return None

    async def get_token(self, *_: Any, **__: Any) -> AccessToken:
        """An empty token that never expires."""
        return AccessToken("", 1 << 40)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> "DefaultAzureCredential":
        return self

    async def __aexit__(self, *exception: object) -> None:
        return None


def get_bearer_token_provider(*_: Any, **__: Any) -> Any:
    """A function that gives an empty token."""

    async def token() -> str:
        return ""

    return token


_made: dict[str, type] = {}


def __getattr__(name: str) -> Any:
    """Credentials of any other name."""
    if not name[:1].isupper():
        raise AttributeError(f"module 'azure.identity.aio' has no attribute {name!r}")
    if name not in _made:
        _made[name] = type(name, (DefaultAzureCredential,), {"__doc__": f"{name}, which signs in nowhere."})
    return _made[name]
