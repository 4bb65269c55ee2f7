"""What a source refers to by name, found on this machine: environments now; components and data join here.

A lookup asks one place after another and takes the first answer; each place is a module of this room.
"""

from collections.abc import Callable
from pathlib import Path

from mlc.catalog import curated
from mlc.config import Config
from mlc.ir.environment import Environment, ImageEnvironment, NamedEnvironment

ReadEnvironment = Callable[[Path], Environment | None]
"""Parses the YAML file of an environment; None where it is broken. Handed in: this room does not see the front end."""


class Catalog:
    """Finds things by name: in the configuration, among the curated images, in YAML files below ``folders``."""

    def __init__(self, config: Config, folders: tuple[Path, ...], read_environment: ReadEnvironment) -> None:
        self._config = config
        self._folders = folders
        self._read_environment = read_environment

    def find_environment(self, wanted: NamedEnvironment) -> Environment | None:
        """The environment of that name; None: nobody here knows it (or not in that version)."""
        return self._configured(wanted) or curated.find(wanted, self._config.default_base) or self._file(wanted)

    def _configured(self, wanted: NamedEnvironment) -> ImageEnvironment | None:
        image = self._config.environments.get(wanted.name)
        return ImageEnvironment(image=image, name=wanted.name, span=wanted.span) if image else None

    def _file(self, wanted: NamedEnvironment) -> Environment | None:
        if wanted.registry is not None:
            return None
        from mlc.catalog import tree

        file = tree.find(self._folders, wanted.name, wanted.version)
        return self._read_environment(file) if file else None
