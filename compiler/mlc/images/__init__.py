"""The image cache: which images of a plan are there, building the missing ones, why one has to be built.

``build`` and ``missing`` are fetched when they are first used: a compilation without images pays nothing for them.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlc.images.builder import BuildResult, build
    from mlc.images.engine import Engine, NoEngine, find_engine
    from mlc.images.explanation import Explanation, explain
    from mlc.images.options import BuildOptions, Secret
    from mlc.images.report import OneAtATime, Report, Silence, State, Subject
    from mlc.images.store import missing, need_engine, present
    from mlc.images.tools import Tools, find_tools

__all__ = [
    "BuildOptions",
    "BuildResult",
    "Engine",
    "Explanation",
    "NoEngine",
    "OneAtATime",
    "Report",
    "Secret",
    "Silence",
    "State",
    "Subject",
    "Tools",
    "build",
    "explain",
    "find_engine",
    "find_tools",
    "missing",
    "need_engine",
    "present",
]

_HOMES = {
    "builder": ("BuildResult", "build"),
    "engine": ("Engine", "NoEngine", "find_engine"),
    "explanation": ("Explanation", "explain"),
    "options": ("BuildOptions", "Secret"),
    "report": ("OneAtATime", "Report", "Silence", "State", "Subject"),
    "store": ("missing", "need_engine", "present"),
    "tools": ("Tools", "find_tools"),
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"mlc.images.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
