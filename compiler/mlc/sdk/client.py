"""``MLClient``: every usual construction, every usual operation; nothing is contacted."""

from pathlib import Path
from typing import Any

from mlc.sdk.component import Component
from mlc.sdk.environment import Environment
from mlc.sdk.inert import Inert
from mlc.sdk.job import PipelineJob
from mlc.sdk.loading import LoadedJob
from mlc.sdk.node import Node
from mlc.sdk.operations import Components, Computes, Environments, Named, Operations, Poller, component_of, entity_of
from mlc.sdk.pipeline import PipelineFunction
from mlc.sdk.submission import Jobs
from mlc.sdk.values import nearest

_NAMES = ("subscription_id", "resource_group_name", "workspace_name", "registry_name")

OPERATIONS = (
    *("azure_openai_deployments", "batch_deployments", "batch_endpoints", "capability_hosts", "components", "compute"),
    *("connections", "data", "datastores", "deployment_templates", "environments", "evaluators", "feature_sets"),
    *("feature_store_entities", "feature_stores", "indexes", "jobs", "marketplace_subscriptions", "models"),
    *("online_deployments", "online_endpoints", "registries", "schedules", "serverless_endpoints"),
    *("workspace_connections", "workspace_outbound_rules", "workspaces", "hubs", "projects"),
)
"""What a client has in the reference. Other names, of later releases, are answered inertly."""


class MLClient:
    """A workspace or a registry by name."""

    def __init__(self, credential: Any = None, *names: Any, **more: Any) -> None:
        given = dict(zip(_NAMES, names, strict=False)) | more
        self.credential = credential
        self.subscription_id = given.get("subscription_id") or "00000000-0000-0000-0000-000000000000"
        self.resource_group_name = given.get("resource_group_name") or "local"
        self.registry_name = given.get("registry_name")
        self.workspace_name = given.get("workspace_name") or "local"
        self.jobs = Jobs("jobs", self)
        self.components = Components("components", self)
        self.environments = Environments("environments", self)
        self.compute = Computes("compute", self)
        self.data = Operations("data", self)
        self.models = Operations("models", self)
        self.datastores = Named("datastores", self)
        self.workspaces = Named("workspaces", self)

    @classmethod
    def from_config(cls, credential: Any = None, **more: Any) -> "MLClient":
        """A client. The names are those of config.json where there is one; nothing is contacted, so none is needed."""
        found = _config(more.pop("path", None), more.pop("file_name", None))
        return cls(credential, **(found | {key: value for key, value in more.items() if value is not None}))

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Register or submit, by the kind of the entity."""
        entity = entity_of(given, more)
        return self._operations(entity).create_or_update(entity, **more)

    def begin_create_or_update(self, *given: Any, **more: Any) -> Poller:
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
        if name.startswith("_"):
            return Inert(name)
        if name not in OPERATIONS and (hint := nearest(name, OPERATIONS)):
            raise AttributeError(f"'MLClient' object has no attribute {name!r}. {hint}")
        return Operations(name, self)

    def __repr__(self) -> str:
        return f"<MLClient {self.registry_name or self.workspace_name}>"


def _config(path: Any, name: Any) -> dict[str, str]:
    """Names in the config.json that the reference would take: at ``path``, else of this folder or one above it."""
    start = Path.cwd() / str(path or "")
    if start.is_file():
        return _read(start)
    name = str(name or "config.json")
    for folder in (start, *start.parents):
        for file in (folder / ".azureml" / name, folder / name, folder / "aml_config" / name):
            if file.is_file():
                return _read(file)
    return {}


def _read(file: Path) -> dict[str, str]:
    import json

    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    content = content if isinstance(content, dict) else {}
    content.setdefault("resource_group_name", content.get("resource_group"))
    return {key: str(content[key]) for key in _NAMES[:3] if content.get(key)}
