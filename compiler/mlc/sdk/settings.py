"""Settings of nodes and jobs as users write them: objects, dicts and attributes made on first use."""

from typing import Any

from mlc.sdk.session import session
from mlc.sdk.values import kind_of, literal


class Settings:
    """Attributes by keyword; a name that was never set is None. Dict-like reading works as well."""

    def __init__(self, *positional: Any, **values: Any) -> None:
        self.__dict__.update(values)
        if positional:
            self.__dict__.setdefault("name", positional[0])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return None

    def __getitem__(self, name: str) -> Any:
        return self.__dict__.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def get(self, name: str, default: Any = None) -> Any:
        """As of a dict."""
        return self.__dict__.get(name, default)

    def copy(self) -> "Settings":
        """An equal object that can be changed on its own."""
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        return new

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in self.__dict__.items())})"


class ResourceConfiguration(Settings):
    """instance_count, instance_type, shm_size, docker_args."""


class JobResourceConfiguration(ResourceConfiguration):
    """The same for a job."""


class CommandJobLimits(Settings):
    """timeout, in seconds."""


class PipelineJobSettings(Settings):
    """default_compute, default_datastore, continue_on_step_failure, force_rerun, on_init, on_finalize."""


class QueueSettings(Settings):
    """Priority and tier: nothing that a container knows."""


class Distribution(Settings):
    """How many processes on how many machines; ``type`` says for which library."""

    type = ""


class MpiDistribution(Distribution):
    """process_count_per_instance."""

    type = "mpi"


class PyTorchDistribution(Distribution):
    """process_count_per_instance."""

    type = "pytorch"


class TensorFlowDistribution(Distribution):
    """worker_count, parameter_server_count."""

    type = "tensorflow"


class RayDistribution(Distribution):
    """port, include_dashboard and so on."""

    type = "ray"


DISTRIBUTIONS = {kind.type: kind for kind in Distribution.__subclasses__()}


def as_settings(value: Any, kind: type[Settings]) -> Settings | None:
    """``value`` as an object of ``kind`` that may be changed: from a dict, an object of the SDK, or None.

    Anything else is reported, and counts as nothing said.
    """
    if value is None:
        return None
    if isinstance(value, dict):
        return kind(**{str(key): item for key, item in value.items()})
    if isinstance(value, Settings):
        return value.copy()
    if type(value).__module__.startswith("mlc.") and hasattr(value, "__dict__"):
        return kind(**{key: item for key, item in vars(value).items() if literal(item) is not None})
    what = f"Settings ({(kind.__doc__ or '').rstrip('.')}) are given as {kind_of(value)}"
    session().report("E209", what, fix=f"Give a dict, or {kind.__name__}(...)")
    return kind()


def as_distribution(value: Any) -> Settings | None:
    """A distribution of the kind that its ``type`` names, in any case of letters."""
    if isinstance(value, dict):
        word = str(value.get("type", "")).lower()
        kind = DISTRIBUTIONS.get(word, Distribution)
        return kind(**{str(key): item for key, item in value.items() if key != "type" or kind is Distribution})
    found = as_settings(value, Distribution)
    return None if found is not None and not (vars(found) or found.type) else found


def as_dict(value: Any) -> Any:
    """What :func:`as_settings` takes, also of resources and distributions that were read from a file."""
    if isinstance(value, dict) or hasattr(value, "__dict__"):
        return value
    found = {name: getattr(value, name) for name in getattr(value, "__slots__", ()) if name != "span"}
    if isinstance(pairs := found.pop("settings", None), tuple):
        found |= dict(pairs)
    return {name: item for name, item in found.items() if item is not None}
