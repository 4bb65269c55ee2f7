"""Component objects of the DSL -> ``ir`` components; each object once, however many nodes use it."""

from dataclasses import field, replace
from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.files import File
from mlc.frontend.commands import parse_command
from mlc.frontend.python.environments import environment
from mlc.frontend.yaml.command_component import read_code
from mlc.frontend.yaml.components import resolve
from mlc.frontend.yaml.located import Mapping, from_python
from mlc.frontend.yaml.scope import Scope
from mlc.frontend.yaml.settings import distribution, resources
from mlc.frontend.yaml.shapes import Fields
from mlc.ir.component import Code
from mlc.ir.component import Component as Built
from mlc.ir.environment import Environment, ImageEnvironment
from mlc.ir.parallel import Parallel
from mlc.ir.types import Pairs
from mlc.records import dataclass
from mlc.sdk.command import ANONYMOUS
from mlc.sdk.component import Component, Raw
from mlc.sdk.naming import sanitized
from mlc.sdk.settings import Distribution, Settings
from mlc.sdk.values import literal


@dataclass(slots=True)
class Components:
    """What was built so far. ``written`` are files that exist only while the source is loaded: kept as bytes."""

    bag: Bag
    written: dict[Path, bytes] = field(default_factory=dict)
    _built: dict[int, tuple[Component, Any, Built]] = field(default_factory=dict)

    def build(self, component: Component) -> Built:
        """The component as IR. Mistakes are reported; what cannot be had is left out, so that the rest is checked."""
        known, state = self._built.get(id(component)), _state(component)
        if known is None or known[1] != state:
            known = self._built[id(component)] = (component, state, self._build(component))
        return known[2]

    def _build(self, component: Component) -> Built:
        body, span = component.body, component.span
        if isinstance(body, Built):
            return self._changed(body, component)
        assert isinstance(body, Raw), "pipelines and broken components are no command components"
        changes = component.changes
        given = {"resources": body.resources, "distribution": body.distribution, "code": body.code} | changes
        fields = self._fields(given, component, span)
        names = [port.name for port in component.input_ports]
        command = str(changes.get("command", body.command))
        return Built(
            name=name_of(component),
            command=parse_command(command, span.at("command"), self.bag, names),
            environment=self._environment(body, component) or unknown(),
            version=None if component.version is None else str(component.version),
            display_name=_text(component.display_name),
            description=_text(component.description) or "",
            tags=pairs(component.tags),
            inputs=component.input_ports,
            outputs=component.output_ports,
            code=self._code(body, fields, span),
            resources=resources(fields),
            distribution=distribution(fields),
            is_deterministic=changes.get("is_deterministic", body.is_deterministic) is not False,
            is_python_function=body.is_python_function,
            parallel=self._parallel(body, component),
            span=span,
        )

    def _parallel(self, body: Raw, component: Component) -> Parallel | None:
        if body.parallel is None:
            return None
        from mlc.frontend.python.many import parallel_of

        return parallel_of(body.parallel, f"component {name_of(component)!r}", component.span, self.bag)

    def _environment(self, body: Raw, component: Component) -> Environment | None:
        given = component.changes.get("environment", body.environment)
        return environment(body, given, component.span.at("environment"), self.bag)

    def _changed(self, body: Built, component: Component) -> Built:
        """A loaded component with what the script set on it afterwards."""
        changes = component.changes
        said: dict[str, Any] = {} if component.name == body.name else {"name": component.name}
        if "version" in changes:
            said["version"] = _text(component.version)
        for name in ("display_name", "description"):
            if name in changes:
                said[name] = _text(changes[name]) or ""
        if "tags" in changes:
            said["tags"] = pairs(changes["tags"])
        if "is_deterministic" in changes:
            said["is_deterministic"] = changes["is_deterministic"] is not False
        base = Raw(command="", base=Path.cwd())
        if "environment" in changes:
            changed = environment(base, changes["environment"], component.span, self.bag)
            said["environment"] = changed or body.environment
        if "command" in changes:
            names = [port.name for port in component.input_ports]
            said["command"] = parse_command(str(changes["command"]), component.span, self.bag, names)
        fields = self._fields(
            {name: changes[name] for name in ("resources", "distribution", "code") if name in changes},
            component,
            component.span,
        )
        if "resources" in changes:
            said["resources"] = resources(fields)
        if "distribution" in changes:
            said["distribution"] = distribution(fields)
        if "code" in changes:
            said["code"] = self._code(base, fields, component.span)
        return replace(body, **said)

    def _code(self, body: Raw, fields: Fields, span: Span) -> Code | None:
        if body.files:
            files = tuple((name, File(content)) for name, content in sorted(body.files.items()))
            return Code(files=files, span=span)
        code = read_code(fields, scope(body.base, self.bag))
        return code if code is None or not self.written else replace(code, files=self._kept(code, body))

    def _kept(self, code: Code, body: Raw) -> tuple[tuple[str, File], ...]:
        def kept(file: File) -> File:
            known = self.written.get(file.content) if isinstance(file.content, Path) else None
            return file if known is None else replace(file, content=known)

        return tuple((name, kept(file)) for name, file in code.files)

    def _fields(self, given: dict[str, Any], component: Component, span: Span) -> Fields:
        plain = {name: value for name, value in given.items() if value is not None and name != "environment"}
        for name in ("resources", "distribution"):
            if name in plain:
                plain[name] = settings_of(plain[name])
        mapping = from_python(plain, span)
        assert isinstance(mapping, Mapping)
        return Fields(mapping, f"component {component.name!r}", self.bag)


def _state(component: Component) -> Any:
    """What a script may change between two submissions, as it is now."""
    said = dict(component.changes)
    if isinstance(component.body, Raw):
        said |= {"made with": component.body.environment, "resources of it": component.body.resources}
    now = {name: dict(vars(item)) if hasattr(item, "__dict__") else item for name, item in said.items()}
    return component.name, now


def name_of(component: Component) -> str:
    """What a component is called in a bundle: one without a name after what it is shown as."""
    if component.name != ANONYMOUS:
        return component.name
    return sanitized(str(component.display_name or "")) or "command"


def scope(base: Path, bag: Bag) -> Scope:
    """The readers' scope for something that a script says in the folder ``base``."""
    return Scope(file=base / "script", base=base, bag=bag, resolve=resolve)


def settings_of(value: Settings | None) -> dict[str, Any]:
    """A settings object as a plain dict without empty values; a distribution's class gives its type."""
    found = {} if value is None else dict(vars(value))
    if isinstance(value, Distribution) and value.type:
        found = {"type": value.type} | found
    return {str(key): item for key, item in found.items() if item is not None}


def pairs(value: Any) -> Pairs:
    """A dict as text pairs; plain values are spelled as the service spells them."""
    if not isinstance(value, dict):
        return ()
    return tuple((str(key), plain[1] if (plain := literal(item)) else str(item)) for key, item in value.items())


def unknown() -> Environment:
    """In place of an environment about which something was said already."""
    return ImageEnvironment(image="")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
