"""Data on other machines: whether a step of the bundle can fetch it, as far as its address tells."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from mlc.diagnostics import Span
from mlc.ir.pipeline import Data
from mlc.ir.types import PortType
from mlc.passes.context import Context
from mlc.passes.nearest import nearest

WEB = ("https", "http")
STORAGE = ("wasbs", "wasb", "abfss", "abfs")
SCHEMES = (*WEB, *STORAGE)
"""What ``templates/fetch`` can read."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://)?")
_CONTAINER = re.compile(r"[A-Za-z]+://[^/@\s]+@[^/@\s]+(?:/.*)?", re.DOTALL)
_AZURE = re.compile(r"[a-z0-9]+\.(?:[a-z0-9]+\.)?(?:blob|dfs)\.[a-z0-9.]+", re.IGNORECASE)
_EMULATOR = "devstoreaccount1"
_SECRETS = frozenset({"sig", "signature", "token", "access_token", "x-amz-signature", "x-goog-signature"})


def check_remote(data: Data, span: Span, what: str, context: Context) -> None:
    """Report data that no step can fetch; ``what`` names the input that needs it."""
    scheme = _scheme(data.uri)
    if scheme not in SCHEMES:
        _unknown(data, scheme, span, what, context)
    elif problem := next(_problems(data, scheme), None):
        why, fix = problem
        context.bag.add("E515", span, f"The data of the {what} has no good address: {data.uri!r}", why=why, fix=fix)
    elif scheme in WEB and not data.type.is_file and data.type is not PortType.CUSTOM_MODEL and not _can_list(data.uri):
        text = f"The data of the {what} is a folder on a web server: {data.uri!r}"
        why = "Web servers list no folders; the step will find that one file in a folder"
        context.bag.add("W504", span, text, why=why, fix="Declare the data as uri_file")


def check_secret(data: Data, span: Span, what: str, context: Context) -> None:
    """Warn of an address with a password or signature, which no bundle carries."""
    if without_secrets(data.uri) != data.uri:
        text = f"The address of the {what} holds a secret, which is left out of the bundle"
        fix = "Give it when the pipeline starts: the bundle's README says how"
        context.bag.add("W503", span, text, why="A bundle is copied, committed and shown", fix=fix)


def without_secrets(uri: str) -> str:
    """``uri`` without a user's password and without a signed query."""
    if "?" not in uri and "@" not in uri:
        return uri
    scheme = _scheme(uri)
    if scheme not in SCHEMES:
        return uri
    if scheme in WEB:
        uri = re.sub(r"^([A-Za-z]+://)[^/?#]*@", r"\1", uri)
    body, question, query = uri.partition("?")
    names = {name.lower() for name, _ in parse_qsl(query.partition("#")[0], keep_blank_values=True)}
    return body if question and names & _SECRETS else uri


def _scheme(uri: str) -> str:
    match = _SCHEME.match(uri.strip())
    return match[1].lower() if match else ""


def _unknown(data: Data, scheme: str, span: Span, what: str, context: Context) -> None:
    text = f"The data of the {what} cannot be fetched: {data.uri!r}"
    why = f"A step of the bundle reads {', '.join(SCHEMES)}, not {scheme}"
    fix = "Download it and name the local path, or copy it to such a place; "
    fix += "with mode 'direct' a step gets the URI as text"
    if scheme[:3] in {"htt", "was", "abf"}:
        fix = nearest(scheme, SCHEMES, "schemes")
    context.bag.add("E512", span, text, why=why, fix=fix)


def _problems(data: Data, scheme: str) -> Iterator[tuple[str, str]]:
    """Why an address is none, and what to do."""
    if scheme in STORAGE and not _CONTAINER.fullmatch(data.uri.strip()):
        form = f"{scheme}://CONTAINER@ACCOUNT.{'blob' if scheme.startswith('wasb') else 'dfs'}.core.windows.net/PATH"
        yield "It names no container", f"Write it like {form}"
        return
    try:
        parts = urlsplit(data.uri.strip())
        host, path, _ = parts.hostname, parts.path, parts.port
    except ValueError as problem:
        yield f"It cannot be read ({problem})", "Correct it"
        return
    if not host:
        yield "It names no host", "Write it like https://example.com/data/table.csv"
    elif data.type.is_file and (path.endswith("/") or (scheme in STORAGE and not path)):
        yield "It names a folder, and its type, uri_file, means a file", "Name the file, or declare it as uri_folder"
    elif not data.type.is_file and scheme in WEB and path.endswith("/") and not _can_list(data.uri):
        yield "Web servers list no folders", "Name a file, or a folder in a container of Azure storage"


def _can_list(uri: str) -> bool:
    """Whether a web address is one of Azure storage."""
    parts = urlsplit(uri.strip())
    return bool(_AZURE.fullmatch(parts.hostname or "")) or unquote(parts.path).startswith(f"/{_EMULATOR}/")
