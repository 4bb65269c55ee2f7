"""What an attribute of a node answers that no step has.

The reference keeps it as an empty mapping, on which anything may be set and which the service ignores. Setting is
only warned about; using it as a value, or calling it, is a mistake.
"""

from collections.abc import Iterator
from typing import Any

from mlc.sdk.session import session


class Unknown:
    """The attribute ``name`` of a node."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Unknown(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        warn(f"{self._name}.{name}")

    def __setitem__(self, key: Any, value: Any) -> None:
        warn(f"{self._name}[{key!r}]")

    def __getitem__(self, key: Any) -> Any:
        return Unknown(f"{self._name}[{key!r}]")

    def __call__(self, *_: Any, **__: Any) -> None:
        """A mistake: nodes have no such method."""
        refuse(self._name)

    def __str__(self) -> str:
        refuse(self._name)
        return ""

    def __format__(self, how: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<unknown {self._name}>"

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())


def warn(name: str, fix: str = "") -> None:
    """An unknown attribute is set."""
    what = f"The attribute {name!r} of a node means nothing to mlc and is ignored"
    session().report(
        "W206", what, why="Azure's SDK passes it to the service, which knows no such thing", fix=fix or "Remove it"
    )


def refuse(name: str, fix: str = "") -> None:
    """An unknown attribute is used as if it were there."""
    session().report("E216", f"A node has no attribute {name!r}", fix=fix)
