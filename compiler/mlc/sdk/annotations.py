"""What a function's signature declares: parameters with their annotations and defaults, as inputs and outputs.

Annotated parameters come first, in their order, then those whose type is taken from the default: the reference's
order, which decides the order of a component's arguments.
"""

import inspect
from collections.abc import Callable, Iterator
from enum import Enum
from types import FunctionType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from mlc.diagnostics import Span
from mlc.records import dataclass
from mlc.sdk.ports import Input, Output
from mlc.sdk.session import session, source_of
from mlc.sdk.values import TYPE_OF

EMPTY = inspect.Parameter.empty

T = TypeVar("T", Input, Output)


class Meta:
    """``Annotated[int, Meta(min=1)]``: bounds and words of a parameter."""

    def __init__(self, **values: Any) -> None:
        self.values = values


@dataclass(slots=True, kw_only=True)
class Parameter:
    """One parameter. ``declared`` None: it has no annotation and no default that says a type."""

    name: str
    declared: Input | Output | None
    default: Any
    group: type | None = None
    span: Span


def parameters(function: Callable[..., Any], span: Span, *, skip: tuple[str, ...] = ()) -> list[Parameter]:
    """The named parameters in the reference's order; annotations that mean nothing are reported."""
    found = list(_each(function, span, skip))
    annotated = getattr(function, "__annotations__", {})
    return [item for item in found if item.name in annotated] + [item for item in found if item.name not in annotated]


def _each(function: Callable[..., Any], span: Span, skip: tuple[str, ...]) -> Iterator[Parameter]:
    for name, parameter in inspect.signature(function).parameters.items():
        if name in skip or parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            continue
        default = parameter.default
        group = parameter.annotation if hasattr(parameter.annotation, "_mlc_group_") else None
        declared = None
        if group is None:
            declared = declaration(parameter.annotation, default, name, function, span)
        place = declared.span if declared is not None and isinstance(parameter.annotation, Input | Output) else span
        yield Parameter(name=name, declared=declared, default=default, group=group, span=place)


def declaration(annotation: Any, default: Any, name: str, function: Any, span: Span) -> Input | Output | None:
    """What an annotation and a default declare; None: nothing (no annotation, and no default that has a type)."""
    found = _by_annotation(annotation, default)
    if found is None and annotation is not EMPTY:
        _unsupported(annotation, name, function, span)
        refused = Input(type="string")
        refused.broken = True
        return refused
    if found is None:
        return None
    if isinstance(found, Input) and default is not EMPTY and default is not None:
        found.default = default
    if isinstance(found, Output) and default is not EMPTY and default is not None:
        what = f"Output {name!r} has a default"
        session().report("E208", what, fix="Remove it: outputs have none", span=parameter_span(function, name, span))
    return found


def _by_annotation(annotation: Any, default: Any) -> Input | Output | None:
    if annotation is EMPTY:
        return _by_default(default)
    if isinstance(annotation, Input):
        return _copy(annotation)
    if isinstance(annotation, Output):
        return _copy(annotation)
    if isinstance(annotation, type):
        if issubclass(annotation, Input | Output):
            return annotation()
        if issubclass(annotation, Enum):
            return Input(type="string", enum=[member.value for member in annotation])
        if annotation in TYPE_OF:
            return Input(type=TYPE_OF[annotation].value)
    if get_origin(annotation) is Annotated:
        base, *more = get_args(annotation)
        found = _by_annotation(base, default)
        for meta in more:
            if isinstance(found, Input) and isinstance(meta, Meta):
                _apply(found, meta)
        return found
    return None


def _by_default(default: Any) -> Input | None:
    if isinstance(default, Enum):
        return Input(type="string", enum=[member.value for member in type(default)])
    for kind, type_ in TYPE_OF.items():
        if isinstance(default, kind):
            return Input(type=type_.value)
    return None


def _apply(found: Input, meta: Meta) -> None:
    for key in ("min", "max", "enum", "description", "optional", "default"):
        if meta.values.get(key) is not None:
            setattr(found, key, meta.values[key])


def _copy(annotation: T) -> T:
    new = object.__new__(type(annotation))
    new.__dict__.update(annotation.__dict__)
    return new


def with_default(declared: Input, default: Any) -> Input:
    """The same declaration with another default."""
    found = _copy(declared)
    found.default = default
    return found


def _unsupported(annotation: Any, name: str, function: Any, span: Span) -> None:
    shown = annotation.__name__ if isinstance(annotation, type) else repr(annotation)
    what = f"Parameter {name!r} has the annotation {shown}, which is no type of an input or output"
    fix = "Use int, float, bool, str, an Enum, Input(type=...) or Output(type=...)"
    why = ""
    if isinstance(annotation, str):
        why, fix = "It is text, not a type", f"Write {annotation} without quotes"
        if _has_text_annotations(function):
            why = "Annotations of this file are text because of 'from __future__ import annotations'"
            fix = "Remove that import"
    elif "Optional" in shown or "None" in shown:
        fix = 'For an optional input write Input(type="...", optional=True)'
    session().report("E208", what, why=why, fix=fix, span=parameter_span(function, name, span))


def _has_text_annotations(function: Any) -> bool:
    import __future__

    return bool(getattr(getattr(function, "__code__", None), "co_flags", 0) & __future__.annotations.compiler_flag)


def parameter_span(function: Any, name: str, span: Span) -> Span:
    """The place of a parameter in the source; ``span`` where the source cannot be read. Only for messages."""
    import ast

    code = getattr(function, "__code__", None)
    if not isinstance(function, FunctionType) or code is None:
        return span
    try:
        tree = ast.parse(source_of(code.co_filename) or "")
    except (ValueError, SyntaxError, RecursionError):
        return span
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function.__name__:
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            if first != code.co_firstlineno:
                continue
            arguments = node.args
            for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg):
                if arg is not None and arg.arg == name:
                    return Span(code.co_filename, arg.lineno, arg.col_offset + 1)
            if name == "return" and node.returns is not None:
                return Span(code.co_filename, node.returns.lineno, node.returns.col_offset + 1)
            return Span(code.co_filename, node.lineno, node.col_offset + 1)
    return span
