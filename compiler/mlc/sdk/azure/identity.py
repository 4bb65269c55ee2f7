"""``azure.identity``: credentials of every class, none of which signs in anywhere."""

from typing import Any, NamedTuple

from mlc.sdk.errors import ClientAuthenticationError, CredentialUnavailableError

__all__ = ["AccessToken", "ClientAuthenticationError", "CredentialUnavailableError", "DefaultAzureCredential"]


class AccessToken(NamedTuple):
    """A token that opens nothing."""

    token: str
    expires_on: int


class DefaultAzureCredential:
    """A credential; made with any arguments."""

    def __init__(self, *_: Any, **__: Any) -> None:
        return None

    def get_token(self, *_: Any, **__: Any) -> AccessToken:
        """An empty token that never expires."""
        return AccessToken("", 1 << 40)

    def get_token_info(self, *_: Any, **__: Any) -> AccessToken:
        """The same, by its newer name."""
        return self.get_token()

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> "DefaultAzureCredential":
        return self

    def __exit__(self, *exception: object) -> None:
        return None


def get_bearer_token_provider(*_: Any, **__: Any) -> Any:
    """A function that gives an empty token."""
    return str


_made: dict[str, type] = {}


def __getattr__(name: str) -> Any:
    """Credentials of any other name."""
    if not name[:1].isupper():
        raise AttributeError(f"module 'azure.identity' has no attribute {name!r}")
    if name not in _made:
        _made[name] = type(name, (DefaultAzureCredential,), {"__doc__": f"{name}, which signs in nowhere."})
    return _made[name]
