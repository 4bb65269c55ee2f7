"""Azure storage through fsspec's driver for it (adlfs): listing containers, reading and writing blobs.

Without credentials it is anonymous. Credentials come from AZURE_STORAGE_* variables, and are used for the one account
that they name and for no other.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from place import Place
from transfer import Reply
from trouble import CREDENTIALS, AgainError, ChangedError, TroubleError, refused

CHUNK = 8 << 20
"""Bytes of one request."""


@dataclass(frozen=True)
class Blob:
    """One blob of a container: ``md5`` is empty where the storage does not know it."""

    path: str
    size: int
    version: str
    md5: bytes


class Storage:
    """One container."""

    def __init__(self, place: Place) -> None:
        import fsspec

        self._place = place
        self.has_credentials = bool(place.sas) or _names(place.account)
        self._fs = fsspec.filesystem("abfs", **_connection(place))

    def blob(self, path: str) -> Blob | None:
        """The blob of that very name; None: there is none, or the container is not for us to see."""
        from azure.core.exceptions import ResourceNotFoundError

        async def ask() -> Any:
            async with self._client(path) as client:
                return await client.get_blob_properties()

        try:
            found = self._do(ask)
        except ResourceNotFoundError:
            return None
        return None if _is_folder(found) else _blob(found)

    def below(self, path: str) -> list[Blob]:
        """All blobs below a folder, sorted; what only marks a folder is left out."""
        prefix = f"{path}/" if path else ""

        async def ask() -> list[Any]:
            async with self._fs.service_client.get_container_client(self._place.container) as client:
                return [item async for item in client.list_blobs(name_starts_with=prefix, include=["metadata"])]

        found = [item for item in self._do(ask) if not item.name.endswith("/") and not _is_folder(item)]
        return sorted((_blob(item) for item in found), key=lambda blob: blob.path)

    def read(self, path: str, start: int, count: int, version: str) -> bytes:
        """``count`` bytes from ``start`` on, as long as the blob is still ``version``."""
        from azure.core import MatchConditions

        async def ask() -> bytes:
            async with self._client(path) as client:
                stream = await client.download_blob(
                    offset=start, length=count, etag=version, match_condition=MatchConditions.IfNotModified
                )
                data: bytes = await stream.readall()
                return data

        return self._do(ask)

    def write(self, path: str, file: str) -> None:
        """A local file as a blob; one that is there is replaced."""

        async def ask() -> None:
            with open(file, "rb") as stream:
                async with self._client(path) as client:
                    await client.upload_blob(stream, overwrite=True)

        self._do(ask)

    def _client(self, path: str) -> Any:
        return self._fs.service_client.get_blob_client(container=self._place.container, blob=path)

    def _do(self, ask: Any) -> Any:
        from azure.core.exceptions import AzureError, ResourceNotFoundError
        from fsspec.asyn import sync

        try:
            return sync(self._fs.loop, ask)
        except ResourceNotFoundError as problem:
            if problem.error_code in ("BlobNotFound", "BlobDoesNotExist"):
                raise
            raise trouble(problem, self._place) from problem
        except AzureError as problem:
            raise trouble(problem, self._place) from problem


class StorageSource:
    """A blob that only the driver can read, because it takes credentials. See :class:`transfer.Source`."""

    def __init__(self, storage: Storage, place: Place, known: str = "") -> None:
        self.shown = place.shown
        self._storage, self._place, self._known = storage, place, known

    def open(self, offset: int, version: str) -> Reply:
        """As promised by :class:`transfer.Source`."""
        blob = self._storage.blob(self._place.path)
        if blob is None:
            raise refused(self.shown, 404, azure=True)
        if self._known == blob.version:
            return Reply(0, None, blob.version, iter(()), same=True)
        if offset and version != blob.version:
            offset = 0
        sums = {"md5": blob.md5} if blob.md5 else {}
        return Reply(offset, blob.size, blob.version, self._pieces(blob, offset), sums)

    def _pieces(self, blob: Blob, offset: int) -> Iterator[bytes]:
        while offset < blob.size:
            piece = self._storage.read(blob.path, offset, min(CHUNK, blob.size - offset), blob.version)
            if not piece:
                return
            offset += len(piece)
            yield piece


def trouble(problem: Any, place: Place) -> Exception:
    """What the storage says, in words."""
    from azure.core.exceptions import ResourceModifiedError, ServiceRequestError, ServiceResponseError

    where = f"{place.endpoint}/{place.container}"
    if isinstance(problem, ResourceModifiedError):
        return ChangedError("The data has changed while it was fetched")
    if isinstance(problem, (ServiceRequestError, ServiceResponseError)):
        text = f"The storage account {place.account} cannot be reached ({problem.message.strip()})"
        return AgainError(f"{text}. Check its name, and whether this machine has a network")
    status = getattr(problem, "status_code", None) or 0
    if status == 404:
        return TroubleError(f"The container {where} is not there, or its content is not public. {CREDENTIALS}")
    if status in (401, 403, 409):
        return TroubleError(f"The container {where} is not public (status {status}). {CREDENTIALS}")
    if status >= 500 or status in (408, 429):
        return AgainError(f"The storage account {place.account} answers with status {status}")
    return TroubleError(f"The storage account {place.account} refuses {where}: {str(problem).splitlines()[0]}")


def _blob(item: Any) -> Blob:
    settings = getattr(item, "content_settings", None)
    return Blob(item.name, item.size, f'"{item.etag.strip(chr(34))}"', bytes(getattr(settings, "content_md5", 0) or b""))


def _is_folder(item: Any) -> bool:
    """Whether a blob only stands for a folder (storage with a hierarchical namespace, and tools that imitate it)."""
    metadata = {name.lower(): value for name, value in (item.metadata or {}).items()}
    return item.size == 0 and (metadata.get("hdi_isfolder") == "true" or metadata.get("is_directory") == "true")


def _names(account: str) -> bool:
    """Whether the credentials of the environment are for ``account``."""
    text = os.environ.get("AZURE_STORAGE_CONNECTION_STRING", "")
    named = dict(part.partition("=")[::2] for part in text.split(";")) if text else {}
    if named:
        own = named.get("AccountName", "") or named.get("BlobEndpoint", "").partition("//")[2].partition(".")[0]
        return own == account or named.get("BlobEndpoint", "").rstrip("/").endswith(f"/{account}")
    if os.environ.get("AZURE_STORAGE_ACCOUNT_NAME", "").lower() != account:
        return False
    kinds = ("ACCOUNT_KEY", "SAS_TOKEN", "CLIENT_SECRET")
    return any(os.environ.get(f"AZURE_STORAGE_{kind}") for kind in kinds)


def _connection(place: Place) -> dict[str, Any]:
    """Arguments of the driver: the URI's own token, else the environment's credentials, else none."""
    endpoint = f"BlobEndpoint={place.endpoint}"
    if place.sas:
        return {"connection_string": f"{endpoint};SharedAccessSignature={place.sas}", "anon": True}
    if not _names(place.account):
        return {"connection_string": endpoint, "anon": True}
    if text := os.environ.get("AZURE_STORAGE_CONNECTION_STRING"):
        return {"connection_string": text, "anon": True}
    if key := os.environ.get("AZURE_STORAGE_ACCOUNT_KEY"):
        return {"connection_string": f"{endpoint};AccountName={place.account};AccountKey={key}", "anon": True}
    if token := os.environ.get("AZURE_STORAGE_SAS_TOKEN"):
        return {"connection_string": f"{endpoint};SharedAccessSignature={token.lstrip('?')}", "anon": True}
    return {"account_name": place.account, "account_host": place.host}
