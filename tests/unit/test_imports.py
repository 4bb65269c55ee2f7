"""No modules of mlc import each other in a circle, imports inside of functions and by text counted."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "compiler"


def modules(root: Path) -> dict[str, str]:
    """Name of every module below ``root`` -> its source."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imported(source: str, known: dict[str, str]) -> Iterator[str]:
    """The known modules that a source imports anywhere: ``import_module(f"mlc.cli.{x}")`` counts as all of them."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names if alias.name in known)
            case ast.ImportFrom(module=str(module)):
                for alias in node.names:
                    name = f"{module}.{alias.name}"
                    yield from {name if name in known else module} & known.keys()
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _is_import(node):
                yield from {name} & known.keys()
            case ast.Call(args=[ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]), *_]) if _is_import(node):
                yield from (name for name in known if name.startswith(start))


def _is_import(call: ast.Call) -> bool:
    return getattr(call.func, "attr", getattr(call.func, "id", "")) == "import_module"


def circle(known: dict[str, str]) -> list[str]:
    """Modules that import each other in a circle; empty where there is none."""
    graph = {name: set(imported(source, known)) - {name} for name, source in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_circle():
    assert not circle(modules(ROOT))


@pytest.mark.parametrize(
    "lazy",
    [
        "def f():\n    from a import c",
        "def f():\n    import a.c",
        "def f():\n    import_module('a.c')",
        "def f(x):\n    importlib.import_module(f'a.{x}')",
        "if TYPE_CHECKING:\n    from a.c import C",
    ],
)
def test_a_circle_is_found(lazy):
    assert set(circle({"a": "", "a.b": lazy, "a.c": "from a import b"})) == {"a.b", "a.c"}
    assert circle({"a": "", "a.b": lazy, "a.c": "from a import d", "a.d": ""}) == []
