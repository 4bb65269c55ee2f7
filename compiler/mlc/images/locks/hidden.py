"""Credentials of packages that are named by their address: a lock has the variables, never their values."""

import os
import re
from collections.abc import Mapping

from mlc.config.network import UnsetVariableError, expand
from mlc.images.locks.request import Request

_USER = re.compile(r"(?<=://)([^/@\s]+)@([^/\s?#]+)")


def hidden_in(source: str, request: Request, variables: Mapping[str, str]) -> str:
    """``source`` as uv gives it, with names and passwords as the requirement wrote them; those of nobody are left out.

    ``variables``: what requirements are expanded with, besides the environment.
    """
    found = _USER.search(source)
    if found is None or source.startswith(("git+ssh:", "ssh:")):
        return source
    environ = os.environ | dict(variables)
    for line in request.requirements:
        for user, host in _USER.findall(line):
            if host == found[2] and _expanded(user, environ) == found[1]:
                return f"{source[: found.start(1)]}{user}{source[found.end(1) :]}"
    return source[: found.start(1)] + source[found.start(2) :]


def _expanded(text: str, environ: Mapping[str, str]) -> str:
    try:
        return expand(text, environ)
    except UnsetVariableError:
        return text
