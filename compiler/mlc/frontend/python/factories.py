"""Functions of a script that make a job and give it back, and that the script itself never calls."""

import ast
import inspect
from types import FunctionType
from typing import Any

from mlc.diagnostics import Span
from mlc.sdk.pipeline import PipelineFunction, pipeline
from mlc.sdk.session import source_of


def factories(variables: dict[str, Any]) -> list[FunctionType]:
    """Functions of the main module that use a pipeline function, or define one, and return something; ``main``, too.

    ``main`` may be what a console script calls, and submits its job itself.
    """
    return [
        value
        for name, value in variables.items()
        if type(value) is FunctionType and value.__module__ == "__main__" and value.__name__ == name and _makes(value)
    ]


def required(function: FunctionType) -> list[str]:
    """Parameters without which it cannot be called."""
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    found = inspect.signature(function).parameters.values()
    return [item.name for item in found if item.default is inspect.Parameter.empty and item.kind in plain]


def place(function: FunctionType) -> Span:
    """Where it is defined."""
    return Span(function.__code__.co_filename, function.__code__.co_firstlineno, 1)


def _makes(function: FunctionType) -> bool:
    names = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    uses = any(isinstance(value, PipelineFunction) or value is pipeline for value in names.values())
    return (uses or "pipeline" in names or "dsl" in names) and (_returns(function) or function.__name__ == "main")


def _returns(function: FunctionType) -> bool:
    """Whether it has a ``return`` with a value of its own (not of a function inside of it)."""
    tree = ast.parse(source_of(function.__code__.co_filename) or "")
    line = function.__code__.co_firstlineno
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and line in {node.lineno, *(item.lineno for item in node.decorator_list)}:
            waiting: list[ast.AST] = list(node.body)
            while waiting:
                item = waiting.pop()
                if isinstance(item, ast.Return) and item.value is not None:
                    return True
                if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                    waiting += ast.iter_child_nodes(item)
    return False
