"""What a builder's log says about why it failed, in a person's words, and what can be done."""

import re

from mlc.diagnostics import NOWHERE, Note, Span
from mlc.images.causes import CAUSES, Cause
from mlc.images.origins import Blamed, asked_for, dockerfile_line, python_line
from mlc.ir.image import BuildDockerfile, Image, MambaInstall, UseImage, UvInstall
from mlc.records import dataclass

TAIL = 20
"""Lines of a log that are shown."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a build failed ('' not known), what may help, and the places in the user's files that it is about."""

    why: str
    fix: str
    span: Span = NOWHERE
    notes: tuple[Note, ...] = ()


_MIRROR = "Set `{setting}` in mlc.toml to a mirror that this machine reaches, or pull the image once"
_REFERENCE = r"\"?((?:[\w.-]+(?::\d+)?/)?[\w./-]+(?::[\w.-]+|@sha256:\w+))"
_IMAGE = re.compile(
    rf"(?m)^ > \[[^\]]*internal\] load metadata for {_REFERENCE}:$"
    rf"|(?:failed to resolve source metadata for|pull access denied for|failed to solve:)\s+{_REFERENCE}"
)
"""An image that could not be pulled, as BuildKit names it: 0.8 in the step's title only, later ones in the error."""

_STEP_ERROR = re.compile(r"#(\d+) ERROR: ")
_REASONS = (
    (
        re.compile("toomanyrequests|429 Too Many Requests|pull rate limit", re.IGNORECASE),
        "its registry gives no more images to this address for a while (its rate limit)",
        "`docker login` raises the limit; or name a mirror in [tool.mlc.network]",
    ),
    (
        re.compile("x509: certificate|certificate verify failed|certificate signed by unknown", re.IGNORECASE),
        "the certificate of its registry was not accepted",
        "Give the Docker engine your company's CA (/etc/docker/certs.d/REGISTRY/ca.crt), or name a mirror in"
        " [tool.mlc.network]",
    ),
    (
        re.compile("no match for platform in manifest", re.IGNORECASE),
        "it is not there for the platform of the plan",
        "Set `platform` in [tool.mlc] to one that it is there for",
    ),
    (
        re.compile("pull access denied|unauthorized|403 Forbidden|denied:", re.IGNORECASE),
        "its registry refuses it, or has none of that name",
        "Check the name, and `docker login` if it is private",
    ),
)
"""Of an image that could not be pulled."""


def explain_failure(image: Image, log: str) -> Failure:
    """What ``log``, that of a failed build, says; a plain pointer to the log if it tells nothing known."""
    if (found := _IMAGE.search(log)) is not None and (name := found[1] or found[2]) != image.reference:
        why, fix = _no_image(image, name, log)
        return Failure(why, fix, dockerfile_line(image, log))
    for cause in CAUSES:
        if (match := cause.pattern.search(log)) is not None:
            return _explained(image, log, cause, next((group for group in match.groups() if group), ""))
    own = isinstance(image.recipe, BuildDockerfile)
    fix = "The lines above say why" if own else f"Installed is what {sources(image)} says"
    blamed = () if own else asked_for(image, log).spans
    return Failure("", fix, blamed[0] if blamed else dockerfile_line(image, log))


def _explained(image: Image, log: str, cause: Cause, name: str) -> Failure:
    name = name.strip("`'\",.").rstrip(",.") or "see the log"
    why, fix = cause.why.format(name), cause.fix
    if isinstance(image.recipe, BuildDockerfile):
        return Failure(why, fix, dockerfile_line(image, log))
    fix = f"{fix}. Installed is what {sources(image)} says"
    if "Python that the environment asks for" in why:
        return Failure(why, fix, python_line(image))
    blamed = asked_for(image, log) if cause.packages else Blamed()
    if not blamed.spans:
        return Failure(why, fix, image.span)
    notes = tuple(
        Note(text, (span,), "this line is about it, too")
        for text, span in zip(blamed.names[1:], blamed.spans[1:], strict=True)
    )
    return Failure(f"{why}; {blamed.via}" if blamed.via else why, fix, blamed.spans[0], notes)


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


def tail(lines: list[str]) -> list[str]:
    """What to show of a log: the end of what the failed step itself said, and the builder's last error."""
    failed = next((match for line in lines if (match := _STEP_ERROR.match(line))), None)
    if failed is None:
        return [line for line in lines if line.strip()][-TAIL:]
    own = re.compile(rf"#{failed[1]} (?:\d+\.\d+ )?(?!DONE|CACHED|CANCELED)(.*)")
    said = [match[1] for line in lines if (match := own.match(line)) and match[1].strip()]
    # The first of them is the instruction, in one long line.
    return [_cut(said[0], 160), *said[1:][-TAIL:]]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 4]} ..."


def _no_image(image: Image, name: str, log: str) -> tuple[str, str]:
    why = f"the image {name} could not be pulled"
    for pattern, reason, cure in _REASONS:
        if pattern.search(log) is not None:
            return f"{why}: {reason}", cure
    for setting in ("uv", "micromamba"):
        if f"/{setting}:" in name or name.startswith(f"{setting}:"):
            return why, _MIRROR.format(setting=f"{setting}_image")
    base = getattr(image.recipe, "base", None)
    if base is not None and (name == base or name.endswith(f"/{base}")):
        return why, "Check the name of the base image, the network, and `docker login` if it is private"
    return why, "Check its name, the network, and `docker login` if it is private"
