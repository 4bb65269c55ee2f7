"""``@group``: a class of parameters. A pipeline's parameter of that class is flattened to ``name.field``."""

from typing import Any

from mlc.sdk.annotations import EMPTY, declaration, with_default
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
            found[name] = values(_instance(cls, name), declared)
        else:
            found[name] = _default(declared) if isinstance(declared, Input) else None
    return found


def _default(declared: Input) -> Any:
    """What a field is that nobody sets: of its declared type, unlike what is given (``x: float = 0`` is 0.0)."""
    whole = isinstance(declared.default, int) and not isinstance(declared.default, bool)
    return float(declared.default) if whole and declared.type in {"number", "float"} else declared.default


def _instance(cls: Any, name: str) -> Any:
    """The default of a field that is a group itself: an instance, or None."""
    found = getattr(cls, name, None)
    return found if hasattr(found, "_mlc_group_fields_") else None


def flattened(cls: Any, name: str, given: dict[str, Any] | None = None) -> dict[str, Input]:
    """Dotted name -> declaration of every field, nested ones included; ``given`` are other defaults."""
    found: dict[str, Input] = {}
    for field, default in (given or defaults(cls)).items():
        declared = cls._mlc_group_[field]
        if hasattr(declared, "_mlc_group_"):
            found |= flattened(declared, f"{name}.{field}", default)
        elif isinstance(declared, Input):
            found[f"{name}.{field}"] = with_default(declared, default)
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
    """Field -> value of a group instance, parameter or dict; a dict for a nested group; else the class's defaults."""
    given = value if isinstance(value, dict) else {}
    if hasattr(value, "_mlc_group_fields_"):
        given = value._mlc_group_fields_()
    found = {name: given.get(name, default) for name, default in defaults(cls).items()}
    return {
        name: values(item, cls._mlc_group_[name]) if hasattr(cls._mlc_group_[name], "_mlc_group_") else item
        for name, item in found.items()
    }


def _init(self: Any, *positional: Any, **given: Any) -> None:
    fields = type(self)._mlc_group_
    if positional:
        fix = f"Write {type(self).__name__}({', '.join(f'{name}=...' for name in fields)})"
        session().report("E215", "A group is made with positional arguments", why="It takes keywords only", fix=fix)
    for name in given:
        if name not in fields:
            session().report("E215", f"The group has no field {name!r}", fix=f"It has {', '.join(fields)}")
    for name, default in defaults(type(self)).items():
        value = given.get(name, default)
        self.__dict__[name] = fields[name](**value) if isinstance(value, dict) else value


def _values(self: Any) -> dict[str, Any]:
    return {name: self.__dict__.get(name) for name in type(self)._mlc_group_}
