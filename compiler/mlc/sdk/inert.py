"""Objects that answer anything and do nothing: what a service would have answered, had there been one."""

from collections.abc import Iterator
from typing import Any


class Neutral:
    """What every object that stands for nothing answers: it is empty, zero, true, and less than nothing."""

    def __setitem__(self, key: object, value: object) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __int__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0

    def __index__(self) -> int:
        return 0

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def __lt__(self, other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__


class Inert(Neutral):
    """Every attribute, item and call gives another inert object; iterating gives nothing; numbers are 0."""

    def __init__(self, shown: str = "", /, **values: Any) -> None:
        object.__setattr__(self, "_shown", shown)
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Inert(f"{self._shown}.{name}")

    def __call__(self, *args: Any, **more: Any) -> Any:
        """Another inert object, whatever is passed."""
        return Inert(f"{self._shown}()")

    def __getitem__(self, key: object) -> Any:
        return Inert(f"{self._shown}[{key!r}]")

    def __contains__(self, item: object) -> bool:
        return False

    def __add__(self, other: object) -> Any:
        return f"{self}{other}" if isinstance(other, str) else other

    def __radd__(self, other: object) -> Any:
        return f"{other}{self}" if isinstance(other, str) else other

    def __str__(self) -> str:
        return str(self._shown)

    def __repr__(self) -> str:
        return f"<{self._shown or 'inert'}>"

    def __fspath__(self) -> str:
        return str(self._shown) or "inert"
