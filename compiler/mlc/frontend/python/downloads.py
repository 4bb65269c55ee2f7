"""Downloads that fail while a source is loaded: there may be no network, or the address is not served any more."""

from mlc.frontend.python.modules import is_users
from mlc.sdk.session import PATIENCE

_NAMES = frozenset(
    (
        *("URLError", "HTTPError", "ContentTooShortError", "gaierror", "herror", "timeout", "RemoteDisconnected"),
        *("MaxRetryError", "NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ReadTimeoutError"),
        *("ProtocolError", "ProxyError", "SSLError", "SSLCertVerificationError", "IncompleteRead", "ConnectionError"),
        *("ConnectTimeout", "ReadTimeout", "ConnectError", "ClientConnectorError", "ClientConnectorDNSError"),
        *("ServerDisconnectedError", "ServiceRequestError", "ServiceResponseError", "RetryError"),
    )
)
"""Exceptions of urllib, http, socket, ssl, urllib3, requests, httpx, aiohttp and azure-core. (By name: importing them
to compare classes would cost more than the rest of a load.)"""


def is_download_failure(problem: BaseException) -> bool:
    """Whether ``problem``, or what caused it, says that something on the network could not be had."""
    seen: set[int] = set()
    found: BaseException | None = problem
    while found is not None and id(found) not in seen and len(seen) < PATIENCE:
        seen.add(id(found))
        known = isinstance(found, ConnectionError | TimeoutError) or _NAMES.intersection(_kinds(found))
        if known and not _is_users_own(found):
            return True
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return False


def _is_users_own(problem: BaseException) -> bool:
    """Whether the user's own code raised it: ``raise TimeoutError("the job is late")``."""
    trace, file = problem.__traceback__, ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return bool(file) and is_users(file)


def _kinds(problem: BaseException) -> list[str]:
    return [kind.__name__ for kind in type(problem).__mro__]
