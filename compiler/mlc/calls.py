"""Where the keywords of a call stand in Python source. Code objects know only where the call begins."""

import ast


class Calls:
    """The calls of one source, by their place. Source that is no Python has none."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        self._calls: dict[tuple[int, int], list[ast.Call]] = {}
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                self._calls.setdefault((node.lineno, node.col_offset), []).append(node)

    def place(self, line: int, column: int, part: str) -> tuple[int, int]:
        """Line and column (1-based, in characters) of ``keyword`` or ``keyword/key`` of the call that begins there.

        Where the source does not show it (positional arguments, ``**given``), the place of the call.
        """
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        offset = len(text[: max(column - 1, 0)].encode())
        for call in self._calls.get((line, offset), ()):
            found = _part(call, part.split("/"))
            if found is not None:
                text = self._lines[found.lineno - 1]
                return found.lineno, len(text.encode()[: found.col_offset].decode(errors="ignore")) + 1
        return line, column


def _part(node: ast.expr, names: list[str]) -> ast.keyword | ast.expr | None:
    """The keyword or key that the names lead to; the last one that is there, if it is not the call itself."""
    found: ast.keyword | ast.expr | None = None
    for name in names:
        step = _step(node, name)
        if step is None:
            break
        found, node = step
    return found


def _step(node: ast.expr, name: str) -> tuple[ast.keyword | ast.expr, ast.expr] | None:
    """What is called ``name`` in a call or in a dict, and its value."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg == name:
                return keyword, keyword.value
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == name:
                return key, value
    return None
