"""What the value of a setting may be: a function per kind, from what TOML holds to what is kept."""

import re
from collections.abc import Callable
from typing import Any

from mlc.config.model import Installer

_SIZE = re.compile(r"\d+(\.\d+)?([bkmg]|[kmg]b)", re.IGNORECASE)
_NAME = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_TORCH = re.compile(r"auto|off|cpu|xpu|cu[0-9]{2,3}|rocm[0-9.]{1,8}")
_PREFIX = re.compile(rf"(?:[A-Za-z0-9.-]+(?::\d+)?/)?{_NAME}(?:/{_NAME})*")
_HOST = r"(?:localhost|(?=[^/]*[.:])[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?"
"""Without a dot, a port or this name, Docker takes the first part of a name for an account of Docker Hub."""
_REGISTRY = re.compile(rf"{_HOST}(?:/{_NAME})*", re.ASCII)
_PLATFORM = re.compile(r"linux/(amd64|arm64)")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://\S+")
_IMAGE = re.compile(rf"{_PREFIX.pattern}(?::\w[\w.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?", re.ASCII)

Convert = Callable[[Any], Any]
"""The value of a setting from what TOML holds; raises :class:`WrongValueError`."""

Known = dict[str, Convert]
"""Key, which is also the name of the field that it sets -> how its value is read."""


class WrongValueError(Exception):
    """A value is not what the setting needs; the text says what that is: ``a whole number``."""


def image(value: Any) -> str:
    """The name of an image."""
    return matching(value, _IMAGE, 'the name of an image, such as "docker.io/library/python:3.11-slim"')


def platform(value: Any) -> str:
    """What images are built for."""
    return matching(value, _PLATFORM, '"linux/amd64" or "linux/arm64"')


def torch_backend(value: Any) -> str:
    """Which builds of PyTorch are taken."""
    return matching(value, _TORCH, '"auto", "off", "cpu" or a kind of build such as "cu126"')


def prefix(value: Any) -> str:
    """The first part of images' names."""
    return matching(value, _PREFIX, 'the first part of an image name, such as "mlc" or "registry.example.com/team"')


def registry_name(value: Any) -> str:
    """Of a registry, or of a part of one; :class:`WrongValueError` where it cannot stand before an image's name."""
    return matching(value, _REGISTRY, 'a registry without https://, such as "ghcr.io/me" or "localhost:5000"')


def prefix_of_image(value: Any) -> str:
    """A registry, or a part of one, with which names of images begin."""
    what = 'the beginning of an image name, such as "docker.io" or "registry.example.com/hub"'
    return matching(value, _REGISTRY, what)


def size(value: Any) -> str:
    """Bytes, as Docker writes them: ``512m``."""
    return matching(value, _SIZE, 'a size such as "512m" or "8g"').lower()


def matching(value: Any, pattern: re.Pattern[str], what: str) -> str:
    """Text of one form; ``what`` says in words which."""
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise WrongValueError(what)


def installer(value: Any) -> Installer:
    """Who installs conda files."""
    if value in tuple(Installer):
        return Installer(value)
    raise WrongValueError(" or ".join(f'"{installer}"' for installer in Installer))


def gpus(value: Any) -> int:
    """A number of GPUs; -1 for ``all``."""
    if value == "all":
        return -1
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1024:
        return value
    raise WrongValueError('a number of GPUs (0 for none) or "all"')


def cpus(value: Any) -> float:
    """A number of processors, parts of one allowed."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6:
        return float(value)
    raise WrongValueError("a number of processors above 0, such as 4 or 0.5")


def devices(value: Any) -> tuple[str, ...]:
    """Indexes or ids of GPUs."""
    if isinstance(value, list) and value:
        names = tuple(str(item) for item in value if isinstance(item, int | str) and not isinstance(item, bool))
        if len(names) == len(value) and all(re.fullmatch(r"[A-Za-z0-9:/._-]+", name) for name in names):
            return names
    raise WrongValueError('a list of GPU indexes or ids, such as ["0", "2"]')


def folders(value: Any) -> tuple[str, ...]:
    """Names of folders, whether they are there or not."""
    if isinstance(value, list) and all(isinstance(item, str) and item and "\0" not in item for item in value):
        return tuple(value)
    raise WrongValueError('a list of folders, such as ["../shared/components"]')


def text(value: Any) -> str:
    """Text that says something, without the blanks around it."""
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value.strip()
    raise WrongValueError("text that is not empty")


def url(value: Any) -> str:
    """A URL of any kind."""
    return matching(value, _URL, 'a URL, such as "https://account.blob.core.windows.net/container"')
