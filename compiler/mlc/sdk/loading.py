"""``load_component`` and its siblings: what scripts read from YAML beside them."""

from pathlib import Path
from typing import Any, TypeVar

from mlc.sdk.component import Component, broken
from mlc.sdk.entities import Data, Entity, Model, entity
from mlc.sdk.environment import Environment
from mlc.sdk.inert import Inert
from mlc.sdk.session import here, session


def load_component(source: Any = None, **more: Any) -> Component:
    """The component of a YAML file (or of an open file). One that cannot be loaded is reported and takes anything."""
    span = here()
    path = _path(source if source is not None else more.get("path"))
    if path is None:
        what = "load_component() has no source"
        session().report("E207", what, fix='Write load_component(source="component.yml")', span=span)
        return broken("component", span)
    component: Component | None = session().load_component(path, span)
    return component if component is not None else broken(path.stem, span)


def load_environment(source: Any = None, **more: Any) -> Environment:
    """The environment of a YAML file."""
    path = _path(source if source is not None else more.get("path"))
    loaded = session().load_environment(path, here()) if path is not None else None
    return Environment(loaded=loaded, name=getattr(loaded, "name", None) or (path.stem if path else None))


def load_job(source: Any = None, **more: Any) -> Any:
    """The pipeline job of a YAML file, to be submitted as it is."""
    path = _path(source if source is not None else more.get("path"))
    loaded = session().load_job(path, here()) if path is not None else None
    return LoadedJob(loaded, path.stem if path else "job")


class LoadedJob(Inert):
    """A job that the front end has read from YAML. Settings made on it afterwards have no effect, except its name."""

    def __init__(self, pipeline: Any, name: str) -> None:
        super().__init__(name, pipeline=pipeline, name=name, display_name=None, status="Completed", studio_url="")


def load_data(source: Any = None, **more: Any) -> Data:
    """A data asset from YAML: its fields, unchecked."""
    return _entity(Data, source, more)


def load_model(source: Any = None, **more: Any) -> Model:
    """A model asset from YAML: its fields, unchecked."""
    return _entity(Model, source, more)


def loader(name: str) -> Any:
    """``load_compute`` and the like: an inert entity with the fields of the file."""

    def load(source: Any = None, **more: Any) -> Entity:
        return _entity(entity(name), source, more)

    return load


E = TypeVar("E", bound=Entity)


def _entity(kind: type[E], source: Any, more: dict[str, Any]) -> E:
    path = _path(source if source is not None else more.get("path"))
    fields = session().read_mapping(path, here()) if path is not None else None
    found = kind(**(fields or {}))
    if path is not None:
        found.base = path.parent
    return found


def _path(source: Any) -> Path | None:
    """The absolute path of a source: text, a path, or an open file with a name."""
    name = getattr(source, "name", source) if hasattr(source, "read") else source
    if isinstance(name, str) or hasattr(name, "__fspath__"):
        return Path.cwd() / Path(name)
    return None
