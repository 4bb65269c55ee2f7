"""Numbers in settings, which may also be an input of the pipeline: text either way."""

import re

from mlc.frontend.yaml.literals import real_number, whole_number
from mlc.frontend.yaml.located import Kind, Scalar
from mlc.frontend.yaml.shapes import Fields

BOUND = re.compile(r"\s*\$\{\{\s*parent\.inputs\.([^\s{}]+)\s*\}\}\s*")


def whole(fields: Fields, key: str, *, required: bool = False) -> str | None:
    """A whole number (``3``), or ``${{parent.inputs.x}}``; None: absent, or reported."""
    node = _scalar(fields, key, required)
    if node is None or BOUND.fullmatch(node.text):
        return node.text.strip() if node else None
    number = whole_number(node) if len(node.text) < 20 else None
    if number is None:
        fields.wrong(key, node, "a smaller whole number" if node.kind is Kind.INTEGER else "a whole number")
    return None if number is None else str(number)


def real(fields: Fields, key: str, *, required: bool = False) -> str | None:
    """A number as its author wrote it, or ``${{parent.inputs.x}}``; None: absent, or reported."""
    node = _scalar(fields, key, required)
    if node is None or BOUND.fullmatch(node.text):
        return node.text.strip() if node else None
    if node.kind not in (Kind.INTEGER, Kind.NUMBER, Kind.STRING) or real_number(node) is None:
        fields.wrong(key, node, "a finite number" if node.kind is Kind.NUMBER else "a number")
        return None
    return str(whole_number(node)) if node.kind is Kind.INTEGER else repr(real_number(node))


def _scalar(fields: Fields, key: str, required: bool) -> Scalar | None:
    return fields.required(key) if required else fields.scalar(key)
