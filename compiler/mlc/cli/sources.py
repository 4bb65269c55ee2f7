"""From the word on the command line to a file or a bundle, with words for what is neither."""

import os
from pathlib import Path

from mlc.diagnostics import Span, fail

PLAN = "plan.json"


def source_file(word: str) -> Path:
    """The absolute path of the source ``word``; ``MlcError`` for standard input and for a bundle.

    Whether there is a file, and of which kind, is the front end's to say.
    """
    if word == "-":
        what = "A pipeline cannot be read from standard input"
        why = "The paths in it are relative to its file"
        raise fail("E105", Span("-"), what, why=why, fix="Save it and give the file's name")
    path = absolute(word)
    if is_bundle(word) and path.is_dir():
        fix = "Give the source that it was built from; mlc run, outputs and runs take the folder"
        raise fail("E106", Span(str(path)), "This is a bundle, not a source", fix=fix)
    return path


def absolute(word: str) -> Path:
    """The absolute path, without ``..``; links are kept as they are."""
    return Path(os.path.abspath(word))  # noqa: PTH100 - Path.absolute keeps "..", Path.resolve follows links


def is_bundle(word: str) -> bool:
    """Whether ``word`` is the folder of a bundle, or the ``plan.json`` in one."""
    path = Path(word)
    return os.path.isfile(path if path.name == PLAN else path / PLAN)  # noqa: PTH113 - Path raises for odd names


def bundle_folder(word: str) -> Path:
    """The absolute path of the bundle ``word``; raises ``MlcError`` where it is none."""
    if is_bundle(word):
        path = absolute(word)
        return path.parent if path.is_file() else path
    path = absolute(word)
    try:
        kind = "file" if path.is_file() else "folder" if path.is_dir() else "nothing"
    except OSError:
        kind = "nothing"
    if kind == "file":
        fix = f"Build it first (mlc build {word}) and give the folder that it names"
        raise fail("E603", Span(str(path)), f"{word!r} is a file, not the folder of a bundle", fix=fix)
    what = "holds no plan.json" if kind == "folder" else "does not exist"
    raise fail(
        "E603", Span(str(path)), f"The bundle {word!r} {what}", fix="mlc build SOURCE makes one in out/<pipeline>"
    )
