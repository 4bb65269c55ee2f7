"""``@group``: a class of parameters. A pipeline's parameter of that class is flattened to ``name.field``."""

from typing import Any

from mlc.sdk.annotations import EMPTY, declaration
from mlc.sdk.ports import Input
from mlc.sdk.session import here, session


def group(cls: type) -> type:
    """Make ``cls`` a group: keyword arguments for its fields, which must be values, other groups or have a default."""
    fields: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= getattr(base, "_mlc_group_", {})
    span = here()
    own = dict(getattr(cls, "__annotations__", {}))
    for name, default in vars(cls).items():
        if not name.startswith("_") and not callable(default):
            own.setdefault(name, EMPTY)
    for name, annotation in own.items():
        default = vars(cls).get(name, EMPTY)
        if hasattr(annotation, "_mlc_group_"):
            fields[name] = annotation
            continue
        found = declaration(annotation, default, name, cls, span)
        if found is None:
            what = f"The group's field {name!r} has no type"
            session().report("E208", what, fix="Annotate it, for example: int", span=span)
        fields[name] = found
    cls._mlc_group_ = fields  # type: ignore[attr-defined]
    cls.__init__ = _init  # type: ignore[misc]
    cls._mlc_group_fields_ = _values  # type: ignore[attr-defined]
    return cls


def defaults(cls: Any) -> dict[str, Any]:
    """Field -> its default, or a dict for a nested group; None where there is none."""
    found: dict[str, Any] = {}
    for name, declared in cls._mlc_group_.items():
        if hasattr(declared, "_mlc_group_"):
            found[name] = defaults(declared)
        else:
            found[name] = declared.default if isinstance(declared, Input) else None
    return found


def flattened(cls: Any, name: str) -> dict[str, Input]:
    """Dotted name -> declaration of every field, nested ones included."""
    found: dict[str, Input] = {}
    for field, declared in cls._mlc_group_.items():
        if hasattr(declared, "_mlc_group_"):
            found |= flattened(declared, f"{name}.{field}")
        elif isinstance(declared, Input):
            found[f"{name}.{field}"] = declared
    return found


class GroupParameter:
    """A parameter of a group's class inside of its pipeline function: its fields are parameters."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(fields)

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def _mlc_group_fields_(self) -> dict[str, Any]:
        return dict(self.__dict__)


def values(value: Any, cls: Any) -> dict[str, Any]:
    """Field -> value of a group instance or parameter; defaults of the class where None is given."""
    given = value._mlc_group_fields_() if hasattr(value, "_mlc_group_fields_") else {}
    return {name: given.get(name, default) for name, default in defaults(cls).items()}


def _init(self: Any, **given: Any) -> None:
    fields = type(self)._mlc_group_
    for name in given:
        if name not in fields:
            session().report("E215", f"The group has no field {name!r}", fix=f"It has {', '.join(fields)}")
    for name, default in defaults(type(self)).items():
        nested = fields[name] if isinstance(default, dict) else None
        self.__dict__[name] = given.get(name, nested() if nested is not None else default)


def _values(self: Any) -> dict[str, Any]:
    return {name: self.__dict__.get(name) for name in type(self)._mlc_group_}
