"""From the word on the command line to a file or a bundle, with words for what is neither."""

import os
from pathlib import Path

from mlc.diagnostics import Span, fail

PLAN = "plan.json"
_USUAL = ("pipeline.py", "pipeline.yml", "pipeline.yaml", "pipeline.ipynb")


def source_file(word: str) -> Path:
    """The absolute path of the source ``word``; raises ``MlcError`` where there is no such file."""
    if word == "-":
        raise fail(
            "E105",
            Span("-"),
            "A pipeline cannot be read from standard input",
            why="The paths in it are relative to its file",
            fix="Save it and give the file's name",
        )
    path = absolute(word)
    try:
        path.stat()
    except OSError as error:
        raise _missing(path, error) from None
    if path.is_dir():
        raise _folder(path)
    return path


def absolute(word: str) -> Path:
    """The absolute path, without ``..``; links are kept as they are."""
    return Path(os.path.abspath(word))  # noqa: PTH100 - Path.absolute keeps "..", Path.resolve follows links


def is_bundle(word: str) -> bool:
    """Whether ``word`` is the folder of a bundle, or the ``plan.json`` in one."""
    path = Path(word)
    return path.is_file() if path.name == PLAN else (path / PLAN).is_file()


def bundle_folder(word: str) -> Path:
    """The absolute path of the bundle ``word``; raises ``MlcError`` where it is none."""
    if is_bundle(word):
        path = absolute(word)
        return path.parent if path.is_file() else path
    path = absolute(word)
    if path.is_file():
        fix = f"Build it first (mlc build {word}) and give the folder that it names"
        raise fail("E603", Span(str(path)), f"{word!r} is a file, not the folder of a bundle", fix=fix)
    what = "holds no plan.json" if path.is_dir() else "does not exist"
    raise fail(
        "E603", Span(str(path)), f"The bundle {word!r} {what}", fix="mlc build SOURCE makes one in out/<pipeline>"
    )


def _missing(path: Path, error: OSError) -> Exception:
    if not isinstance(error, FileNotFoundError):
        return fail("E107", Span(str(path)), "The source cannot be read", why=error.strerror or str(error))
    fix = ""
    if path.parent.is_dir():
        from difflib import get_close_matches

        near = get_close_matches(path.name, [entry.name for entry in path.parent.iterdir()], n=1)
        fix = f"Did you mean {near[0]!r}?" if near else ""
    return fail("E101", Span(str(path)), "The source does not exist", fix=fix)


def _folder(path: Path) -> Exception:
    if is_bundle(str(path)):
        fix = "Give the source that it was built from; mlc run, outputs and runs take the folder"
        return fail("E106", Span(str(path)), "This is a bundle, not a source", fix=fix)
    usual = next((name for name in _USUAL if (path / name).is_file()), None)
    fix = f"Did you mean {str(Path(path.name) / usual)!r}?" if usual else "Give a .py, .ipynb, .yml or .yaml file"
    return fail("E106", Span(str(path)), "The source is a folder", fix=fix)
