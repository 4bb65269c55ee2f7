"""pip's options in a list of requirements: which uv reads from a file, which are arguments to it, which say nothing.

What pip takes as options of single requirements (``--hash=sha256:...``) is taken off them, too.
"""

import re
from dataclasses import field

from mlc.images.locks.request import package_name
from mlc.records import dataclass

_OPTION = re.compile(r"(-{1,2}[A-Za-z-]+)(?:\s*=\s*|\s+|$)(.*)", re.DOTALL)
_HASH = re.compile(r"\s+--hash[=\s]\s*(\w+:[0-9a-fA-F]+)")
_OWN = re.compile(r"\s--(?:hash|global-option|install-option|config-settings?)[=\s].*", re.DOTALL)
_IN_FILE = ("--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--no-index")
"""Options that uv reads from a file of requirements, as pip does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A list of requirements, taken apart."""

    lines: tuple[str, ...]
    """What is asked for."""
    options: tuple[str, ...]
    """Lines that say where packages come from, in the author's order."""
    arguments: tuple[str, ...]
    """What else uv is told, on its command line."""
    from_source: frozenset[str] = frozenset()
    """Names of packages that are not to be taken as wheels; ``:all:``: none is."""
    hashes: dict[str, frozenset[str]] = field(default_factory=dict)
    """What the author says of the files of a package, by its normal name."""


def split(requirements: tuple[str, ...]) -> Split:
    """``requirements`` for uv. Options that only decide how pip works (``--no-cache-dir``) are left out."""
    lines: list[str] = []
    options: list[str] = []
    arguments: list[str] = []
    source: set[str] = set()
    hashes: dict[str, frozenset[str]] = {}
    for line in requirements:
        option = _OPTION.match(line) if line.startswith("-") else None
        if option is None:
            name = package_name(line)
            given = frozenset(value.lower() for value in _HASH.findall(line))
            if name and given:
                hashes[name] = given
            lines.append(_OWN.sub("", line).strip())
            continue
        word, value = option[1], option[2].strip()
        if word in _IN_FILE:
            options.append(f"{word} {value}".strip())
        elif word == "--trusted-host":
            arguments += ("--allow-insecure-host", value)
        elif word == "--pre":
            arguments += ("--prerelease", "allow")
        elif word in ("--no-binary", "--only-binary"):
            names = [name.strip() for name in value.split(",") if name.strip()]
            arguments += [part for name in names for part in (word, name)]
            source |= {package_name(name) or name for name in names} if word == "--no-binary" else set()
        elif word in ("-e", "--editable"):
            lines.append(value)  # in an image there is nothing to edit
    return Split(
        lines=tuple(lines),
        options=tuple(options),
        arguments=tuple(arguments),
        from_source=frozenset(source),
        hashes=hashes,
    )
