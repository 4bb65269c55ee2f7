"""A file of a web server: ranges, validators, checksums and lengths as HTTP has them, trusted as far as they go."""

import base64
import http.client
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlsplit

from place import Place
from transfer import Reply
from trouble import AgainError, TroubleError, network_trouble, refused

SILENCE = 60.0
"""Seconds without a byte, after which a connection counts as broken."""
AFTERWARDS = 0.5
"""Seconds to wait for the end of the connection behind the last byte that was announced."""
_LATER = {408, 421, 425, 429, 500, 502, 503, 504}


class WebSource:
    """See :class:`transfer.Source`. ``known`` is the version of a whole copy that is here already, '' for none."""

    def __init__(self, place: Place, known: str = "") -> None:
        self.shown = place.shown
        self._place, self._known = place, known

    def open(self, offset: int, version: str) -> Reply:
        """As promised by :class:`transfer.Source`."""
        request = urllib.request.Request(self._place.url, headers={"User-Agent": "mlc-fetch", "Accept": "*/*"})
        request.add_header("Accept-Encoding", "identity")
        if offset and version:
            request.add_header("Range", f"bytes={offset}-")
            request.add_header("If-Range", version)
        elif self._known:
            name = "If-None-Match" if self._known.startswith('"') else "If-Modified-Since"
            request.add_header(name, self._known)
        try:
            response = urllib.request.urlopen(request, timeout=SILENCE, context=_trust())
        except urllib.error.HTTPError as problem:
            return self._answer(problem, offset)
        except (OSError, http.client.HTTPException) as problem:
            raise network_trouble(problem, self._place.host) from problem
        except ValueError as problem:
            raise TroubleError(f"{self.shown} leads to something that cannot be fetched: {problem}") from None
        return self._reply(response, offset)

    def _answer(self, problem: urllib.error.HTTPError, offset: int) -> Reply:
        """A status that is no success."""
        problem.close()
        if problem.code == 304 and self._known:
            return Reply(0, None, self._known, iter(()), same=True)
        if problem.code in _LATER:
            text = f"The server answers {self.shown} with status {problem.code}"
            raise AgainError(text, _seconds(problem.headers.get("Retry-After")))
        if problem.code == 416 and offset:
            return WebSource(self._place).open(0, "")
        if 300 <= problem.code < 400:
            raise TroubleError(f"{self.shown} leads from one address to the next without an end")
        raise refused(self.shown, problem.code, self._place.is_azure)

    def _reply(self, response: http.client.HTTPResponse, offset: int) -> Reply:
        headers = response.headers
        length = _number(headers.get("Content-Length"))
        chunked = (headers.get("Transfer-Encoding") or "").lower() == "chunked"
        start, size = 0, None if chunked else length
        if response.status == 206:
            start, size = _range(headers.get("Content-Range"))
            if offset == 0 or start != offset:
                response.close()
                raise AgainError(f"The server of {self.shown} sends another part than it was asked for")
        elif response.status != 200:
            response.close()
            raise refused(self.shown, response.status, self._place.is_azure)
        return Reply(
            offset=start,
            size=size,
            version=_version(headers),
            body=_pieces(response, None if chunked else length, self._place.host),
            sums=_sums(headers, whole=response.status == 200),
            encoding=(headers.get("Content-Encoding") or "").strip().lower(),
            offered_name=_offered(headers) or urlsplit(response.url).path,
        )


def _pieces(response: http.client.HTTPResponse, length: int | None, host: str) -> Iterator[bytes]:
    """The body. Where a length is announced, it is read past it: more than that is seen, too."""
    try:
        with response:
            # The stream below: http.client itself closes it behind the announced length, unseen what follows.
            stream = response.fp if length is not None else None
            left = length or 0
            while stream is not None and left > 0:
                piece = stream.read1(min(left, 1 << 18))
                if not piece:
                    return
                left -= len(piece)
                yield piece
            if stream is not None:
                yield from _surplus(response, stream)
            while stream is None and (piece := response.read(1 << 18)):
                yield piece
    except http.client.IncompleteRead as problem:
        raise AgainError(f"The connection to {host} broke off") from problem
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise network_trouble(problem, host) from problem


def _surplus(response: http.client.HTTPResponse, stream: object) -> Iterator[bytes]:
    """What comes behind the announced length before the connection ends; we ask for that with every request."""
    raw = getattr(getattr(stream, "raw", None), "_sock", None)
    try:
        if raw is not None:
            raw.settimeout(AFTERWARDS)
        more: bytes = stream.read1(1)  # type: ignore[attr-defined]
    except (OSError, ValueError):
        return
    if more:
        yield more


def _version(headers: Message) -> str:
    """What tells one content from another: a strong ETag, else the time of the last change."""
    etag = (headers.get("ETag") or "").strip()
    if etag.startswith('"') and etag.isascii() and etag.isprintable():
        return etag
    modified = (headers.get("Last-Modified") or "").strip()
    try:
        parsedate_to_datetime(modified)
    except (ValueError, TypeError):
        return ""
    return modified


def _sums(headers: Message, *, whole: bool) -> dict[str, bytes]:
    """Checksums of the whole content: of Azure, of RFC 9530 and RFC 3230, and Content-MD5 where all of it is sent."""
    found: dict[str, bytes] = {}
    offered = [("md5", headers.get("x-ms-blob-content-md5")), ("md5", headers.get("Content-MD5") if whole else None)]
    for name in ("Repr-Digest", "Digest"):
        for item in (headers.get(name) or "").split(","):
            kind, _, text = item.strip().partition("=")
            offered.append((kind.lower().replace("-", ""), text.strip(":")))
    lengths = {"md5": 16, "sha256": 32, "sha512": 64}
    for kind, said in offered:
        try:
            value = base64.b64decode(said or "", validate=True)
        except ValueError:
            continue
        if lengths.get(kind) == len(value):
            found.setdefault(kind, value)
    if headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
        found.pop("md5", None)
    return found


def _range(text: str | None) -> tuple[int, int | None]:
    """First byte and size of the whole, of ``bytes 100-199/200``."""
    unit, _, rest = (text or "").partition(" ")
    part, _, whole = rest.partition("/")
    start = _number(part.partition("-")[0])
    if unit != "bytes" or start is None:
        return -1, None
    return start, _number(whole)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _seconds(text: str | None) -> float:
    """What ``Retry-After`` says: seconds, or a date."""
    if (number := _number(text)) is not None:
        return float(number)
    try:
        then = parsedate_to_datetime(text or "")
        return max(0.0, (then - datetime.now(timezone.utc)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _offered(headers: Message) -> str:
    """The file name of ``Content-Disposition``."""
    return headers.get_filename() or ""


@cache
def _trust() -> ssl.SSLContext:
    """The authorities of the system, of the usual variables, or of the package certifi where there are none."""
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    context = ssl.create_default_context(cafile=named if named and os.path.isfile(named) else None)
    if not named and not context.cert_store_stats()["x509_ca"] and not _has_folder():
        try:
            import certifi
        except ImportError:
            return context
        context.load_verify_locations(certifi.where())
    return context


def _has_folder() -> bool:
    folder = ssl.get_default_verify_paths().capath
    return bool(folder and os.path.isdir(folder) and os.listdir(folder))
