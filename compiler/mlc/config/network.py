"""What stands between this site and the internet: ``[tool.mlc.network]``, and the variables by which programs know it.

Values may name variables of the environment, ``${PIP_TOKEN}``: they are put in when something is locked, built or run,
never when a bundle is written. Credentials that stand in the file itself are treated as if a variable held them.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from mlc.diagnostics import NOWHERE, Span
from mlc.records import dataclass

PYPI = "https://pypi.org/simple"
PYTORCH = "https://download.pytorch.org/whl"
CONDA = "https://conda.anaconda.org"
"""Where packages come from if nothing is set."""

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_USER = re.compile(r"(?i)\b((?:[a-z0-9]+\+)?https?://)([^/@\s?#]+)@([^/\s?#]+)")
_HOST = re.compile(r"localhost|.*[.:].*")
_CA_NAMES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "GIT_SSL_CAINFO",
    "NODE_EXTRA_CA_CERTS",
)
"""How OpenSSL and uv, requests and conda, curl, pip, git and node are told which authorities to trust."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """All settings; '' and None: nothing is set. Text is as in the file, with its ``${VARIABLES}``."""

    ca_bundle: Path | None = None
    """A PEM file with all authorities that are trusted."""
    http_proxy: str = ""
    https_proxy: str = ""
    no_proxy: str = ""
    """Hosts that are reached without a proxy, separated by commas."""
    index_url: str = ""
    """In place of PyPI."""
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    """Pages with links to packages."""
    pytorch_index: str = ""
    """In place of :data:`PYTORCH`, without ``/cpu`` at its end."""
    uv_python_mirror: str = ""
    """Where uv gets Pythons that an image lacks."""
    conda_channel_alias: str = ""
    """In place of :data:`CONDA`."""
    conda_channels: dict[str, str] = field(default_factory=dict)
    """URLs of single channels by name; they win over the alias."""
    apt_mirror: str = ""
    """For Dockerfiles of authors who ask for it with ``ARG APT_MIRROR``."""
    images: dict[str, str] = field(default_factory=dict)
    """Beginning of an image's name (``docker.io``) -> what stands there instead."""
    netrc: Path | None = None
    """Names and passwords of hosts, in the form that curl, pip and uv read."""
    literals: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Credentials that stood in the file, by the variable that took their place."""
    places: dict[str, Span] = field(default_factory=dict, compare=False, repr=False)
    """Where each setting stands, by its name."""

    def __bool__(self) -> bool:
        return self != NOTHING_SET


NOTHING_SET = Network()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset:
    """A variable that a setting names and the environment lacks."""

    variable: str
    setting: str
    span: Span


class UnsetVariableError(Exception):
    """The text of the exception is the name of a variable that is needed and not set."""


def network_environment(
    network: Network, environ: Mapping[str, str], *, ca: str | None = None, netrc: str | None = None
) -> dict[str, str]:
    """Variables for a program that installs packages (uv, pip, micromamba), besides those that it has.

    ``ca`` and ``netrc``: where it sees these files, if not where they are. :class:`UnsetVariableError` if one that a
    setting names is not set.
    """
    return {name: expand(text, environ, network) for name, text in build_variables(network, ca=ca, netrc=netrc)}


def build_variables(
    network: Network, *, ca: str | None = None, netrc: str | None = None
) -> tuple[tuple[str, str], ...]:
    """As :func:`network_environment`, but ``${VARIABLES}`` stay; in a fixed order."""
    found = list(run_variables(network, ca=ca))
    for names, value in (
        (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), network.index_url),
        (("UV_INDEX", "PIP_EXTRA_INDEX_URL"), " ".join(network.extra_index_urls)),
        (("UV_FIND_LINKS",), ",".join(network.find_links)),
        (("PIP_FIND_LINKS",), " ".join(network.find_links)),
        (("UV_PYTHON_INSTALL_MIRROR",), network.uv_python_mirror),
        (("CONDA_CHANNEL_ALIAS", "MAMBA_CHANNEL_ALIAS"), network.conda_channel_alias),
        (("NETRC",), netrc or (str(network.netrc) if network.netrc else "")),
    ):
        found += [(name, value) for name in names if value]
    return tuple(found)


def run_variables(network: Network, *, ca: str | None = None) -> tuple[tuple[str, str], ...]:
    """What the steps of a pipeline need of it: proxies, and which authorities to trust."""
    trusted = ca or (str(network.ca_bundle) if network.ca_bundle else "")
    found = [(name, trusted) for name in _CA_NAMES if trusted]
    return (*found, *proxies(network))


def proxies(network: Network) -> tuple[tuple[str, str], ...]:
    """The proxies' variables in both spellings: programs read one or the other."""
    settings = {"HTTP_PROXY": network.http_proxy, "HTTPS_PROXY": network.https_proxy, "NO_PROXY": network.no_proxy}
    return tuple((spelt, value) for name, value in settings.items() if value for spelt in (name, name.lower()))


