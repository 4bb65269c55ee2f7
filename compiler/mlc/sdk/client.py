"""``MLClient``: every usual construction, every usual operation; nothing is contacted.

What a script registers can be got back by it. What it never registered is looked for in the source's own tree
(components), or is an inert answer, unless the script is prepared for an exception: then it gets the service's.
"""

from typing import Any

from mlc.sdk.component import Component, broken
from mlc.sdk.entities import KNOWN, Entity, entity
from mlc.sdk.environment import Environment
from mlc.sdk.errors import not_found
from mlc.sdk.guarded import is_guarded
from mlc.sdk.inert import Inert
from mlc.sdk.job import PipelineJob
from mlc.sdk.loading import LoadedJob
from mlc.sdk.node import Node
from mlc.sdk.pipeline import PipelineFunction
from mlc.sdk.session import here, session
from mlc.sdk.values import kind_of


class MLClient:
    """A workspace or a registry by name."""

    def __init__(self, credential: Any = None, *names: Any, **more: Any) -> None:
        given = dict(zip(("subscription_id", "resource_group_name", "workspace_name"), names, strict=False)) | more
        self.credential = credential
        self.subscription_id = given.get("subscription_id") or "00000000-0000-0000-0000-000000000000"
        self.resource_group_name = given.get("resource_group_name") or "local"
        self.registry_name = given.get("registry_name")
        self.workspace_name = given.get("workspace_name") or "local"
        self.jobs = Jobs("jobs", self)
        self.components = Components("components", self)
        self.environments = Environments("environments", self)
        self.compute = Named("compute", self)
        self.data = Operations("data", self)
        self.models = Operations("models", self)
        self.datastores = Named("datastores", self)
        self.workspaces = Named("workspaces", self)

    @classmethod
    def from_config(cls, credential: Any = None, **more: Any) -> "MLClient":
        """A client; config.json is not needed, as nothing is contacted."""
        more.pop("path", None)
        more.pop("file_name", None)
        return cls(credential, **more)

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Register or submit, by the kind of the entity."""
        entity = _entity(given, more)
        return self._operations(entity).create_or_update(entity, **more)

    def begin_create_or_update(self, *given: Any, **more: Any) -> "Poller":
        """The same, with something to wait for."""
        return Poller(self.create_or_update(*given, **more))

    def _operations(self, entity: Any) -> Any:
        if isinstance(entity, PipelineJob | Node | LoadedJob):
            return self.jobs
        if isinstance(entity, Component | PipelineFunction) or isinstance(component_of(entity), Component):
            return self.components
        if isinstance(entity, Environment):
            return self.environments
        return getattr(self, getattr(entity, "kind", ""), Operations("assets", self))

    def __getattr__(self, name: str) -> Any:
        """Operations on anything else; what is private in the reference is used by some scripts as well."""
        if name.startswith(("__", "_repr_", "_ipython_", "_mlc_")):
            raise AttributeError(name)
        return Inert(name) if name.startswith("_") else Operations(name, self)


def component_of(entity: Any) -> Any:
    """The component of a decorated function or of a node; else the entity itself."""
    if isinstance(entity, PipelineFunction | PipelineJob):
        return entity
    return getattr(entity, "component", entity) if isinstance(entity, Node) or callable(entity) else entity


_ENTITIES = frozenset(
    (
        *("entity", "job", "component", "data", "environment", "compute", "schedule", "workspace", "model"),
        *("datastore", "endpoint", "deployment", "registry", "connection", "workspace_connection", "index"),
        *("feature_set", "feature_store_entity"),
    )
)
"""Keywords by which operations are given what they are about."""


def _entity(given: tuple[Any, ...], more: dict[str, Any]) -> Any:
    """The entity of a call, given by position or by one of the reference's many keywords."""
    if given:
        return given[0]
    name = next((key for key in more if key in _ENTITIES), None)
    return more.pop(name) if name is not None else None


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


