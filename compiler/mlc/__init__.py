"""Compiles Azure Machine Learning pipelines to self-contained container bundles, offline.

User code imports the language from here: ``from mlc import command_component, pipeline, Input, Output``. Names are
looked up when they are asked for, so that ``import mlc`` itself costs nothing.
"""

TYPE_CHECKING = False  # as in typing, whose import would cost more than all of this
if TYPE_CHECKING:
    from mlc.sdk.annotations import Meta
    from mlc.sdk.client import MLClient
    from mlc.sdk.command import command
    from mlc.sdk.definition import set_pipeline_settings
    from mlc.sdk.entities import Data, Model
    from mlc.sdk.environment import BuildContext, Environment
    from mlc.sdk.group import group
    from mlc.sdk.loading import load_component, load_environment, load_job
    from mlc.sdk.pipeline import pipeline
    from mlc.sdk.ports import Input, Output
    from mlc.sdk.python_component import command_component

_PLACES = {
    "BuildContext": "environment",
    "Data": "entities",
    "Environment": "environment",
    "Input": "ports",
    "MLClient": "client",
    "Meta": "annotations",
    "Model": "entities",
    "Output": "ports",
    "command": "command",
    "command_component": "python_component",
    "group": "group",
    "load_component": "loading",
    "load_environment": "loading",
    "load_job": "loading",
    "pipeline": "pipeline",
    "set_pipeline_settings": "definition",
}

__all__ = [
    "BuildContext",
    "Data",
    "Environment",
    "Input",
    "MLClient",
    "Meta",
    "Model",
    "Output",
    "command",
    "command_component",
    "group",
    "load_component",
    "load_environment",
    "load_job",
    "pipeline",
    "set_pipeline_settings",
]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'mlc' has no attribute {name!r}")
    from importlib import import_module

    if name.startswith("load_"):
        import_module("mlc.frontend.python.alone").connect()
    found: object = getattr(import_module(f"mlc.sdk.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
