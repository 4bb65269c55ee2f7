"""One mistake, one message: a place of which an error has spoken already is left alone."""

from mlc.codes import CODES, Severity
from mlc.diagnostics import Span
from mlc.passes.context import Context


def report_once(context: Context, code: str, span: Span, text: tuple[str, str, str]) -> None:
    """Add what, why, what to do, unless an error stands at this very line and column (a front end found it first)."""
    if span.line and any(
        item.span == span and CODES[item.code].severity is Severity.ERROR for item in context.bag.items
    ):
        return
    what, why, fix = text
    context.bag.add(code, span, what, why=why, fix=fix)


def capital(text: str) -> str:
    """``text`` as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
