"""One mistake, one message: a place of which a front end has spoken already is left alone."""

from mlc.diagnostics import Span
from mlc.passes.context import Context

_FRONT_ENDS = ("E1", "E2")


def report_once(context: Context, code: str, span: Span, text: tuple[str, str, str]) -> None:
    """Add what, why, what to do, unless a front end has found an error at this very line and column.

    What passes have found there does not count: in Python all arguments of a call have one place.
    """
    if span.line and any(item.span == span and item.code.startswith(_FRONT_ENDS) for item in context.bag.items):
        return
    what, why, fix = text
    context.bag.add(code, span, what, why=why, fix=fix)


def capital(text: str) -> str:
    """``text`` as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
