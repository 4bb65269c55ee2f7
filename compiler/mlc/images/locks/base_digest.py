"""The digest of a base image, which a lock records: the name of an image may stand for another one next month.

The registry is asked, through ``docker buildx``: the logins and helpers of ``docker`` serve. Where it does not answer,
the engine may know what it once pulled. An image that was built on this machine has no digest: nobody else has it.
"""

import json
import os
import re
import shutil
import subprocess
import threading
from typing import Any

from mlc.config.network import Network, UnsetVariableError, mirrored, network_environment

PATIENCE = 10.0
"""Seconds for one question; without an answer the digest is unknown."""
VARIABLE = "MLC_NO_BASE_DIGEST"
"""Set to ``1``, nobody is asked."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class BaseDigests:
    """Digests by name, each asked for once; for several threads."""

    def __init__(self, network: Network) -> None:
        """``network``: its proxies, authorities and mirrors of images hold for the questions, too."""
        self._network = network
        self._found: dict[str, str] = {}
        self._lock = threading.Lock()

    def of(self, reference: str) -> str:
        """``sha256:...``: of all platforms where the registry has several. '' where it is not known; never an error."""
        if "@" in reference or os.environ.get(VARIABLE, "") not in ("", "0"):
            return ""
        with self._lock:
            if reference not in self._found:
                self._found[reference] = self._asked(mirrored(self._network, reference))
            return self._found[reference]

    def _asked(self, name: str) -> str:
        docker = shutil.which("docker")
        if docker is None or "$" in name:
            return ""
        here = self._on_engine(docker, name)
        if here is not None and not here.get("RepoDigests"):
            return ""  # built here: what the registry has under that name is another image
        there = self._in_registry(docker, name)
        if here is None:
            return there
        if not here.get("Descriptor"):  # an image store that knows only digests of what came from a registry
            return there or _first(here["RepoDigests"])
        own = str(here["Descriptor"].get("digest", ""))
        if not there or own == there:
            return there
        return there if self._in_registry(docker, f"{_untagged(name)}@{own}") else ""

    def _in_registry(self, docker: str, name: str) -> str:
        said = self._said(docker, "buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}", name)
        return said if _DIGEST.fullmatch(said) else ""

    def _on_engine(self, docker: str, name: str) -> dict[str, Any] | None:
        """What the engine says of the image; None where it has none of that name, or there is no engine."""
        try:
            found = json.loads(self._said(docker, "image", "inspect", name) or "[]")
        except ValueError:
            return None
        return found[0] if found and isinstance(found[0], dict) else None

    def _said(self, *command: str) -> str:
        try:
            environ = os.environ | network_environment(self._network, os.environ)
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, errors="replace", timeout=PATIENCE, env=environ
            )
        except (OSError, subprocess.TimeoutExpired, UnsetVariableError):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""


def _first(digests: list[str]) -> str:
    return next((match[0] for text in sorted(digests) if (match := _DIGEST.search(str(text)))), "")


def _untagged(name: str) -> str:
    """Without its tag; the colon of a registry's port is none."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition(':')[0]}"
