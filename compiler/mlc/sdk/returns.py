"""What a component function's return annotation declares: an output called ``output``, or one per field of a group."""

import inspect
from typing import Annotated, Any, get_args, get_origin

from mlc.diagnostics import Span
from mlc.sdk.annotations import Meta, parameter_span
from mlc.sdk.ports import Input, Output
from mlc.sdk.session import session
from mlc.sdk.values import TYPE_OF

NAME = "output"
TYPES = ("string", "number", "integer", "boolean", "uri_file", "uri_folder")


def returned(function: Any, name: str, span: Span) -> dict[str, Output]:
    """Output name -> declaration; what cannot be returned is reported at the annotation."""
    annotation = inspect.signature(function).return_annotation
    if annotation is inspect.Signature.empty:
        return {}
    place = parameter_span(function, "return", span) if not isinstance(annotation, Output) else annotation.span
    if hasattr(annotation, "_mlc_group_"):
        found = {}
        for field, declared in annotation._mlc_group_.items():
            one = _output(Output(type=declared.type) if isinstance(declared, Input) else declared)
            if one is None:
                _refuse(declared, name, place)
            else:
                one.span = place
                found[field] = one
        return found
    output = _output(annotation)
    if output is None:
        _refuse(annotation, name, place)
        return {}
    output.span = place
    return {NAME: output}


def _output(annotation: Any) -> Output | None:
    if isinstance(annotation, type) and annotation in TYPE_OF:
        return Output(type=TYPE_OF[annotation].value)
    if get_origin(annotation) is Annotated:
        base, *more = get_args(annotation)
        found = _output(base)
        for meta in more:
            if found is not None and isinstance(meta, Meta):
                found.description = meta.values.get("description") or found.description
        return found
    if isinstance(annotation, type) and issubclass(annotation, Output):
        annotation = annotation()
    if isinstance(annotation, Output) and str(annotation.type) in TYPES:
        return annotation
    return None


def _refuse(annotation: Any, name: str, place: Span) -> None:
    shown = annotation.__name__ if isinstance(annotation, type) else repr(annotation)
    what = f"Component {name!r} returns {shown}, which is no output"
    fix = f"Return int, float, bool, str or Output(type=...) of {', '.join(TYPES)}; or remove the annotation"
    why = ""
    if annotation is None:
        what, fix = f"Component {name!r} is annotated to return None", "Remove '-> None'"
        why = "The reference refuses that annotation"
    elif isinstance(annotation, str):
        why = "Annotations of this file are text because of 'from __future__ import annotations'"
        fix = "Remove that import"
    session().report("E208", what, why=why, fix=fix, span=place)
