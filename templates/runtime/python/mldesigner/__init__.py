"""What ``import mldesigner`` gives to a step: the decorators and ports that mark a component, without an effect."""

from mlc import *  # noqa: F403
from mlc import __all__  # noqa: F401
from mlc._standin import fill

fill(__name__)
