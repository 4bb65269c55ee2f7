"""Packages of conda channels for an environment: the solver is asked, what it says is told at the author's lines."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlc.config.network import CONDA, Network, UnsetVariableError, expand, network_environment
from mlc.diagnostics import Bag, Span
from mlc.images.cache import cache_root
from mlc.images.locks.conda_question import CondaQuestion, spec_name, without_credentials
from mlc.ir.lock import LockedCondaPackage

if TYPE_CHECKING:
    from mlc.images.locks.request import Request
    from mlc.ir.image import Image

HOW_TO_INSTALL = "pip install 'mlc[conda]'"

DEFAULTS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")
"""What conda means by the channel ``defaults``."""


def lock_conda(
    image: "Image", question: CondaQuestion, kept: Sequence[LockedCondaPackage], network: Network, bag: Bag
) -> tuple[LockedCondaPackage, ...] | None:
    """The packages that answer what ``image``'s ``question`` is, sorted by name; as many of ``kept`` as can be stay.

    None, and a message, where nothing fits (E620), a channel is not there (E621) or cannot be reached (W620), or the
    solver is not installed (W621).
    """
    try:
        answer = _asked(question, kept, network)
    except UnsetVariableError as problem:
        answer = {"kind": "failed", "text": f"The settings of the network name {problem}, which is not set"}
    if answer["kind"] == "packages":
        _say_whose_channels(image, question, bag)
        return tuple(LockedCondaPackage(**{**item, "via": tuple(item["via"])}) for item in answer["packages"])
    _tell(answer, image, question, bag)
    return None


def _asked(question: CondaQuestion, kept: Sequence[LockedCondaPackage], network: Network) -> dict[str, Any]:
    """The solver's answer, from its own process."""
    alias = network.conda_channel_alias
    text = json.dumps(
        {
            "channels": {channel: _urls(channel, network) for channel in question.channels},
            "names": [without_credentials(channel) for channel in question.channels],
            "specs": question.specs,
            "subdir": question.subdir,
            "virtual": question.virtual,
            "kept": {package.sha256: package.name for package in kept},
            "mirror": expand(alias, os.environ, network).rstrip("/") if alias else "",
            "cache": str(cache_root() / "conda" / "index"),
        }
    )
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mlc.images.locks.conda_solve"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | network_environment(network, os.environ),
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        found = {"kind": "failed", "text": said[-1] if said else f"It ended with status {done.returncode}"}
    return found


def _urls(channel: str, network: Network) -> tuple[str, ...]:
    """Where a channel is. A mirror of conda.anaconda.org does not count here: its URLs stand in no lock."""
    if "://" in channel:
        return (expand(channel, os.environ, network),)
    if named := network.conda_channels.get(channel):
        return (expand(named, os.environ, network),)
    return DEFAULTS if channel == "defaults" else (f"{CONDA}/{channel.strip('/')}",)


def _tell(answer: Mapping[str, Any], image: "Image", question: CondaQuestion, bag: Bag) -> None:
    match answer["kind"]:
        case "unsatisfiable":
            _tell_reason(answer, image, question, bag)
        case "no channel":
            what = f"There is no conda channel at {answer['url']}"
            bag.add(
                "E621", image.span, what, why="It has no index of packages", fix="Correct the name under 'channels'"
            )
        case "no solver":
            what = f"Environment {image.name} is not locked: it has conda packages, and py-rattler is not installed"
            bag.add("W621", image.span, what, why="It chooses conda's packages", fix=f"Run `{HOW_TO_INSTALL}`")
        case "unreachable":
            what = f"Environment {image.name} is not locked: a conda channel cannot be reached"
            why = f"{answer['url']}: {answer['text']}".removeprefix(": ")
            fix = "Try again with a network, or name a mirror: conda_channel_alias in [tool.mlc.network]"
            bag.add("W620", image.span, what, why=why, fix=fix)
        case _:
            what = f"Environment {image.name} is not locked: the conda solver failed"
            bag.add("W620", image.span, what, why=answer["text"], fix="Try again, or build with --no-lock")


def _tell_reason(answer: Mapping[str, Any], image: "Image", question: CondaQuestion, bag: Bag) -> None:
    """At the line of the first package that the reason is about; the others are named."""
    asked = {spec_name(spec): spec for spec in reversed(question.specs)}
    about = [name for name in asked if name in answer["names"]]
    about.sort(key=list(dict.fromkeys(map(spec_name, question.specs))).index)
    named = " and ".join(asked[name] for name in about) if len(about) < 4 else f"{len(about)} of its packages"
    what = f"The conda packages of environment {image.name} cannot be installed together"
    if len(about) == 1:
        what = f"The conda package '{asked[about[0]]}' cannot be installed"
    elif about:
        what = f"The conda packages {named} cannot be installed together"
    fix = answer["fix"] or "Ask for another version, or name a channel that has it"
    bag.add("E620", _place(image, about), what, why=answer["text"], fix=fix)


def _place(image: "Image", names: Sequence[str]) -> Span:
    """Where the author asked for the first of these packages that has a line of its own (Python has none)."""
    lines = {spec_name(origin.text): origin.span for origin in reversed(image.origins)}
    return next((lines[name] for name in names if name in lines), image.span)


def _say_whose_channels(image: "Image", question: CondaQuestion, bag: Bag) -> None:
    """Anaconda's own packages may need a licence; conda files name them without knowing."""
    if "defaults" in question.channels:
        what = f"Environment {image.name} takes packages from the channel 'defaults'"
        why = "They are Anaconda's, whose terms ask larger organisations for a licence"
        bag.add("W622", image.span, what, why=why, fix="Name conda-forge instead, if that is not meant")


def beside_conda(request: "Request", packages: Sequence[LockedCondaPackage]) -> "Request":
    """What is left for pip: for conda's Python, with conda's Python packages as they are.

    Those that the author asks of pip too are not among them: pip replaces conda's then, as it always does.
    """
    from mlc.images.locks.request import package_name

    own = {package_name(line) for line in request.requirements}
    versions = {_pypi_name(package.name): package.version for package in packages if _is_of_python(package, packages)}
    there = {name: version for name, version in sorted(versions.items()) if name not in own}
    return replace(
        request,
        python=next((package.version for package in packages if package.name == "python"), None),
        constraints=tuple(f"{name}=={version}" for name, version in there.items()),
        left_out=frozenset(there),
    )


def _is_of_python(package: LockedCondaPackage, packages: Sequence[LockedCondaPackage]) -> bool:
    """Whether it asks for Python itself: such packages are what pip sees as installed."""
    python = next((found for found in packages if found.name == "python"), None)
    return python is not None and package.name in python.via


def _pypi_name(name: str) -> str:
    from mlc.ir.conda_names import PYPI_NAMES

    return re.sub(r"[-_.]+", "-", PYPI_NAMES.get(name, name)).lower()
