"""What the network of a site changes in a bundle: mirrors of images, certificates, settings for builds and steps.

Everything else about the network is left to build and run time, so that Dockerfiles are the same everywhere.
"""

import re

from mlc.config.network import Network, build_variables, mirrored, proxies, run_variables
from mlc.files import File, FileTree
from mlc.ir.image import BuildDockerfile, Image
from mlc.resources import templates

SCRIPT = "environments/with-network.sh"
CERTIFICATES = "network/ca.pem"
WHEELS = "vendor/wheels"
"""Where a bundle that needs no network has the packages of its environments."""

BUILD_CA, BUILD_NETRC = "/tmp/mlc/ca.pem", "/tmp/mlc/netrc"
RUN_CA = "/run/secrets/mlc-ca"

_FROM = re.compile(r"(?im)^([ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?)(\S+)(?:[ \t]+AS[ \t]+(\S+))?")
_OTHER = re.compile(r"((?:--from=|--mount=\S*?\bfrom=))([^\s,]+)")
_BOTH = re.compile(r"(?m)^(FROM \S+:[^\s@/]+)@sha256:[0-9a-f]{64}(?= |$)")
_MOUNT = f"--mount=type=bind,source={SCRIPT},target=/tmp/mlc/with-network.sh"


def site_files(network: Network) -> FileTree:
    """The files of a bundle that are there for the network's sake."""
    files = {SCRIPT: File((templates() / "docker" / "with-network.sh").read_bytes(), executable=True)}
    if network.ca_bundle is not None:
        files[CERTIFICATES] = File(network.ca_bundle.read_bytes())
    return files


def build_lines(network: Network, variables: tuple[str, ...] = ()) -> str:
    """The secret ``mlc-network``: lines ``NAME=value`` with their ``${VARIABLES}``.

    ``variables``: what requirements name besides, which is passed on under its own name.
    """
    ca = BUILD_CA if network.ca_bundle else None
    netrc = BUILD_NETRC if network.netrc else None
    pairs = (*build_variables(network, ca=ca, netrc=netrc), *((name, f"${{{name}}}") for name in variables))
    return "\n".join(f"{name}={value}" for name, value in pairs)


def run_lines(network: Network) -> str:
    """The same for steps."""
    pairs = run_variables(network, ca=RUN_CA if network.ca_bundle else None)
    return "\n".join(f"{name}={value}" for name, value in pairs)


def images_in(dockerfile: str) -> tuple[str, ...]:
    """Names of the images that a Dockerfile starts from or mounts, as it writes them; stages and variables are none."""
    stages = {match[3].lower() for match in _FROM.finditer(dockerfile) if match[3]}
    named = (match[2] for pattern in (_FROM, _OTHER) for match in pattern.finditer(dockerfile))
    taken = {name for name in named if name.lower() not in stages and name != "scratch" and not name.isdigit()}
    return tuple(sorted(name for name in taken if "$" not in name))


def build_args(image: Image, network: Network) -> tuple[tuple[str, str], ...]:
    """Arguments for an author's own Dockerfile: proxies, which builders know and forget, and a mirror if it asks.

    Those with a password are left to ``mlc build``: here they would stand in clear.
    """
    if not isinstance(image.recipe, BuildDockerfile):
        return ()
    found = (*proxies(network), *((("APT_MIRROR", network.apt_mirror),) if network.apt_mirror else ()))
    return tuple((name, value) for name, value in found if "$" not in value)


def sited(dockerfile: str, network: Network, *, vendored: bool) -> str:
    """A Dockerfile with the site's mirrors of the images it names; ``vendored``: its RUNs see the bundle's packages."""
    if network.images:
        stages = {match[3].lower() for match in _FROM.finditer(dockerfile) if match[3]}

        def image(match: re.Match[str]) -> str:
            name = match[2]
            if name.lower() in stages or name == "scratch" or "$" in name or name.isdigit():
                return match[0]
            return match[0].replace(name, mirrored(network, name), 1)

        dockerfile = _OTHER.sub(image, _FROM.sub(image, dockerfile))
    if vendored:
        dockerfile = _BOTH.sub(r"\1", dockerfile)  # an engine that was given an image as a file knows its tag only
        wheels = f"--mount=type=bind,source={WHEELS},target=/tmp/mlc/wheels"
        dockerfile = dockerfile.replace(_MOUNT, f"{_MOUNT} \\\n    {wheels}")
    return dockerfile
