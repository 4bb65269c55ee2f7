"""From a ready context to text: the one Jinja2 environment. Templates loop and place; all is decided before.

A context is a frozen dataclass that names its template (``TEMPLATE``, a path below ``templates/``) and whose fields
are the template's only names. Quoting is by filter (:mod:`mlc.render.quoting`), never by hand.
"""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, dataclass_transform

from mlc.records import dataclass
from mlc.resources import templates

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import Environment


class Context(Protocol):
    """A frozen dataclass with the path of the template that it fills."""

    TEMPLATE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def prepared(cls: type[T]) -> type[T]:
    """Make a context, or a part of one: a frozen dataclass that is neither compared nor printed.

    Python writes and compiles source text for each method of a dataclass; without those two, the forty of the back
    ends cost half as much of every start.
    """
    return dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)(cls)


def render(context: Context) -> str:
    """The text of ``context.TEMPLATE``; a name that the context does not have is an error."""
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    return jinja().get_template(context.TEMPLATE).render(values)


@cache
def jinja() -> "Environment":
    """The environment, made on first use: importing Jinja2 costs 40 ms."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from mlc.render.compiled import CompiledTemplates
    from mlc.render.quoting import FILTERS

    layout: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
    environment = Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        autoescape=False,  # no HTML here; every format has its filter
        bytecode_cache=CompiledTemplates(_place, str(layout)),
        **layout,
    )
    environment.filters.clear()
    environment.filters.update(FILTERS)
    return environment


def compile_all() -> None:
    """Compile every template now, so that no start has to (:mod:`mlc.render.compiled`)."""
    folders = [path for path in templates().iterdir() if path.is_dir()]
    for name in [f"{folder.name}/{path.name}" for folder in folders for path in folder.iterdir()]:
        if name.endswith(".j2"):
            jinja().get_template(name)


def _source(name: str) -> str | None:
    found = _template(name)
    return found.read_text(encoding="utf-8") if found.is_file() else None


def _place(name: str) -> Path | None:
    found = _template(name)
    return found if isinstance(found, Path) else None


def _template(name: str) -> "Traversable":
    return templates().joinpath(*name.split("/"))