class Operations:
    """Register, get back, list; other operations are inert."""

    def __init__(self, kind: str, client: MLClient) -> None:
        self._kind = kind
        self._client = client

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Remember it under its name; gives the entity itself back."""
        entity = _entity(given, more)
        if not hasattr(entity, "__dict__") or isinstance(entity, type):
            what = f"create_or_update() gets {kind_of(entity)}"
            session().report("E209", what, why="That is nothing that a workspace holds", fix="Pass a job or an entity")
            return Inert(self._kind)
        name = str(getattr(entity, "name", None) or "")
        versions = session().registered.setdefault((self._kind, name), [])
        if more.get("version") is not None:
            entity.version = more["version"]
        if getattr(entity, "version", None) is None and self._kind != "compute":
            entity.version = str(len(versions) + 1)
        versions.append(entity)
        return entity

    def begin_create_or_update(self, *given: Any, **more: Any) -> Poller:
        """The same, with something to wait for."""
        return Poller(self.create_or_update(*given, **more))

    def get(self, name: Any = None, version: Any = None, label: Any = None, **_: Any) -> Any:
        """What was registered under that name, else what :meth:`_missing` makes of it."""
        versions = session().registered.get((self._kind, str(name)), [])
        for item in reversed(versions):
            if version is None or str(getattr(item, "version", "")) == str(version):
                return item
        return self._missing(str(name), None if version is None else str(version))

    def list(self, name: Any = None, **_: Any) -> list[Any]:
        """What was registered, newest first as the service lists it; of a name that is not known, a first version."""
        found = session().registered.items()
        return [
            item
            for (kind, key), items in found
            if kind == self._kind and name in {None, key}
            for item in reversed(items)
        ] or ([self._missing(str(name), "1")] if name is not None else [])

    def _missing(self, name: str, version: str | None) -> Any:
        if is_guarded("ResourceNotFoundError", "HttpResponseError", "AzureError"):
            raise not_found(f"{self._kind} {name!r} is not registered: mlc contacts no workspace")
        kind = next((item for item in KNOWN.values() if item.kind == self._kind), Entity)
        return kind(name=name, version=version, registered=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("begin_"):
            return lambda *args, **more: Poller(args[0] if args else Inert(name))
        return Inert(f"{self._kind}.{name}")


class Named(Operations):
    """Computes, datastores, workspaces: a name is all there is to them."""

    def get(self, name: Any = None, *_: Any, **more: Any) -> Any:
        """An entity of that name, whether it was made before or not."""
        registered = session().registered.get((self._kind, str(name)), [])
        if registered:
            return registered[-1]
        kind = {"compute": "AmlCompute", "datastores": "Datastore", "workspaces": "Workspace"}[self._kind]
        return entity(kind)(name=str(name or "local"), size="", location="local")

    def get_default(self, **_: Any) -> Any:
        """The default datastore."""
        return self.get("workspaceblobstore")


class Environments(Operations):
    """Environments: those never registered are names to look up when compiling."""

    def _missing(self, name: str, version: str | None) -> Any:
        if is_guarded("ResourceNotFoundError", "HttpResponseError", "AzureError"):
            raise not_found(f"Environment {name!r} is not registered: mlc contacts no workspace")
        environment = Environment(name=name, version=version)
        environment.more["registry"] = self._client.registry_name
        return environment


class Components(Operations):
    """Components: registered ones, then those of the source's own tree."""

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Register a component, a decorated function, or the component of a command."""
        entity = component_of(_entity(given, more))
        if not isinstance(entity, Component | PipelineFunction):
            what = f"components.create_or_update() gets {kind_of(entity)}"
            session().report("E209", what, fix="Pass a component")
            return broken(str(getattr(entity, "name", "component")), here())
        return self._remember(entity, more)

    def _remember(self, entity: Any, more: dict[str, Any]) -> Any:
        if isinstance(entity, PipelineFunction):
            session().registered.setdefault((self._kind, entity.name), []).append(entity)
            return entity
        return super().create_or_update(entity, **more)

    def _missing(self, name: str, version: str | None) -> Any:
        loaded = None if self._client.registry_name else session().find_component(name, version)
        if loaded is not None:
            return loaded
        shown = name if version is None else f"{name}:{version}"
        if is_guarded("ResourceNotFoundError", "HttpResponseError", "AzureError"):
            raise not_found(f"Component {shown!r} is not registered: mlc contacts no workspace")
        where = f"registry {self._client.registry_name!r}" if self._client.registry_name else "a workspace"
        what = f"Component {shown!r} is in {where}, which mlc does not contact"
        why = "This script does not register it, and no YAML file beside it has that name"
        fix = "Put the component's YAML and code beside the script, or register it in the script"
        session().report("E220", what, why=why, fix=fix)
        return broken(name, here())


class Jobs(Operations):
    """Jobs: submitting one is what is compiled; a submitted job counts as completed."""

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Submit: what the job says now is compiled; changing it afterwards changes nothing."""
        job = _entity(given, more)
        session().submit(job, more.get("experiment_name"))
        if getattr(job, "name", None) is None:
            number = len(session().registered.setdefault(("jobs", ""), [])) + 1
            session().registered[("jobs", "")].append(job)
            if isinstance(job, PipelineJob):
                job.name = f"{job.display_name}_{number}"
            else:
                return Inert("job", name=f"job_{number}", status="Completed", studio_url="")
        session().registered.setdefault(("jobs", str(job.name)), []).append(job)
        return job

    def get(self, name: Any = None, *_: Any, **more: Any) -> Any:
        """The job that was submitted under that name, else one that is completed."""
        registered = session().registered.get(("jobs", str(name)), [])
        return registered[-1] if registered else Inert("job", name=name, status="Completed", studio_url="")

    def validate(self, job: Any = None, **_: Any) -> Any:
        """A result that says yes: mlc says what is wrong when it compiles."""
        return Inert("result", passed=True, error_messages={})

    def stream(self, name: Any = None, **_: Any) -> None:
        """Return at once."""

    def download(self, name: Any = None, **_: Any) -> None:
        """Return at once; nothing is written."""
