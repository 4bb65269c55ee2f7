"""Environments -> images: as many as there are distinct environments, however many components share one."""

from mlc.config import Config
from mlc.diagnostics import NOWHERE, Bag, Span
from mlc.hashing import digest
from mlc.ir.component import Component
from mlc.ir.environment import BuildEnvironment, CondaEnvironment, Environment, Requirement
from mlc.ir.image import Image, Recipe
from mlc.passes.lowering.environment_key import key_inputs
from mlc.passes.lowering.names import slug, unique
from mlc.passes.lowering.recipe import recipe_for


class Images:
    """Gives each component its image's name; equal environments get one image."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._by_environment: dict[int, tuple[Environment, str]] = {}
        self._by_key: dict[str, str] = {}
        self._recipes: dict[str, Recipe] = {}
        self._origins: dict[str, tuple[Span, tuple[Requirement, ...]]] = {}
        self._code: dict[str, set[str]] = {}

    def image_of(self, component: Component, code: str | None) -> str:
        """The name of the image that runs ``component``; ``code`` is the name of its snapshot, if it has one."""
        environment = component.environment
        known = self._by_environment.get(id(environment))
        if known is None:
            known = environment, self._name(environment, component)
            self._by_environment[id(environment)] = known  # holds the environment, so that its id stays taken
        name = known[1]
        if code is not None:
            self._code[name].add(code)
        return name

    def add(self, name: str, recipe: Recipe, code: str) -> str:
        """The name of an image of mlc's own, with the snapshot ``code`` in it."""
        found = self._named(name, recipe)
        self._code[found].add(code)
        return found

    def all(self) -> tuple[Image, ...]:
        """Every image, in the order of first use; the keys are filled in later."""
        return tuple(self._image(name) for name in self._recipes)

    def _image(self, name: str) -> Image:
        span, origins = self._origins.get(name, (NOWHERE, ()))
        components = tuple(sorted(self._code[name]))
        return Image(name=name, recipe=self._recipes[name], components=components, span=span, origins=origins)

    def _name(self, environment: Environment, component: Component) -> str:
        recipe = recipe_for(environment, self._config, Bag())  # its problems were told by check_environments
        conda = environment.conda.name if isinstance(environment, CondaEnvironment) else None
        name = self._named(slug(environment.name or conda or component.name, "environment"), recipe)
        self._origins.setdefault(name, _origins(environment))
        return name

    def _named(self, wished: str, recipe: Recipe) -> str:
        key = digest(key_inputs(recipe, self._config.platform))
        if key not in self._by_key:
            name = unique(wished, self._recipes)
            self._by_key[key] = name
            self._recipes[name] = recipe
            self._code[name] = set()
        return self._by_key[key]


def _origins(environment: Environment) -> tuple[Span, tuple[Requirement, ...]]:
    """Where ``environment`` is described, and what its author asked for."""
    match environment:
        case CondaEnvironment(conda=conda):
            span = environment.span if environment.span.file else conda.span
            return span, (*conda.tools, *conda.conda, *conda.pip)
        case BuildEnvironment(file=file):
            return (Span(file) if file else environment.span), ()
        case _:
            return environment.span, ()
