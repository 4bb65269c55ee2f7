"""Arguments of a call of a pipeline function, by name; what does not fit is reported at the call."""

import inspect
from collections.abc import Callable, Collection
from typing import Any

from mlc.diagnostics import Span
from mlc.sdk.session import session
from mlc.sdk.values import nearest


def bind(
    function: Callable[..., Any], name: str, positional: tuple[Any, ...], keywords: dict[str, Any], span: Span
) -> dict[str, Any]:
    """Parameter -> value, as given: no defaults are filled in."""
    parameters = inspect.signature(function).parameters
    names = [key for key, item in parameters.items() if item.kind not in {item.VAR_KEYWORD, item.VAR_POSITIONAL}]
    if len(positional) > len(names):
        what = f"Pipeline {name!r} gets {_count(positional, 'positional argument')}"
        has = f"It has {_count(names, 'parameter')}"
        session().report("E215", what, why=has, fix=_takes(names), span=span)
    given = dict(zip(names, positional, strict=False))
    for key, value in keywords.items():
        if key not in names:
            fix = nearest(key, names) or _takes(names)
            session().report("E215", f"Pipeline {name!r} has no parameter {key!r}", fix=fix, span=span.at(key))
        elif key in given:
            what = f"Parameter {key!r} of pipeline {name!r} is given twice"
            session().report("E215", what, fix="Remove one of the two", span=span.at(key))
        else:
            given[key] = value
    return given


def _count(items: Collection[object], word: str) -> str:
    return f"{len(items) or 'no'} {word}{'' if len(items) == 1 else 's'}"


def _takes(names: list[str]) -> str:
    return f"Give {', '.join(names)}" if names else "Call it without arguments"
