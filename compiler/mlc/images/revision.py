"""Where the source of a bundle comes from, and at which revision, as labels: asked of git when an image is built.

The bundle's text does not know them, and no key has them: a commit that changes nothing builds nothing.
"""

import os
import re
from pathlib import Path

from mlc.ir.types import Pairs

PATIENCE = 5.0
"""Seconds for git; a label is not worth more."""

_SHORT = re.compile(r"(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!//)(\S+)")
"""``git@github.com:me/project.git``, as ssh takes it."""


def revision_labels(folder: Path) -> Pairs:
    """Labels of the checkout that ``folder`` is part of; none outside of one, or without git.

    Files that are changed and not committed make the revision end with ``-dirty``.
    """
    revision = _git(folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    if not re.fullmatch(r"[0-9a-f]{40,64}(-dirty)?", revision):
        return ()
    source = address(_git(folder, "config", "--get", "remote.origin.url"))
    found = (("org.opencontainers.image.source", source), ("org.opencontainers.image.revision", revision))
    return tuple((name, value) for name, value in found if value)


def address(remote: str) -> str:
    """``remote`` as a URL that a browser opens, without credentials; '' for a folder of this machine."""
    if short := _SHORT.fullmatch(remote):
        remote = f"https://{short[1]}/{short[2]}"
    found = re.fullmatch(r"(https?|ssh|git)://(?:[^/@]*@)?([^/@:]+)(:\d+)?/(\S+)", remote)
    if found is None:
        return ""
    scheme, host, port, path = found.groups()
    if scheme in ("ssh", "git"):
        scheme, port = "https", None
    return f"{scheme}://{host}{port or ''}/{path.removesuffix('/').removesuffix('.git')}"


def _git(folder: Path, *arguments: str) -> str:
    import subprocess

    # No lock is taken: somebody else may be committing.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], check=False, capture_output=True, timeout=PATIENCE, env=env
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""
