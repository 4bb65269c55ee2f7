"""What back ends are told besides the plan, and what each of them offers."""

from collections.abc import Callable
from typing import Protocol

from mlc.config.network import NOTHING_SET, Network
from mlc.files import FileTree
from mlc.ir.plan import Plan
from mlc.records import dataclass


def made_anew(_kind: str, _key: str, make: Callable[[], str]) -> str:
    """For who remembers nothing."""
    return make()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmitOptions:
    """Choices of the user that the plan does not hold. ``gpu``: a plain ``docker compose up`` reserves devices."""

    gpu: bool = True
    recall: Callable[[str, str, Callable[[], str]], str] = made_anew
    """Gives a text by its kind and the digest of what it depends on; what is not remembered is made."""
    network: Network = NOTHING_SET
    """Of the site where the bundle is to be built and run."""
    vendored: bool = False
    """The bundle's folder holds all that is needed to build its images."""


class Backend(Protocol):
    """What a back end's module offers."""

    def emit(self, plan: Plan, options: EmitOptions) -> FileTree:
        """The files of this back end for ``plan``, ready to be written."""
        ...
