"""Values for a plan's inputs: what a person gave (``--input epochs=1``), checked, over what the plan says."""

import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from mlc.diagnostics import NOWHERE, Bag
from mlc.files import make_folder
from mlc.ir.plan import Plan, PlanInput
from mlc.ir.types import PortType


def overrides(plan: Plan, given: Iterable[str], cwd: Path, bag: Bag) -> dict[str, str]:
    """``["epochs=1", "raw=data/"]`` by name of the input; what is wrong is in ``bag`` (E653) and left out.

    Data is named by a path relative to ``cwd`` and becomes absolute.
    """
    known = {item.name: item for item in plan.inputs}
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals:
            bag.add(
                "E653",
                NOWHERE,
                f"The setting `{text}` gives no value",
                fix="Write NAME=VALUE, for example `--input epochs=1`",
            )
        elif name not in known:
            bag.add("E653", NOWHERE, f"There is no input {name!r}", why=_known(known), fix=_nearest(name, known))
        elif (wrong := _wrong(known[name], value, cwd)) is not None:
            bag.add("E653", NOWHERE, f"The input {name} cannot be {_short(value)}", why=wrong)
        else:
            found[name] = _path(value, cwd) if _is_path(known[name]) and value else value
    return found


def variables(plan: Plan, bundle: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The text of every plan input by its variable (``INPUT_EPOCHS``); '' for what has no value.

    Paths of data are absolute: ``given`` ones as they are, the plan's own relative to ``bundle``.
    """
    found = {}
    for item in plan.inputs:
        value = given.get(item.name, item.value)
        if value and _is_path(item):
            value = _path(value, bundle)
        found[item.variable] = value or ""
    return found


def check_values(plan: Plan, values: Mapping[str, str], bag: Bag) -> None:
    """E653 for every input that has to have a value and has none, and for data that is not there."""
    for item in plan.inputs:
        value = values[item.variable]
        how = f"Give it with `--input {item.name}=...`"
        if not value and item.value is None and not item.optional:
            bag.add("E653", NOWHERE, f"The input {item.name} has no value", why="It has no default", fix=how)
        elif value and item.written and _is_path(item):
            _make(item, Path(value), bag)
        elif value and _is_path(item) and not Path(value).exists():
            bag.add("E653", NOWHERE, f"The data of the input {item.name} is not there", why=f"No {value}", fix=how)


def _wrong(item: PlanInput, value: str, cwd: Path) -> str | None:
    if not value and item.optional:
        return None
    match item.type:
        case PortType.INTEGER:
            return None if _parses(int, value) else "It takes a whole number, such as 10"
        case PortType.NUMBER:
            return None if _parses(_finite, value) else "It takes a number, such as 0.5"
        case PortType.BOOLEAN:
            return None if value.lower() in ("true", "false") else "It takes true or false"
        case PortType.STRING:
            return "It cannot hold a null character" if "\0" in value else None
        case _:
            return _wrong_data(item, value, cwd)


def _make(item: PlanInput, folder: Path, bag: Bag) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        why = f"{folder}: {error.strerror}"
        bag.add("E653", NOWHERE, f"The folder of the output {item.name} cannot be made", why=why)


def _is_path(item: PlanInput) -> bool:
    return item.type.is_data and not item.remote


def _wrong_data(item: PlanInput, value: str, cwd: Path) -> str | None:
    if item.remote:
        is_uri = "://" in value or value.startswith("azureml:")
        return None if is_uri else f"It takes a URI, such as {item.value}; for a path, compile with that path"
    if "://" in value:
        return "It takes a local file or folder; for a URI, compile with that URI"
    try:
        path = Path(_path(value, cwd))
        if not path.exists() and not item.written:
            return f"There is no {path}"
        if item.type.is_file and not path.is_file():
            return f"It takes a file, and {path} is a folder"
        if not item.type.is_file and path.exists() and not path.is_dir():
            return f"It takes a folder, and {path} is a file"
    except (OSError, ValueError) as error:
        return str(error)
    return None


def _parses(kind: type[int] | object, value: str) -> bool:
    assert callable(kind)
    try:
        kind(value)
    except (ValueError, OverflowError):
        return False
    return value == value.strip() and "_" not in value


def _finite(value: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _path(value: str, base: Path) -> str:
    return os.path.normpath(base.absolute() / Path(value).expanduser())


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:57]}...")


def _known(known: Mapping[str, PlanInput]) -> str:
    own = [name for name, item in known.items() if item.of_pipeline]
    return f"The pipeline's inputs are {', '.join(own)}" if own else "The pipeline has no inputs"


def _nearest(name: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(known), 1)
    return f"Did you mean {near[0]!r}?" if near else ""
