"""``dataclass`` with the meaning of the standard library's, at a tenth of its cost at every start.

The standard one writes, compiles and runs source text for each method of each class: 0.7 ms a class, and a compilation
defines over a hundred. Here the fields, defaults and slots are still the standard library's work, so that ``fields``,
``replace``, ``asdict`` and ``match`` find what they expect; methods that do the same for every class are plain
functions. ``__init__``, whose speed counts, is compiled when the first instance is made: in most compilations half of
the classes have none.
"""

import dataclasses
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any


def _dataclass(
    *,
    frozen: bool = False,
    slots: bool = False,
    kw_only: bool = False,
    eq: bool = True,
    repr: bool = True,  # noqa: A002 - the standard library's word
    order: bool = False,
) -> Callable[[Any], Any]:
    """The decorator; ``dataclasses.dataclass`` says what each word means."""
    bare: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)

    def decorate(plain: Any) -> Any:
        cls = bare(plain)
        cls.__init__ = _late_init(cls, frozen)
        if repr:
            cls.__repr__ = _repr
        if eq:
            _compare(cls, frozen, order)
        if frozen:
            cls.__setattr__ = cls.__delattr__ = _refuse
            cls.__getstate__, cls.__setstate__ = _state, _restore
        return cls

    return decorate


if TYPE_CHECKING:  # Checkers know the standard one, field by field.
    from dataclasses import dataclass
else:
    dataclass = _dataclass

__all__ = ["dataclass"]

_ABSENT = object()


def _late_init(cls: Any, frozen: bool) -> Callable[..., None]:
    """An ``__init__`` that puts the real one in its place when the first instance is made."""

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        if cls.__init__ is __init__:
            cls.__init__ = _init(cls, frozen)
        cls.__init__(self, *given, **named)

    return __init__


def _init(cls: Any, frozen: bool) -> Any:
    """``__init__`` with a parameter for each field, as the standard library would write it."""
    names: dict[str, Any] = {"_put": object.__setattr__, "_absent": _ABSENT}
    by_place: list[str] = ["self"]
    by_name: list[str] = []
    body: list[str] = []
    for field in dataclasses.fields(cls):
        name = value = field.name
        parameter = name
        if field.default_factory is not dataclasses.MISSING:
            names[f"_new_{name}"] = field.default_factory
            parameter = f"{name}=_absent"
            value = f"_new_{name}() if {name} is _absent else {name}"
        elif field.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        if not field.init:  # __post_init__ sets it.
            continue
        (by_name if field.kw_only else by_place).append(parameter)
        body.append(f"_put(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*by_place, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), names)
    made = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _compare(cls: Any, frozen: bool, order: bool) -> None:
    compared = [field.name for field in dataclasses.fields(cls) if field.compare]
    key = operator.attrgetter(*compared, "__class__")  # The class makes it a tuple where there is one field or none.

    def comparison(decide: Callable[[Any, Any], bool]) -> Any:
        return lambda self, other: (
            decide(key(self), key(other)) if other.__class__ is self.__class__ else NotImplemented
        )

    cls.__eq__ = comparison(operator.eq)
    cls.__hash__ = (lambda self: hash(key(self))) if frozen else None
    for name in ("lt", "le", "gt", "ge") if order else ():
        setattr(cls, f"__{name}__", comparison(getattr(operator, name)))


def _repr(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"{name!r} of a {type(self).__qualname__} cannot be changed")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
