"""Images from and to a registry, through the ``docker`` command: its logins and helpers serve, none is kept here."""

import re
from collections.abc import Callable
from enum import Enum

from mlc.diagnostics import NOWHERE, Diagnostic, MlcError, fail
from mlc.images.words import capital
from mlc.ir.image import Image
from mlc.records import dataclass

Run = Callable[[list[str]], tuple[int, list[str]]]
"""Runs a command to its end: exit status and lines of output."""

_DIGEST = re.compile(r"(?i)\bdigest: (sha256:[0-9a-f]{64})")


class Absent(Enum):
    """The registry was asked, and does not have the image."""

    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What ``docker`` says when a registry does not do as it is asked, and what that means."""

    pattern: re.Pattern[str]
    code: str
    what: str
    fix: str


def _trouble(pattern: str, code: str, what: str, fix: str) -> _Trouble:
    return _Trouble(re.compile(pattern, re.IGNORECASE), code, what, fix)


_ABSENT = re.compile(
    r"manifest unknown|manifest for \S+ not found|name unknown|repository does not exist|repository name not known"
    r"|failed to resolve reference.*: not found|^.*: not found$",
    re.IGNORECASE | re.MULTILINE,
)
_TROUBLES = (
    _trouble(
        r"x509|certificate|server gave HTTP response to HTTPS client|tls: ",
        "E633",
        "Registry {host} is not trusted",
        "Give the Docker engine its CA (/etc/docker/certs.d/{host}/ca.crt), or, for a registry without TLS on your own"
        ' network, list it in "insecure-registries" of /etc/docker/daemon.json',
    ),
    _trouble(
        r"no basic auth credentials|unauthorized|authentication required|incorrect username or password|401",
        "E630",
        "Registry {host} wants a login",
        "`docker login {host}`; in CI, a step of its own does that before mlc",
    ),
    _trouble(
        r"denied|forbidden|403",
        "E631",
        "Registry {host} does not let this account do that",
        "Check the name of the registry and what the account may do there, then `docker login {host}`",
    ),
    _trouble(
        r"connection refused|no such host|i/o timeout|timeout|dial tcp|network is unreachable|connection reset|EOF$",
        "E632",
        "Registry {host} cannot be reached",
        "Check its name, the connection and the proxy settings of the Docker engine",
    ),
)


def pull(docker: str, image: Image, platform: str, run: Run) -> str | Absent:
    """Bring ``image`` to the engine; its digest. ``MlcError`` E630 to E634 if the registry cannot be asked.

    By digest where that is known; the engine has it by its tag, too, then.
    """
    code, lines = run([docker, "pull", "--platform", platform, image.pinned])
    if code:
        if _ABSENT.search("\n".join(lines)):
            return Absent.ABSENT
        raise MlcError(_told(image, lines))
    if image.digest:
        code, lines = run([docker, "tag", image.pinned, image.reference])
        if code:
            raise MlcError(_told(image, lines))
    return image.digest or _digest(image, lines)


def push(docker: str, image: Image, run: Run) -> str:
    """Give the registry what it has not; the image's digest there. ``MlcError`` E630 to E634 if it does not take it."""
    code, lines = run([docker, "push", image.reference])
    if code:
        raise MlcError(_told(image, lines))
    return _digest(image, lines)


def host(reference: str) -> str:
    """The registry in the name of an image, as ``docker login`` wants it: ``docker.io`` where the name has none."""
    first, slash, _ = reference.partition("/")
    return first if slash and (first == "localhost" or re.search(r"[.:]", first)) else "docker.io"


def _digest(image: Image, lines: list[str]) -> str:
    found = _DIGEST.search("\n".join(lines))
    if found is None:
        raise MlcError(_told(image, lines))
    return found[1]


def _told(image: Image, lines: list[str]) -> Diagnostic:
    text = "\n".join(line for line in lines if line.strip())
    last = text.rpartition("\n")[2].strip()
    name = host(image.reference)
    for trouble in _TROUBLES:
        if trouble.pattern.search(text):
            what, fix = trouble.what.format(host=name), trouble.fix.format(host=name)
            return fail(trouble.code, NOWHERE, what, why=_why(image, last), fix=fix).diagnostic
    fix = "Look at what it says, and try again: what is there already is not sent twice"
    return fail("E634", NOWHERE, f"Registry {name} failed", why=_why(image, last), fix=fix).diagnostic


def _why(image: Image, last: str) -> str:
    return f"Asked for {image.reference}, it said: {capital(last[:300])}" if last else ""
