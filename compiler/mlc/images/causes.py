"""What goes wrong while images are built, as builders and installers word it, and what a person can do about it."""

import re

from mlc.records import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """``why`` it failed and what may ``fix`` it; the first group of the pattern that matched can stand in as ``{0}``.

    ``packages``: what is asked for is at fault, so the message names the line that asks for it.
    """

    pattern: re.Pattern[str]
    why: str
    fix: str
    packages: bool = False


def _cause(pattern: str, why: str, fix: str, *, packages: bool = False) -> Cause:
    return Cause(re.compile(pattern, re.IGNORECASE), why, fix, packages)


_COMPILER = r"(?:[\w-]*-)?(?:gcc|g\+\+|cc|c\+\+|clang|gfortran|cmake|make|ninja|cargo|rustc|pkg-config)"
_NETWORK = "Behind a proxy, or where only mirrors are reached, say so in [tool.mlc.network]"
CAUSES = (
    _cause(
        r"buildx component is missing|unknown flag: --progress|the --mount option requires BuildKit",
        "the `docker` command here cannot build with BuildKit",
        "Install its plug-in buildx (Debian: `apt install docker-buildx`; else docs.docker.com/go/buildx)",
    ),
    _cause(
        r"certificate verify failed|x509: certificate|invalid peer certificate|UnknownIssuer|self[- ]signed certif",
        "the certificate of a server was not accepted",
        "Behind a TLS proxy name your company's CA: `ca_bundle = 'company.pem'` in [tool.mlc.network]",
    ),
    _cause(
        r"HTTP status client error \(40[13]|\b401 Unauthorized|\b403 Forbidden|lacks? valid authentication"
        r"|status code 40[13]",
        "a package index refused the name and password that it was given, or got none",
        "Set the variables that its URL in [tool.mlc.network] names (`https://${PIP_USER}:${PIP_TOKEN}@...`); for a"
        " plain `docker compose up`, in the shell",
    ),
    _cause(
        r"\b407 Proxy Authentication|Proxy Authentication Required|tunnel error: (?:unsuccessful|proxy auth)",
        "the proxy refused the name and password that it was given, or got none",
        "Set the variables that `https_proxy` in [tool.mlc.network] names",
    ),
    _cause(
        r"no space left on device|disk quota exceeded",
        "the disk is full",
        "`docker system df` shows what takes it, `mlc cache prune` and `docker system prune` make room",
    ),
    _cause(
        r"toomanyrequests|429 Too Many Requests|pull rate limit",
        "the registry gives no more images to this address for a while (its rate limit)",
        "`docker login` raises the limit; or name a mirror in [tool.mlc.network]",
    ),
    _cause(
        r"exec format error|no match for platform in manifest|does not match the specified platform",
        "a program in the image, or the image itself, is for another processor than the platform of the plan",
        "Set `platform` in [tool.mlc] to what the base image is for, or let this machine emulate it:"
        " `docker run --privileged --rm tonistiigi/binfmt --install all`",
    ),
    _cause(
        r"No interpreter found for ([^\n]*?)(?: in |\.\s|$)|No download found for request: (\S+)"
        r"|Invalid version request: Python ([^\n]*? requested)|nothing provides (python \S+)",
        "the Python that the environment asks for ({0}) cannot be had",
        "Ask for another version in the conda file, or choose a base image that has this one",
    ),
    _cause(
        r"hash mismatch for `?([^`\s]+)|DO NOT MATCH THE HASHES|sha256 mismatch|(?:hash|checksum) mismatch",
        "a package that was downloaded is not the one that the lock names ({0})",
        "If its index has replaced the file, `mlc lock` takes the new one; if not, somebody between here and there has",
        packages=True,
    ),
    _cause(
        rf"No such file or directory: '?{_COMPILER}\b|(?:command|executing|execute) '?{_COMPILER}'? failed"
        rf"|\b{_COMPILER}: (?:command )?not found|can't find Rust compiler|CMake must be installed|Python\.h: No such",
        "a package has no wheel for this Python and platform, so it is compiled, and the base image has no compiler",
        "Ask for a version that has a wheel (or for a Python that it has one for), or use a base image with a compiler",
        packages=True,
    ),
    _cause(
        r"git executable not found|Cannot find command 'git'",
        "a package comes from a Git repository, and the base image has no git",
        "Use a base image with git, or name a release archive (`NAME @ https://.../archive/TAG.zip`)",
        packages=True,
    ),
    _cause(
        r"exit code: 137|signal: killed|cannot allocate memory|\bOOM\b|out of memory",
        "it was killed, most likely for memory",
        "Give the engine more memory, or build fewer images at a time",
    ),
    _cause(
        r"no wheels with a matching Python|no wheels with a matching platform"
        r"|only found wheels for|Ignored the following versions that require a different python",
        "a package that is asked for has no file for this Python and platform",
        "Ask for another version of it, or of Python",
        packages=True,
    ),
    _cause(
        r"there (?:is|are) no versions? (?:of|matching) (\S+)|No matching distribution found for (\S+)",
        "a package that is asked for is not there in that version ({0})",
        "Check its version, and the index it comes from",
        packages=True,
    ),
    _cause(
        r"(\S+) was not found in the package registry|PackagesNotFoundError|(\S+) does not exist \(perhaps a typo"
        r"|No candidates were found for (\S+)|not found in (?:the )?package (?:registry|index)",
        "a package that is asked for does not exist ({0})",
        "Check its name, and the index or channel it comes from",
        packages=True,
    ),
    _cause(
        r"No solution found when resolving|ResolutionImpossible|Could not solve for environment|nothing provides ",
        "the packages asked for do not fit together, or are not there for this Python and platform",
        "Loosen the versions that the lines above name",
        packages=True,
    ),
    _cause(
        r"no such host|name resolution|network is unreachable|connection refused|connection reset|i/o timeout"
        r"|timed out|could not connect|failed to fetch|error sending request|TLS handshake timeout|dns error"
        r"|Could not resolve host|Temporary failure resolving",
        "the network could not be reached",
        f"Check the connection and the proxy settings of the Docker engine. {_NETWORK}",
    ),
    _cause(
        r"Failed to build `([^`]+)`|Failed building wheel for (\S+)|Failed to download and build `([^`]+)`",
        "a package that has no wheel for this Python and platform could not be compiled ({0})",
        "The lines above say why; a version with a wheel needs no compiling",
        packages=True,
    ),
)
