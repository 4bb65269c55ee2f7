"""Whether the user's line that is being run stands in a ``try`` that would catch an exception.

``try: ... get(...) except: ... create(...)`` wants the exception that the service would raise; a plain ``get(...)``
wants something to go on with. Only the source can tell the two apart.
"""

from typing import Any

from mlc.sdk.session import is_ours, runs_sources, source_of, user_frame

_ALWAYS = frozenset({"Exception", "BaseException"})

_TELLS = frozenset({"Raise", "Pass"})
_RETURNS = _TELLS | {"Return"}
_SAYS = frozenset(
    (
        *("print", "exit", "quit", "abort", "_exit", "print_exc", "display", "echo", "secho", "write", "fail"),
        *("exception", "error", "warning", "warn", "info", "debug", "critical", "log"),
    )
)
"""Functions and methods that tell something, or end the program."""

_trees: dict[str, tuple[str, Any]] = {}


def is_guarded(*names: str) -> bool:
    """Whether an exception of one of these names, raised at the user's current line, would be caught by user code.

    Handlers that only end the program, or tell about it, do not count: nothing is gained by getting there. Around a
    whole program (``main()`` in a ``try``) one that returns ends it, too.
    """
    frame = user_frame()
    wanted, ends = frozenset(names) | _ALWAYS, _TELLS
    while frame is not None and not runs_sources(frame.f_code.co_filename):
        file = frame.f_code.co_filename
        if not is_ours(file) and guards(file, frame.f_lineno, wanted, ends=ends):
            return True
        frame, ends = frame.f_back, _RETURNS
    return False


def guards(file: str, line: int, names: frozenset[str], *, ends: frozenset[str] = frozenset()) -> bool:
    """Whether ``line`` of ``file`` stands in the body of a ``try`` with a handler for one of ``names``, or any.

    ``ends``: kinds of statements of which a handler that does not count consists.
    """
    import ast

    tree = _tree(file)
    if tree is None:
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0):
            for handler in node.handlers:
                if ends and all(_ends(statement, ends) for statement in handler.body):
                    continue
                if handler.type is None:
                    return True
                kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
                if any(getattr(kind, "id", getattr(kind, "attr", "")) in names for kind in kinds):
                    return True
        if isinstance(node, ast.With) and node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0):
            for item in node.items:
                if "suppress" in ast.dump(item.context_expr):
                    return True
    return False


def _ends(statement: Any, ends: frozenset[str]) -> bool:
    """Whether a statement of a handler does nothing to go on: it is of one of the kinds, or only tells something."""
    if type(statement).__name__ in ends:
        return True
    call = getattr(statement, "value", None) if type(statement).__name__ == "Expr" else None
    function = getattr(call, "func", None)
    return getattr(function, "id", getattr(function, "attr", "")) in _SAYS or type(call).__name__ == "Constant"


def _tree(file: str) -> Any:
    import ast

    source = source_of(file)
    if source is None:
        return None
    known = _trees.get(file)
    if known is None or known[0] != source:
        try:
            _trees[file] = known = (source, ast.parse(source))
        except (ValueError, SyntaxError, RecursionError):
            return None
    return known[1]
