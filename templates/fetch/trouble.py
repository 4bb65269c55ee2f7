"""What goes wrong when data is fetched or delivered, in words for the person who runs the pipeline."""

import errno
import os
import socket
import ssl


class TroubleError(Exception):
    """Nothing can be done here; the text says what, why and what to do."""


class AgainError(Exception):
    """May work at the next attempt. ``wait``: seconds that the server asks for, 0 if it names none."""

    def __init__(self, text: str, wait: float = 0.0) -> None:
        super().__init__(text)
        self.wait = wait


class ChangedError(Exception):
    """The server has something else now than what was fetched so far: begin anew."""


FULL = {errno.ENOSPC, errno.EDQUOT}
CREDENTIALS = (
    "Set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_ACCOUNT_KEY "
    "(or AZURE_STORAGE_CONNECTION_STRING) in the shell that starts the pipeline: they are passed on and not stored"
)


def refused(what: str, status: int, azure: bool) -> TroubleError:
    """An HTTP status that another attempt does not change."""
    if status in (404, 410):
        text = f"There is nothing at {what} (status {status}). Check the address"
        return TroubleError(f"{text}; a private container of Azure answers like this, too" if azure else text)
    if status in (401, 403, 407, 409):
        text = f"{what} is not public (status {status})"
        return TroubleError(f"{text}. {CREDENTIALS}" if azure else f"{text}. Only public data is fetched from the web")
    return TroubleError(f"The server refuses {what} with status {status}")


def disk_trouble(error: OSError, folder: object) -> TroubleError | None:
    """What the disk says; None if ``error`` is no matter of the disk."""
    if error.errno in FULL:
        return TroubleError(f"The disk that holds {folder} is full. Free some space, then start the pipeline again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR):
        return TroubleError(f"{error.filename or folder} cannot be written: {os.strerror(error.errno)}")
    return None


def network_trouble(error: BaseException, host: str) -> Exception:
    """What the network says: :class:`TroubleError` if it will say so again, else :class:`AgainError`."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        text = f"The certificate of {host} is not trusted: {reason.verify_message}"
        return TroubleError(f"{text}. If a proxy signs it, its authority has to be in the image or in SSL_CERT_FILE")
    if isinstance(reason, socket.gaierror):
        return AgainError(f"The host {host} is not known here. Check its name, and whether this machine has a network")
    if isinstance(reason, TimeoutError):
        return AgainError(f"{host} does not answer")
    if isinstance(reason, ConnectionRefusedError):
        return AgainError(f"{host} refuses connections")
    return AgainError(f"The connection to {host} broke off ({reason or type(reason).__name__})")
