"""``load_component`` and its siblings: what scripts read from YAML beside them."""

from pathlib import Path
from typing import Any, TypeVar

from mlc.sdk.component import Component, broken
from mlc.sdk.entities import Data, Entity, Model, entity
from mlc.sdk.environment import Environment
from mlc.sdk.inert import Inert
from mlc.sdk.session import here, session
from mlc.sdk.source import Source


def load_component(source: Any = None, **more: Any) -> Component:
    """The component of a YAML file, an open file or a dict; what cannot be loaded is reported and takes anything."""
    span = here()
    if source is None and more.get("client") is not None and more.get("name") is not None:  # as in early releases
        component: Component = more["client"].components.get(more["name"], version=more.get("version"))
        return component
    found = _source(source, more, "component")
    if found is None:
        what = "load_component() has no source"
        session().report("E207", what, fix='Write load_component(source="component.yml")', span=span)
        return broken("component", span)
    loaded: Component | None = session().load_component(found, span)
    return loaded if loaded is not None else broken(found.path.stem, span)


def load_environment(source: Any = None, **more: Any) -> Environment:
    """The environment of a YAML file, an open file or a dict."""
    found = _source(source, more, "environment")
    loaded = session().load_environment(found, here()) if found is not None else None
    return Environment(loaded=loaded, name=getattr(loaded, "name", None) or (found.path.stem if found else None))


def load_job(source: Any = None, **more: Any) -> Any:
    """The job of a YAML file, an open file or a dict: to be changed and submitted, or used as a step."""
    found = _source(source, more, "job")
    if found is None:
        what = "load_job() has no source"
        session().report("E207", what, fix='Write load_job(source="pipeline.yml")')
        return LoadedJob("job")
    loaded = session().load_job(found, here())
    return loaded if loaded is not None else LoadedJob(found.path.stem)


class LoadedJob(Inert):
    """In place of a job that could not be loaded, which was reported."""

    def __init__(self, name: str) -> None:
        super().__init__(name, name=name, display_name=None, status="Completed", studio_url="")


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
    asked = _source(source, more, kind.__name__.lower())
    fields = session().read_mapping(asked, here()) if asked is not None else None
    found = kind(**(fields or {}))
    if asked is not None:
        found.base = asked.path.parent
    return found


def _source(source: Any, more: dict[str, Any], name: str) -> Source | None:
    """A path, an open file, text in memory or a dict; None: it is nothing of that."""
    given: Any = source if source is not None else more.get("path")
    overrides = [item for item in more.get("params_override") or () if isinstance(item, dict)]
    if isinstance(given, dict):
        return Source(path=Path.cwd() / f"{name}.yml", content=given, overrides=overrides)
    if hasattr(given, "read"):
        path = getattr(given, "name", None)
        if not isinstance(path, str):
            text = given.read()
            content = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
            return Source(path=Path.cwd() / f"{name}.yml", content=content, overrides=overrides)
        given = path
    if isinstance(given, str) or hasattr(given, "__fspath__"):
        return Source(path=Path.cwd() / Path(given), overrides=overrides)
    return None
