"""The language without ``mlc build``: somebody runs ``python pipeline.py``, and ``load_component`` has to work."""

from collections.abc import Callable
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.session import Loading
from mlc.ir.asset import NoNames
from mlc.sdk.errors import UserErrorException
from mlc.sdk.session import default_session
from mlc.sdk.source import Source


def connect() -> None:
    """Let the default session read files; what is wrong with one is raised."""
    session = default_session()
    for name in ("load_component", "load_environment", "load_job", "read_mapping"):
        setattr(session, name, _raising(name))


def _raising(name: str) -> Callable[[Source, Span], Any]:
    def load(source: Source, span: Span) -> Any:
        bag = Bag()
        found = getattr(Loading(source.path, bag, NoNames()).session(), name)(source, span)
        errors = [item for item in bag.sorted() if item.severity == "error"]
        if errors:
            raise UserErrorException("; ".join(f"{item.span.file}:{item.span.line}: {item.text}" for item in errors))
        return found

    return load
