"""What a URI names: something on a web server, or a blob or folder in a container of Azure storage."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from trouble import TroubleError

EMULATOR = "devstoreaccount1"
"""The account of the storage emulator, which is part of the path there: ``http://host:10000/devstoreaccount1/...``."""
KNOWN = ("https://", "http://", "wasbs://", "wasb://", "abfss://", "abfs://")
_AZURE = re.compile(r"([a-z0-9]+)\.(?:[a-z0-9]+\.)?(blob|dfs)\.[a-z0-9.]+", re.IGNORECASE)
_SHA256 = re.compile(r"sha256=([0-9a-fA-F]{64})")


@dataclass(frozen=True)
class Place:
    """``url`` is how HTTP asks for it; ``container`` '' for a web server's; ``path`` is below the container.

    ``sas`` is a token in the URI itself, ``sha256`` what it promises of a single file (``#sha256=...``).
    """

    url: str
    host: str
    account: str = ""
    container: str = ""
    path: str = ""
    sas: str = ""
    sha256: str = ""

    @property
    def is_azure(self) -> bool:
        """Whether folders can be listed."""
        return bool(self.container)

    @property
    def shown(self) -> str:
        """For messages: without a query, which may hold a secret."""
        return self.url.partition("?")[0]

    @property
    def endpoint(self) -> str:
        """The storage account's own address."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" + (f"/{EMULATOR}" if self.account == EMULATOR else "")

    def below(self, path: str) -> "Place":
        """A blob of the same container."""
        query = f"?{self.sas}" if self.sas else ""
        url = f"{self.endpoint}/{self.container}/{quote(path)}{query}"
        return Place(url, self.host, self.account, self.container, path, self.sas)


def parse(uri: str) -> Place:
    """The place that ``uri`` names; :class:`TroubleError` if it is none that can be reached."""
    text = uri.strip()
    scheme = text.partition("://")[0].lower()
    if not text.lower().startswith(KNOWN):
        known = ", ".join(KNOWN)
        if not text:
            raise TroubleError(f"No URI is given, and this step fetches what one names. Name one: {known}")
        if "://" not in text:
            cure = "For data of this machine, give the pipeline that path in its source and compile it again"
            raise TroubleError(f"{_hidden(text)!r} is a path, and this step fetches {known} only. {cure}")
        raise TroubleError(f"{_hidden(text)!r} begins with {scheme}://, and this step fetches {known} only")
    body, _, fragment = text.partition("#")
    promise = _SHA256.fullmatch(fragment)
    if fragment and promise is None:
        body = text  # a blob's name may hold one; a web server never sees it
    sha256 = promise[1].lower() if promise else ""
    try:
        return _web(body, sha256) if scheme.startswith("http") else _storage(body, sha256)
    except ValueError as problem:
        raise TroubleError(f"{_hidden(text)!r} is no URI: {problem}") from None


def _web(text: str, sha256: str) -> Place:
    parts = urlsplit(text)
    host = parts.hostname or ""
    if not host:
        raise ValueError("it names no host")
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~") or "/"
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    url = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}{path}{query}"
    names = unquote(parts.path).strip("/").split("/")
    azure = _AZURE.fullmatch(host)
    if names[0] == EMULATOR and len(names) > 1:
        account, names = EMULATOR, names[1:]
    elif azure is not None and names[0]:
        account = azure[1].lower()
        url = url.replace(f".{azure[2]}.", ".blob.", 1)
    else:
        return Place(url, host, sha256=sha256)
    sas = parts.query if "sig" in parse_qs(parts.query) else ""
    return Place(url, host, account, names[0], "/".join(names[1:]), sas, sha256)


def _storage(text: str, sha256: str) -> Place:
    parts = re.fullmatch(r"(?i)(wasbs?|abfss?)://([^/@]+)@([^/@]+)(/.*)?", text, re.DOTALL)
    if parts is None:
        raise ValueError("it has to be like wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/PATH")
    container, host, path = parts[2], parts[3].lower().replace(".dfs.", ".blob."), parts[4] or ""
    path, question, query = path.partition("?")
    sas = query if question and "sig" in parse_qs(query) else ""
    path = unquote((path if sas or not question else path + question + query).strip("/"))
    scheme = "https" if parts[1].lower().endswith("s") else "http"
    url = f"{scheme}://{host}/{container}/{quote(path)}" + (f"?{sas}" if sas else "")
    if urlsplit(url).hostname is None:
        raise ValueError("it names no host")
    return Place(url, host, host.partition(".")[0], container, path, sas, sha256)


def file_name(place: Place, offered: str = "") -> str:
    """The name that a fetched file gets: the URL's last part, else what the server ``offered``, else ``data``."""
    own = place.path if place.is_azure else unquote(urlsplit(place.url).path)
    for text in (own, offered):
        name = "".join(char for char in text.rpartition("/")[2].rpartition("\\")[2] if char.isprintable()).strip()
        if name not in {"", ".", ".."}:
            if len(name.encode()) <= 200:
                return name
            return hashlib.sha256(name.encode()).hexdigest()[:16] + "".join(name.rpartition(".")[1:])[-20:]
    return "data"


def _hidden(text: str) -> str:
    return re.sub(r"(?<=//)[^/@]*:[^/@]*@", "...@", text.partition("?")[0])
