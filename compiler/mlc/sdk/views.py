"""Names that are reached as attributes and as items, as users write them: ``node.outputs.x``, ``job.inputs["x"]``."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any


class View(ABC):
    """A view on something's inputs or outputs; all state is the owner's."""

    _owner: Any

    def __init__(self, owner: Any) -> None:
        object.__setattr__(self, "_owner", owner)

    @abstractmethod
    def keys(self) -> list[str]:
        """Names, in order."""

    @abstractmethod
    def __getitem__(self, name: str) -> Any: ...

    @abstractmethod
    def __setitem__(self, name: str, value: Any) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name.startswith(("_repr_", "_ipython_", "_mlc_")):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def values(self) -> list[Any]:
        """What is viewed, in the order of :meth:`keys`."""
        return [self[name] for name in self.keys()]

    def items(self) -> list[tuple[str, Any]]:
        """Names and what they stand for."""
        return [(name, self[name]) for name in self.keys()]

    def get(self, name: str, default: Any = None) -> Any:
        """As of a dict."""
        return self[name] if name in self.keys() else default

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def __repr__(self) -> str:
        return repr(dict(self.items()))


class Part(View):
    """The fields of a group among the dotted names of a view: ``job.inputs.group.field``."""

    def __init__(self, owner: View, name: str) -> None:
        super().__init__(owner)
        object.__setattr__(self, "_name", name)

    def keys(self) -> list[str]:
        """Names of the fields, those of a group inside of it once."""
        start = f"{self._name}."
        return list(dict.fromkeys(key[len(start) :].split(".")[0] for key in self._owner if key.startswith(start)))

    def __getitem__(self, name: str) -> Any:
        return self._owner[f"{self._name}.{name}"]

    def __setitem__(self, name: str, value: Any) -> None:
        self._owner[f"{self._name}.{name}"] = value

    def _mlc_group_fields_(self) -> dict[str, Any]:
        return dict(self.items())


def part(view: View, name: str) -> Part | None:
    """The group of that name; None: there is none."""
    return Part(view, name) if any(key.startswith(f"{name}.") for key in view) else None
