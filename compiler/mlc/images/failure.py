"""What a builder's log says about why it failed, in a person's words, and what can be done."""

import re

from mlc.ir.plan import BuildDockerfile, Image, MambaInstall, UseImage, UvInstall
from mlc.records import dataclass

TAIL = 20
"""Lines of a log that are shown."""


@dataclass(frozen=True, slots=True)
class Cause:
    """``why`` it failed and what may ``fix`` it; groups of the pattern can be put into both as ``{0}``, ``{1}``."""

    pattern: re.Pattern[str]
    why: str
    fix: str


def _cause(pattern: str, why: str, fix: str) -> Cause:
    return Cause(re.compile(pattern, re.IGNORECASE), why, fix)


_MIRROR = "Set `{setting}` in mlc.toml to a mirror that this machine reaches, or pull the image once"
_CAUSES = (
    _cause(
        r"buildx component is missing|unknown flag: --progress|the --mount option requires BuildKit",
        "the `docker` command here cannot build with BuildKit",
        "Install its plug-in buildx (Debian: `apt install docker-buildx`; else docs.docker.com/go/buildx)",
    ),
    _cause(
        r"certificate verify failed|x509: certificate|invalid peer certificate|UnknownIssuer|self[- ]signed certif",
        "the certificate of a server was not accepted",
        "Behind a TLS proxy the base image must trust your company's CA: put it into the base image",
    ),
    _cause(
        r"no space left on device",
        "the disk is full",
        "`docker system df` shows what takes it, then `docker system prune`",
    ),
    _cause(
        r"No interpreter found for ([^\n]*?)(?: in |\.\s|$)|No download found for request: (\S+)"
        r"|Invalid version request: (.*?) is",
        "the Python that the environment asks for ({0}) cannot be had",
        "Ask for another version in the conda file, or choose a base image that has this one",
    ),
    _cause(
        r"No solution found when resolving|ResolutionImpossible|Could not solve for environment|nothing provides ",
        "the packages asked for do not fit together, or are not there for this Python and platform",
        "Loosen the versions that the lines above name",
    ),
    _cause(
        r"No matching distribution found for (\S+)|PackagesNotFoundError|(\S+) was not found in the package registry",
        "a package that is asked for does not exist ({0})",
        "Check its name and version, and the index or channel it comes from",
    ),
    _cause(
        r"exit code: 137|signal: killed|cannot allocate memory|\bOOM\b",
        "it was killed, most likely for memory",
        "Give the engine more memory, or build fewer images at a time",
    ),
    _cause(
        r"no such host|name resolution|network is unreachable|connection refused|connection reset|i/o timeout"
        r"|timed out|could not connect|failed to fetch|error sending request|TLS handshake timeout",
        "the network could not be reached",
        "Check the connection and the proxy settings of the Docker engine; behind a mirror, name it in the conda file"
        " (`--index-url`, channels) or in mlc.toml",
    ),
)
_REFERENCE = r"\"?((?:[\w.-]+(?::\d+)?/)?[\w./-]+(?::[\w.-]+|@sha256:\w+))"
_IMAGE = re.compile(
    rf"(?m)^ > \[[^\]]*internal\] load metadata for {_REFERENCE}:$"
    rf"|(?:failed to resolve source metadata for|pull access denied for|failed to solve:)\s+{_REFERENCE}"
)
"""An image that could not be pulled, as BuildKit names it: 0.8 in the step's title only, later ones in the error."""


def explain_failure(image: Image, log: str) -> tuple[str, str]:
    """``(why, fix)`` for the log of a failed build; a plain pointer to the log if it tells nothing known."""
    if (found := _IMAGE.search(log)) is not None and (name := found[1] or found[2]) != image.reference:
        return _no_image(image, name)
    for cause in _CAUSES:
        if (match := cause.pattern.search(log)) is not None:
            name = next((group for group in match.groups() if group), "see the log")
            return cause.why.format(name), f"{cause.fix}. Installed is what {sources(image)} says"
    return "", f"Installed is what {sources(image)} says"


def sources(image: Image) -> str:
    """The file of the bundle that says what is installed in an environment."""
    folder = f"environments/{image.name}"
    match image.recipe:
        case UvInstall():
            return f"{folder}/requirements.txt"
        case MambaInstall():
            return f"{folder}/conda.yaml"
        case BuildDockerfile(dockerfile=name):
            return f"your own {name}"
        case UseImage(base=base):
            return f"{base} (nothing is added)"


def capital(text: str) -> str:
    """``text`` as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def tail(lines: list[str]) -> list[str]:
    """What to show of a log: the end of the failed step's own output, as BuildKit repeats it, and its last error."""
    rules = [number for number, line in enumerate(lines) if line.strip() == "------"]
    if len(rules) < 2:
        return [line for line in lines if line.strip()][-TAIL:]
    block = [line for line in lines[rules[0] + 1 : rules[-1]] if line.strip()]
    return [*block[-TAIL:], *[line for line in lines[rules[-1] :] if line.startswith("ERROR")]]


def _no_image(image: Image, name: str) -> tuple[str, str]:
    why = f"the image {name} could not be pulled"
    for setting in ("uv", "micromamba"):
        if f"/{setting}:" in name or name.startswith(f"{setting}:"):
            return why, _MIRROR.format(setting=f"{setting}_image")
    base = getattr(image.recipe, "base", None)
    if base is not None and (name == base or name.endswith(f"/{base}")):
        return why, "Check the name of the base image, the network, and `docker login` if it is private"
    return why, "Check its name, the network, and `docker login` if it is private"
