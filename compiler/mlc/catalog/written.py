"""A component as the files of a folder: the YAML that says the same, its code, and what its environment is made of.

Python functions have no YAML of their own; the reference's ``mldesigner compile`` writes such ones.
"""

from typing import Any, assert_never

from mlc.files import File, FileTree
from mlc.ir.asset import LATEST, AssetKind, AssetName, spelled
from mlc.ir.component import Component, InputPort, OutputPort
from mlc.ir.describe import command_text
from mlc.ir.environment import (
    BuildEnvironment,
    CondaEnvironment,
    CondaFile,
    Environment,
    ImageEnvironment,
    NamedEnvironment,
)
from mlc.ir.types import PortType

FILE = "component.yml"
_CODE = "code"
_CONTEXT = "context"


def component_files(component: Component) -> FileTree:
    """``component.yml`` and beside it ``code/`` and ``context/``, as far as there are any."""
    import yaml

    said: dict[str, Any] = {"type": "command", "name": component.name, "version": component.version}
    said |= {"display_name": component.display_name, "description": component.description}
    said |= {"tags": dict(component.tags), "is_deterministic": None if component.is_deterministic else False}
    said["inputs"] = {port.name: _input(port) for port in component.inputs}
    said["outputs"] = {port.name: _output(port) for port in component.outputs}
    said["code"] = None if component.code is None else f"./{_CODE}"
    said["environment"] = _environment(component.environment)
    resources, distribution = component.resources, component.distribution
    names = ("instance_count", "instance_type", "shm_size", "docker_args")
    said["resources"] = _full({name: getattr(resources, name) for name in names})
    said["distribution"] = {} if distribution is None else {"type": distribution.type} | dict(distribution.settings)
    said["command"] = command_text(component.command)
    text = yaml.safe_dump(_full(said), sort_keys=False, allow_unicode=True, width=120)
    files = {FILE: File(text.encode())}
    files |= {f"{_CODE}/{path}": file for path, file in (component.code.files if component.code else ())}
    if isinstance(component.environment, BuildEnvironment):
        files |= {f"{_CONTEXT}/{path}": file for path, file in component.environment.files}
    return files


def _full(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value not in (None, "", {}, [])}


def _input(port: InputPort) -> dict[str, Any]:
    bounds = [_bound(port, value) for value in (port.minimum, port.maximum)]
    return _full(
        {
            "type": str(port.type),
            "optional": port.optional or None,
            "min": bounds[0],
            "max": bounds[1],
            "enum": list(port.enum),
            "mode": None if port.mode is None else str(port.mode),
            "description": port.description,
        }
    ) | ({} if port.default is None else {"default": _default(port, port.default)})


def _bound(port: InputPort, value: float | None) -> float | None:
    return int(value) if value is not None and port.type is PortType.INTEGER else value


def _default(port: InputPort, text: str) -> Any:
    """Text stays text; what are numbers and truths in the function are those in the YAML."""
    return text == "True" if port.type is PortType.BOOLEAN else text


def _output(port: OutputPort) -> dict[str, Any]:
    mode = None if port.mode is None else str(port.mode)
    return _full({"type": str(port.type), "mode": mode, "description": port.description})


def _environment(environment: Environment) -> Any:
    match environment:
        case NamedEnvironment() as item:
            version = None if item.version == LATEST else item.version
            label = None if version else item.label or LATEST
            kind, name, registry = AssetKind.ENVIRONMENT, item.name, item.registry
            return spelled(AssetName(kind=kind, name=name, version=version, label=label, registry=registry))
        case ImageEnvironment():
            return {"image": environment.image}
        case CondaEnvironment():
            return _full({"image": environment.image, "conda_file": _conda(environment.conda)})
        case BuildEnvironment():
            return {"build": {"path": f"./{_CONTEXT}", "dockerfile_path": environment.dockerfile}}
        case _:
            assert_never(environment)


def _conda(conda: CondaFile) -> dict[str, Any]:
    python = conda.python and ("python" + ("" if conda.python[0] in "<>=!~" else "=") + conda.python)
    listed: list[Any] = [*([python] if python else []), *(item.text for item in (*conda.tools, *conda.conda))]
    if conda.pip:
        listed += [*([] if any(text.text.startswith("pip") for text in conda.tools) else ["pip"])]
        listed.append({"pip": [item.text for item in conda.pip]})
    return _full({"name": conda.name, "channels": list(conda.channels), "dependencies": listed})
