"""``Environment`` objects, dicts, names and paths of the DSL -> ``ir`` environments."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.environments import load_environment_file, parse_environment, parse_environment_name
from mlc.frontend.yaml.located import from_python
from mlc.frontend.yaml.scope import local_path
from mlc.ir.environment import CondaEnvironment, Environment, ImageEnvironment, NamedEnvironment, Requirement
from mlc.sdk.component import Raw
from mlc.sdk.environment import BuildContext
from mlc.sdk.environment import Environment as Described
from mlc.sdk.session import session
from mlc.sdk.values import kind_of

_FIELDS = ("image", "conda_file", "build", "os_type")
_INJECTED = ("mlflow", "azureml-mlflow")


def environment(raw: Raw, given: Any, span: Span, bag: Bag) -> Environment | None:
    """The environment of a component; None: the bag says why. ``given``: what the author said, now."""
    if given is None:
        return _default(raw, span, bag)
    found = _parse(raw, given, span, bag)
    if raw.needs_mlflow and isinstance(found, CondaEnvironment) and found.conda.pip:
        return _with_mlflow(found)
    return found


def _default(raw: Raw, span: Span, bag: Bag) -> Environment | None:
    if not raw.is_python_function:
        what = "command() has no environment"
        bag.add(
            "E110", span, what, why="It is required", fix='Add environment="azureml:NAME@latest" or Environment(...)'
        )
        return None
    name = "mldesigner" if raw.needs_mlflow else "mldesigner-minimal"
    return NamedEnvironment(name=name, version="latest", registry="azureml", span=span)


def _parse(raw: Raw, given: Any, span: Span, bag: Bag) -> Environment | None:
    if isinstance(given, Described):
        return described(given, bag)
    if isinstance(given, dict):
        return parse_environment(from_python(_plain(given), span), _folder(given, raw), bag)
    if isinstance(given, str) and (not raw.is_python_function or given.lower().startswith("azureml:")):
        return _named(given, span, raw, bag)
    if isinstance(given, str | os.PathLike):
        return load_environment_file(local_path(os.fspath(given), raw.base), bag, span)
    what = f"The environment is {kind_of(given)}"
    fix = "Use Environment(...), a dict, the path of an environment file, or 'azureml:NAME@latest'"
    bag.add("E209", span, what, fix=fix)
    return None


def _named(text: str, span: Span, raw: Raw, bag: Bag) -> Environment | None:
    """``azureml:NAME:VERSION``, where ``command()`` also takes it without the prefix; registered ones are known."""
    full = text if text.startswith(("azureml:", "/", "file:")) else f"azureml:{text}"
    named = parse_environment_name(full, span)
    if named is None:
        return parse_environment(from_python(full, span), raw.base, bag)
    for item in reversed(session().registered.get(("environments", named.name), [])):
        if named.version in {None, "latest", str(item.version)} and not item.is_name_only:
            return described(item, bag)
    return named


def described(given: Described, bag: Bag) -> Environment | None:
    """An ``Environment`` object as IR; one that says nothing but a name is to be looked up."""
    if given.loaded is not None:
        found: Environment = given.loaded
        if isinstance(found, ImageEnvironment | CondaEnvironment) and given.image not in {None, found.image}:
            return replace(found, image=str(given.image))
        return found
    if given.is_name_only and given.name:
        version = None if given.version is None else str(given.version)
        for item in reversed(session().registered.get(("environments", str(given.name)), [])):
            if item is not given and not item.is_name_only and version in {None, "latest", str(item.version)}:
                return described(item, bag)
        registry = given.more.get("registry")
        return NamedEnvironment(name=str(given.name), version=version, registry=registry, span=given.span)
    fields = {name: getattr(given, name, None) for name in _FIELDS if getattr(given, name, None) is not None}
    fields |= {name: value for name, value in given.more.items() if name in _FIELDS}
    if given.name:
        fields["name"] = str(given.name)
    return parse_environment(from_python(_plain(fields), given.span), given.base, bag)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Without empty fields, and with a build context as the dict that it stands for."""
    found = {str(key): value for key, value in fields.items() if value is not None}
    build = found.get("build")
    if isinstance(build, BuildContext):
        path = local_path(os.fspath(build.path), build.base) if build.path is not None else None
        found["build"] = {"path": path, "dockerfile_path": build.dockerfile_path}
    if isinstance(found.get("build"), dict):
        found["build"] = {key: value for key, value in found["build"].items() if value is not None}
    return found


def _folder(given: dict[str, Any], raw: Raw) -> Path:
    """What a dict's paths are relative to: the working folder; the component's, where only that has the file."""
    for key in ("conda_file", "build"):
        value = given.get(key)
        path = value.get("path") if key == "build" and isinstance(value, dict) else value
        if isinstance(path, str | os.PathLike) and not (raw.cwd / path).exists() and (raw.base / path).exists():
            return raw.base
    return raw.cwd


def _with_mlflow(found: CondaEnvironment) -> CondaEnvironment:
    """Values that a function returns go through mlflow in the reference, which adds it to the pip list."""
    pip = found.conda.pip
    missing = [name for name in _INJECTED if not any(item.text.strip().startswith(name) for item in pip)]
    added = tuple(Requirement(text=name, span=found.span) for name in missing)
    return replace(found, conda=replace(found.conda, pip=pip + added))
