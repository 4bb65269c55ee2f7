"""Assets and resources as scripts make them: objects with the fields they were given. Nothing is created anywhere."""

from pathlib import Path
from typing import Any

from mlc.sdk.inert import Inert
from mlc.sdk.ports import Input
from mlc.sdk.session import here


class Entity:
    """Fields by keyword. What was never set answers inertly, so that printing and waiting go on."""

    kind = ""

    def __init__(self, *positional: Any, **fields: Any) -> None:
        self.span = here()
        self.base = Path.cwd()
        self.provisioning_state = "Succeeded"
        self.status = "Completed"
        self.state = "Running"
        self.__dict__.update(fields)
        for name, value in zip(("name", "path"), positional, strict=False):
            self.__dict__.setdefault(name, value)

    @property
    def id(self) -> str:
        """How it is referred to by name."""
        name, version = self.__dict__.get("name"), self.__dict__.get("version")
        return f"azureml:{name}:{version}" if version else f"azureml:{name}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "path" and self.__dict__.get("registered"):
            return self.id
        return None if name in {"name", "version", "path", "description", "type"} else Inert(name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('name')}>"


class Data(Entity):
    """A data asset. Passed to an input, it is the data at its path."""

    kind = "data"
    default_type = "uri_folder"

    def _mlc_input_(self) -> Input:
        path = self.__dict__.get("path") or self.id
        if isinstance(path, str) and "://" not in path and not path.startswith("azureml:"):
            path = str(self.base / path)
        return Input(type=self.__dict__.get("type") or self.default_type, path=path)


class Model(Data):
    """A model asset."""

    kind = "models"
    default_type = "custom_model"


class Compute(Entity):
    """A compute: mlc knows it by its name, and looks its size up for GPUs."""

    kind = "compute"


class AmlCompute(Compute):
    """A cluster."""


class ComputeInstance(Compute):
    """A single machine."""


class Workspace(Entity):
    """A workspace: there is none."""

    kind = "workspaces"


class Datastore(Entity):
    """A datastore: there is none."""

    kind = "datastores"


KNOWN: dict[str, type[Entity]] = {
    kind.__name__: kind for kind in (Data, Model, Compute, AmlCompute, ComputeInstance, Workspace, Datastore)
}
"""Classes that mean something here; others are made by name."""


class Open(type):
    """The class of a class that takes any field: it has any word, too (``ObjectDetectionPrimaryMetrics.ACCURACY``)."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return Inert(name)


_KINDS = (
    ("FeatureStoreEntity", "feature_store_entities"),
    ("FeatureStore", "feature_stores"),
    ("FeatureSet", "feature_sets"),
    ("BatchDeployment", "batch_deployments"),
    ("BatchEndpoint", "batch_endpoints"),
    ("OnlineDeployment", "online_deployments"),
    ("OnlineEndpoint", "online_endpoints"),
    ("ServerlessEndpoint", "serverless_endpoints"),
    ("MarketplaceSubscription", "marketplace_subscriptions"),
    ("Schedule", "schedules"),
    ("Connection", "connections"),
    ("Datastore", "datastores"),
    ("Registry", "registries"),
    ("Compute", "compute"),
    ("Hub", "workspaces"),
    ("Project", "workspaces"),
    ("Index", "indexes"),
)
"""What the name of a class has in it, and the operations of a client that take such entities."""


def entity(name: str) -> type[Entity]:
    """The class of that name: one of ours, or an empty one that takes any field."""
    if name not in KNOWN:
        kind = next((kind for words, kind in _KINDS if words in name), name.lower())
        made: Any = Open(name, (Entity,), {"__doc__": f"{name} of the reference SDK, inert.", "kind": kind})
        KNOWN[name] = made
    return KNOWN[name]
