"""The table ``[network]`` -> :class:`Network`: what each setting may be, and what is said of secrets in the file."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlc.config.network import Network, without_credentials
from mlc.config.toml import Settings
from mlc.config.values import Convert, WrongValueError, prefix_of_image
from mlc.diagnostics import Bag, Span

LARGEST = 500 * 1024
"""Bytes: no builder passes on a larger secret."""

_WEB = re.compile(r"https?://[^\s/]+\S*")
_PROXY = re.compile(r"(?:https?|socks5h?)://[^\s/]+/?")
_HOST = re.compile(r"[^\s,;]+")


def _web(value: Any) -> str:
    if isinstance(value, str) and _WEB.fullmatch(value):
        return value
    raise WrongValueError('a URL, such as "https://pypi.example.com/simple"')


def _webs(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) and _WEB.fullmatch(item) for item in value):
        return tuple(value)
    raise WrongValueError('a list of URLs, such as ["https://pypi.example.com/simple"]')


def _proxy(value: Any) -> str:
    if isinstance(value, str) and _PROXY.fullmatch(value):
        return value
    raise WrongValueError('the URL of a proxy, such as "http://proxy.example.com:3128"')


def _hosts(value: Any) -> str:
    items = value.split(",") if isinstance(value, str) else value
    if isinstance(items, list) and all(isinstance(item, str) and _HOST.fullmatch(item.strip()) for item in items):
        return ",".join(item.strip() for item in items)
    raise WrongValueError('names of hosts, such as ["localhost", ".example.com"]')


def _file(value: Any) -> str:
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value.strip()
    raise WrongValueError("the path of a file")


def _channels(value: Any) -> dict[str, str]:
    if isinstance(value, dict) and all(isinstance(url, str) and _WEB.fullmatch(url) for url in value.values()):
        return {name: url.rstrip("/") for name, url in value.items()}
    raise WrongValueError(
        'a table of URLs by channel, such as { conda-forge = "https://conda.example.com/conda-forge" }'
    )


def _images(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        return {prefix_of_image(name): prefix_of_image(mirror) for name, mirror in value.items()}
    raise WrongValueError('a table of beginnings of names, such as { "docker.io" = "registry.example.com/dockerhub" }')


KNOWN: dict[str, Convert] = {
    "ca_bundle": _file,
    "http_proxy": _proxy,
    "https_proxy": _proxy,
    "no_proxy": _hosts,
    "index_url": _web,
    "extra_index_urls": _webs,
    "find_links": _webs,
    "pytorch_index": _web,
    "uv_python_mirror": _web,
    "conda_channel_alias": _web,
    "conda_channels": _channels,
    "apt_mirror": _web,
    "images": _images,
    "netrc": _file,
}
"""Key, which is also the field's name -> how its value is read."""


def read_network(fields: dict[str, Any], found: Settings, bag: Bag) -> Network:
    """The settings from converted ``fields`` of the file ``found``; paths start at its folder."""
    folder = found.file.parent
    spans = {name: found.span(("network", name)) for name in fields}
    plain = Network(**{name: _clean(value) for name, value in fields.items()}, places=spans)
    literals: dict[str, str] = {}
    for name, value in fields.items():
        taken = dict(pair for text in _urls(value) for pair in without_credentials(text)[1])
        if taken:
            _say_literal(name, taken, spans[name], bag)
            literals |= taken
    return replace(
        plain,
        literals=tuple(literals.items()),
        ca_bundle=_certificates(folder, fields.get("ca_bundle"), spans.get("ca_bundle"), bag),
        netrc=_existing(folder, fields.get("netrc"), spans.get("netrc"), bag),
    )


def _urls(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(value.values())
    return value if isinstance(value, tuple) else (value,)


def _clean(value: Any) -> Any:
    """A setting with variables in place of the credentials that stand in it."""
    if isinstance(value, dict):
        return {name: without_credentials(text)[0] for name, text in value.items()}
    if isinstance(value, tuple):
        return tuple(without_credentials(text)[0] for text in value)
    return without_credentials(value)[0]


def _say_literal(name: str, taken: dict[str, str], span: Span, bag: Bag) -> None:
    variable, value = next(iter(taken.items()))
    shown = f"${{{variable}}}" if ":" not in value else "${NAME}:${PASSWORD}"
    bag.add(
        "W637",
        span,
        f"network.{name} holds a name or password in clear",
        why="Whoever can read the file has it, and files like this one are committed",
        fix=f"Write {shown} in its place and set that in the environment; in bundles it is ${{{variable}}}",
    )


def _existing(folder: Path, name: str | None, span: Span | None, bag: Bag) -> Path | None:
    if name is None or span is None:
        return None
    file = folder / Path(name).expanduser()
    if not file.is_file():
        bag.add("E637", span, f"{file} is not there, or no file", fix="Correct the path, which starts at this file")
    return file


def _certificates(folder: Path, name: str | None, span: Span | None, bag: Bag) -> Path | None:
    """The CA bundle, if what it holds may go into bundles: certificates, and nothing private."""
    file = _existing(folder, name, span, bag)
    if file is None or span is None or not file.is_file():
        return file
    try:
        text = file.read_bytes()
    except OSError as error:
        bag.add("E637", span, f"{file} cannot be read", why=error.strerror or str(error))
        return file
    if b"-----BEGIN CERTIFICATE-----" not in text:
        why = "It holds no line -----BEGIN CERTIFICATE-----"
        bag.add("E637", span, f"{file} is no CA bundle", why=why, fix="Give a PEM file (openssl x509 -inform der)")
    elif b"PRIVATE KEY-----" in text:
        why = "It would become part of bundles and be mounted into steps"
        bag.add("E637", span, f"{file} holds a private key", why=why, fix="Give a file with the certificates alone")
    elif len(text) > LARGEST:
        why = f"It has {len(text) // 1024:,} KiB, and builders take {LARGEST // 1024} KiB"
        bag.add("E637", span, f"{file} is too large", why=why, fix="Take out what this site does not need")
    return file