def expand(text: str, environ: Mapping[str, str], network: Network | None = None) -> str:
    """``text`` with the values of its ``${VARIABLES}``; :class:`UnsetVariableError` for one without any."""
    known = dict(network.literals) if network else {}

    def value(match: re.Match[str]) -> str:
        found = known.get(match[1]) or environ.get(match[1])
        if not found:
            raise UnsetVariableError(match[1])
        return found

    return _VARIABLE.sub(value, text)


def variables_in(text: str) -> tuple[str, ...]:
    """Names of the ``${VARIABLES}`` in ``text``, each once."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))


def unset(network: Network, environ: Mapping[str, str]) -> tuple[Unset, ...]:
    """What ``environ`` lacks; an empty value counts as none, as nobody has an empty password."""
    known = dict(network.literals)
    return tuple(
        Unset(variable=name, setting=setting, span=network.places.get(setting, NOWHERE))
        for setting, text in _texts(network)
        for name in variables_in(text)
        if not environ.get(name) and name not in known
    )


def secrets(network: Network, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values, longest first, of all variables that settings name: what nobody may see in a log."""
    names = {name for _, text in _texts(network) for name in variables_in(text)}
    found = {environ[name] for name in names if environ.get(name)} | {value for _, value in network.literals}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def without_credentials(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """``text`` with a variable in place of each name and password in a URL, and what these variables are.

    Names and passwords that are variables already stay, as does a user's name before a password that is one.
    """
    taken: dict[str, str] = {}

    def moved(match: re.Match[str]) -> str:
        start, user, host = match.groups()
        if "$" in (user.partition(":")[2] or user):
            return match[0]
        variable = f"MLC_CREDENTIALS_{re.sub(r'[^A-Za-z0-9]+', '_', host).strip('_').upper()}"
        taken[variable] = user
        return f"{start}${{{variable}}}@{host}"

    return _USER.sub(moved, text), tuple(taken.items())


def mirrored(network: Network, reference: str) -> str:
    """Where an image comes from: its name with the longest beginning that ``images`` knows replaced."""
    if not network.images:
        return reference
    whole = _whole(reference)
    fitting = [prefix for prefix in network.images if _begins(whole, prefix)]
    if not fitting:
        return reference
    longest = max(fitting, key=len)
    return network.images[longest] + whole[len(longest) :]


def channel_url(network: Network, channel: str) -> str:
    """The URL of a conda channel, with its ``${VARIABLES}``; one that is a URL already stays."""
    if "://" in channel:
        return channel
    return network.conda_channels.get(channel) or f"{(network.conda_channel_alias or CONDA).rstrip('/')}/{channel}"


def _whole(reference: str) -> str:
    """An image's name with the registry that Docker adds to it."""
    first, slash, _ = reference.partition("/")
    if slash and _HOST.fullmatch(first):
        return reference
    return f"docker.io/{reference}" if slash else f"docker.io/library/{reference}"


def _begins(whole: str, prefix: str) -> bool:
    return whole.startswith(prefix) and whole[len(prefix) : len(prefix) + 1] in ("", "/", ":", "@")


def _texts(network: Network) -> tuple[tuple[str, str], ...]:
    """Each setting that may name variables, and its text."""
    found = [
        (name, str(getattr(network, name)))
        for name in (
            *("http_proxy", "https_proxy", "no_proxy", "index_url", "pytorch_index", "uv_python_mirror"),
            *("conda_channel_alias", "apt_mirror"),
        )
    ]
    for name in ("extra_index_urls", "find_links"):
        found += [(name, text) for text in getattr(network, name)]
    return (*found, *(("conda_channels", text) for text in network.conda_channels.values()))
