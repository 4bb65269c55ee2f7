"""Where the program uv is."""

import os
import shutil

from mlc.diagnostics import NOWHERE, fail


def find_uv() -> str:
    """The uv that was installed with mlc, else the one on PATH; E656 if there is none."""
    try:
        from uv import find_uv_bin

        return os.fspath(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
    if found is None:
        raise fail("E656", NOWHERE, "The program uv is not installed", fix="Install mlc anew, or `pip install uv`")
    return found
