"""What a build, a resolution and a step get of this site's network, once its variables have their values.

Values go from the environment of this process into that of a builder, which passes them on as secrets. They are never
written to a file, and whatever a program prints of them is covered before anybody sees it.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from mlc.config.network import Network, UnsetVariableError, expand, network_environment, proxies, run_variables, secrets
from mlc.diagnostics import NOWHERE, fail
from mlc.images.options import BuildOptions, Secret
from mlc.ir.image import BuildDockerfile, Image
from mlc.ir.plan import Plan
from mlc.ir.variables import needed_variables, variables_of

BUILD_CA, BUILD_NETRC = "/tmp/mlc/ca.pem", "/tmp/mlc/netrc"
"""Where a build sees these files."""

_KEPT = re.compile(r"(?im)^[ \t]*ARG[ \t]+[^\n]*\b(?:https?|ftp|all)_proxy\b")
"""A Dockerfile that declares a proxy's argument keeps its value in the history of the image."""


def at_site(options: BuildOptions, plan: Plan, bundle: Path) -> BuildOptions:
    """``options`` with everything that builds of ``plan`` need at ``options.site``; ``MlcError`` E636 if it is not set.

    What an author's own Dockerfile gets of proxies are arguments that builders know and forget.
    """
    network, environ = options.site, credentials(plan.images) | dict(os.environ)
    lines = variables(network, environ, BUILD_CA, BUILD_NETRC)
    lines |= {name: environ[name] for name in needed_variables(plan) if environ.get(name)}
    found = [Secret(id="mlc-network", variable="MLC_NETWORK")] if lines else []
    if network.ca_bundle is not None:
        found.append(Secret(id="mlc-ca", file=network.ca_bundle))
    if network.netrc is not None:
        found.append(Secret(id="mlc-netrc", file=network.netrc))
    given = _arguments(network, environ, plan, bundle)
    text = "\n".join(f"{name}={value}" for name, value in lines.items())
    return replace(
        options,
        secrets=(*options.secrets, *found),
        build_args=(*options.build_args, *((name, "") for name, _ in given)),
        environment=(*options.environment, *given, *([("MLC_NETWORK", text)] if text else [])),
        hidden=hidden(network, environ, needed_variables(plan)),
    )


def variables(
    network: Network, environ: Mapping[str, str], ca: str | None = None, netrc: str | None = None
) -> dict[str, str]:
    """As :func:`network_environment`, with ``MlcError`` E636 for a variable that is not set."""
    try:
        return network_environment(
            network, environ, ca=ca if network.ca_bundle else None, netrc=netrc if network.netrc else None
        )
    except UnsetVariableError as error:
        what = f"The network settings need the variable {error}, which is not set"
        raise fail("E636", NOWHERE, what, fix=f"Set {error} in the environment") from None


def credentials(images: Iterable[Image]) -> dict[str, str]:
    """Those that stood in requirements in clear, by the variable that took their place."""
    return {name: value for image in images for item in image.origins for name, value in item.credentials}


def step_variables(network: Network, ca: str | None = None) -> dict[str, str]:
    """Proxies and authorities for the steps of a pipeline; ``ca``: where they see that file."""
    names = dict(run_variables(network))
    found = variables(network, os.environ, ca) if names else {}
    return {name: value for name, value in found.items() if name in names}


def installing(image: Image, network: Network) -> dict[str, str]:
    """Variables for an installer on this machine: those of the site, and what the requirements of ``image`` name."""
    environ = credentials((image,)) | dict(os.environ)
    needed = {name: environ[name] for name in variables_of(image) if name in environ}
    return variables(network, environ) | needed


def hidden(network: Network, environ: Mapping[str, str], names: Iterable[str] = ()) -> tuple[str, ...]:
    """What must not be seen in what a program prints, longest first: values, as they are and as URLs write them."""
    from urllib.parse import quote, unquote

    values = {*secrets(network, environ), *(environ[name] for name in names if environ.get(name))}
    parts = {part for value in values for part in (value, value.partition(":")[2]) if len(part) > 3}
    spelt = {form for part in parts for form in (part, quote(part, safe=""), unquote(part))}
    return tuple(sorted(spelt, key=lambda text: (-len(text), text)))


def covered(text: str, values: tuple[str, ...]) -> str:
    """``text`` with ``***`` in place of each of ``values``."""
    for value in values:
        text = text.replace(value, "***")
    return text


def _arguments(network: Network, environ: Mapping[str, str], plan: Plan, bundle: Path) -> tuple[tuple[str, str], ...]:
    own = [image for image in plan.images if isinstance(image.recipe, BuildDockerfile)]
    if not own:
        return ()
    kept = any(_KEPT.search(_text(bundle / "environments" / image.name / "Dockerfile")) for image in own)
    given = [(name, expand(value, environ, network)) for name, value in proxies(network) if not (kept and "$" in value)]
    mirror = [("APT_MIRROR", expand(network.apt_mirror, environ, network))] if network.apt_mirror else []
    return (*given, *mirror) if "$" not in network.apt_mirror else tuple(given)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
