"""``conda.yaml`` of an environment that micromamba installs."""

from typing import ClassVar

from mlc.ir.image import MambaInstall
from mlc.render import prepared, render


@prepared
class CondaYaml:
    """The file's fields; ``conda`` are match specs, ``pip`` lines of the pip section."""

    TEMPLATE: ClassVar[str] = "docker/conda.yaml.j2"
    name: str
    channels: tuple[str, ...]
    conda: tuple[str, ...]
    pip: tuple[str, ...]


def conda_file(name: str, recipe: MambaInstall) -> str:
    """The file's text: the asked Python first."""
    python = (f"python{_pin(recipe.python)}",) if recipe.python else ()
    return render(CondaYaml(name=name, channels=recipe.channels, conda=python + recipe.conda, pip=recipe.pip))


def _pin(version: str) -> str:
    """``3.8`` is written ``=3.8`` (any 3.8.x); a version with an operator stays."""
    return f"={version}" if version[:1].isdigit() else version
