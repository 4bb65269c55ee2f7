"""What a client does with assets and resources: register, get back, list; other operations are inert.

What a script registers can be got back by it. What it never registered is looked for in the source's own tree, or is
an inert answer, unless the script is prepared for an exception: then it gets the service's.
"""

from typing import Any

from mlc.ir.asset import AssetKind, AssetName, spelled
from mlc.ir.environment import NamedEnvironment
from mlc.sdk.component import Component, broken
from mlc.sdk.definition import Definition
from mlc.sdk.entities import KNOWN, Entity, entity
from mlc.sdk.environment import Environment
from mlc.sdk.errors import not_found
from mlc.sdk.guarded import is_guarded
from mlc.sdk.inert import Inert
from mlc.sdk.job import PipelineJob
from mlc.sdk.node import Node
from mlc.sdk.pipeline import PipelineFunction
from mlc.sdk.session import here, session
from mlc.sdk.values import kind_of

_KINDS = {kind.plural: kind for kind in AssetKind}
_DATA = frozenset({AssetKind.DATA.plural, AssetKind.MODEL.plural})
_ENTITIES = frozenset(
    (
        *("entity", "job", "component", "data", "environment", "compute", "schedule", "workspace", "model"),
        *("datastore", "endpoint", "deployment", "registry", "connection", "workspace_connection", "index"),
        *("feature_set", "feature_store_entity", "feature_store", "featureset", "capability_host"),
    )
)
"""Keywords by which operations are given what they are about."""


def entity_of(given: tuple[Any, ...], more: dict[str, Any]) -> Any:
    """The entity of a call, given by position or by one of the reference's many keywords."""
    if given:
        return given[0]
    name = next((key for key in more if key in _ENTITIES), None)
    return more.pop(name) if name is not None else None


def component_of(given: Any) -> Any:
    """The component of a decorated function, of a job or of a node; else the thing itself."""
    if isinstance(given, PipelineFunction | Component):
        return given
    definition = given.definition if isinstance(given, PipelineJob | Node) else given
    if isinstance(definition, Definition):
        return definition.function or given
    return getattr(given, "component", given) if isinstance(given, Node) or callable(given) else given


def is_expected(*more: str) -> bool:
    """Whether the script is prepared for the service's answer that there is nothing of that name."""
    return is_guarded("ResourceNotFoundError", "HttpResponseError", "AzureError", "MlException", *more)


class Poller:
    """What ``begin_...`` returns: done already."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def result(self, timeout: Any = None) -> Any:
        """The entity."""
        return self.value

    def wait(self, timeout: Any = None) -> None:
        """Return at once."""

    def done(self) -> bool:
        """Always."""
        return True

    def status(self) -> str:
        """As of a success."""
        return "Succeeded"

    def add_done_callback(self, func: Any) -> None:
        """Call it at once."""
        func(self)

    def continuation_token(self) -> str:
        """Nothing is left to go on with."""
        return ""


class Operations:
    """Operations on assets of one kind."""

    def __init__(self, kind: str, client: Any) -> None:
        self._kind = kind
        self._client = client

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Remember it under its name; gives the entity itself back."""
        found = entity_of(given, more)
        if not hasattr(found, "__dict__") or isinstance(found, type):
            what = f"create_or_update() gets {kind_of(found)}"
            session().report("E209", what, why="That is nothing that a workspace holds", fix="Pass a job or an entity")
            return Inert(self._kind)
        name = str(getattr(found, "name", None) or "")
        versions = session().registered.setdefault((self._kind, name), [])
        if more.get("version") is not None:
            found.version = more["version"]
        if getattr(found, "version", None) is None and self._kind != "compute":
            found.version = str(len(versions) + 1)
        versions.append(found)
        return found

    def begin_create_or_update(self, *given: Any, **more: Any) -> Poller:
        """The same, with something to wait for."""
        return Poller(self.create_or_update(*given, **more))

    begin_create = begin_update = begin_attach = begin_create_or_update

    def get(self, name: Any = None, version: Any = None, label: Any = None, **_: Any) -> Any:
        """What was registered under that name, else what :meth:`_missing` makes of it."""
        versions = session().registered.get((self._kind, str(name)), [])
        for item in reversed(versions):
            if version is None or str(getattr(item, "version", "")) == str(version):
                return item
        return self._missing(str(name), None if version is None else str(version))

    def list(self, name: Any = None, **_: Any) -> list[Any]:
        """What was registered, newest first as the service lists it, then what the tree and the catalog have.

        Of a name that is known nowhere, a first version.
        """
        own = {key: items for (kind, key), items in session().registered.items() if kind == self._kind}
        asset = _KINDS.get(self._kind)
        known = session().names.known(asset) if name is None and asset is not None else ()
        wanted = (*own, *known) if name is None else (str(name),)
        found: list[Any] = []
        for key in dict.fromkeys(wanted):
            if key in own:
                found += reversed(own[key])
            elif name is None:
                # Names and versions only: files that the pipeline does not use may be broken, and nobody asked.
                found += [Entity(name=key, version=one, registered=True) for one in self._versions(key)]
            else:
                found += [self._missing(key, one) for one in self._versions(key)]
        return found

    def _versions(self, name: str) -> "tuple[str, ...]":
        """What the tree and the catalog have, newest first; of a name that nobody knows, a first version."""
        kind = _KINDS.get(self._kind)
        known = session().names.versions(kind, name) if kind is not None else ()
        return known[::-1] or ("1",)

    def _wanted(self, name: str, version: str | None) -> AssetName:
        registry = self._client.registry_name
        return AssetName(kind=_KINDS.get(self._kind), name=name, version=version, registry=registry, span=here())

    def validate(self, given: Any = None, **_: Any) -> Any:
        """A result that says yes: mlc says what is wrong when it compiles."""
        return Inert("result", passed=True, error_messages={})

    def _missing(self, name: str, version: str | None) -> Any:
        kind = next((item for item in KNOWN.values() if item.kind == self._kind), Entity)
        found = session().names.data(self._wanted(name, version)) if self._kind in _DATA else None
        if found is not None:
            version = version or self._versions(name)[0]
            return kind(name=name, version=version, path=found.local or found.uri, type=found.type, registered=True)
        if is_expected():
            raise not_found(f"{self._kind} {name!r} is not registered: mlc contacts no workspace")
        return kind(name=name, version=version, registered=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("begin_"):
            return lambda *args, **more: Poller(args[0] if args else Inert(name))
        return Inert(f"{self._kind}.{name}")


class Named(Operations):
    """Datastores, workspaces: a name is all there is to them."""

    def get(self, name: Any = None, *_: Any, **more: Any) -> Any:
        """An entity of that name, whether it was made before or not."""
        registered = session().registered.get((self._kind, str(name)), [])
        if registered:
            return registered[-1]
        kind = {"datastores": "Datastore", "workspaces": "Workspace"}[self._kind]
        return entity(kind)(name=str(name or "local"), location="local")

    def get_default(self, **_: Any) -> Any:
        """The default datastore."""
        return self.get("workspaceblobstore")


class Computes(Operations):
    """Computes: every name is there; those that the script did not make have a usual size."""

    def get(self, name: Any = None, *_: Any, **more: Any) -> Any:
        """A compute of that name, whether it was made before or not."""
        registered = session().registered.get((self._kind, str(name)), [])
        if registered:
            return registered[-1]
        from mlc.sdk.vm_sizes import usual

        found = entity("AmlCompute")(name=str(name or "local"), size=usual(str(name)), location="local")
        found.__dict__.update(type="amlcompute", min_instances=0, max_instances=1, tier="dedicated")
        return found

    def list_sizes(self, **_: Any) -> Any:
        """Common sizes of virtual machines, with their CPUs, memory and GPUs."""
        from mlc.sdk.vm_sizes import sizes

        return sizes()


class Environments(Operations):
    """Environments: those never registered are names to look up when compiling."""

    def _missing(self, name: str, version: str | None) -> Any:
        if is_expected():
            wanted = NamedEnvironment(name=name, version=version, registry=self._client.registry_name, span=here())
            found = session().names.environment(wanted)
            if found is None:
                raise not_found(f"Environment {name!r} is not registered: mlc contacts no workspace")
            return Environment(loaded=found, name=name, version=version)
        environment = Environment(name=name, version=version)
        environment.more["registry"] = self._client.registry_name
        return environment


class Components(Operations):
    """Components: registered ones, then those of the source's own tree and of the local catalog."""

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Register a component, a decorated function, or the component of a command."""
        found = component_of(entity_of(given, more))
        if not isinstance(found, Component | PipelineFunction):
            what = f"components.create_or_update() gets {kind_of(found)}"
            session().report("E209", what, fix="Pass a component")
            return broken(str(getattr(found, "name", "component")), here())
        if isinstance(found, PipelineFunction):
            session().registered.setdefault((self._kind, found.name), []).append(found)
            return found
        return super().create_or_update(found, **more)

    def _missing(self, name: str, version: str | None) -> Any:
        wanted = self._wanted(name, version)
        loaded = session().find_component(wanted)
        if loaded is not None:
            return loaded
        if is_expected() or session().bag is None:
            raise not_found(f"Component {spelled(wanted)!r} is not registered: mlc contacts no workspace")
        session().names.miss(wanted)
        return broken(name, here())
