"""``Environment`` and ``BuildContext`` as scripts make them; the front end reads the files they name."""

from os import PathLike
from pathlib import Path
from typing import Any

from mlc.sdk.session import here, session
from mlc.sdk.values import kind_of, nearest

_FIELDS = ("name", "version", "description", "image", "build", "conda_file", "tags", "properties", "datastore")


class BuildContext:
    """A folder with a Dockerfile. ``base`` is the working folder in which it was made."""

    def __init__(self, *, path: Any = None, dockerfile_path: Any = None, **_: Any) -> None:
        self.span = here()
        self.base = Path.cwd()
        self.path = self._path(path, "path")
        self.dockerfile_path = self._path(dockerfile_path, "dockerfile_path")

    def _path(self, value: Any, name: str) -> Any:
        if value is None or isinstance(value, str | PathLike):
            return value
        what = f"'{name}' of BuildContext is {kind_of(value)}"
        session().report("E209", what, fix="Give a path as text", span=self.span)
        return None


class Environment:
    """An image, an image and a conda file, a build context, or a name. Relative paths are relative to ``base``."""

    def __init__(self, **fields: Any) -> None:
        self.span = here()
        self.base = Path.cwd()
        self.loaded: Any = fields.pop("loaded", None)
        """IR that the front end has read from a file already."""
        self.registered = False
        for field in _FIELDS:
            setattr(self, field, fields.pop(field, None))
        self.image = self.image or getattr(self.loaded, "image", None)
        self.more = fields
        for field in fields:
            if field not in {"inference_config", "id", "os_type"} and not field.startswith("_"):
                what = f"Environment() does not know {field!r}"
                session().report("W204", what, fix=nearest(field, _FIELDS), span=self.span.at(field))

    name: Any
    version: Any
    description: Any
    image: Any
    build: Any
    conda_file: Any
    tags: Any

    @property
    def id(self) -> str:
        """How it is referred to by name."""
        return f"azureml:{self.name}:{self.version}" if self.version else f"azureml:{self.name}"

    @property
    def is_name_only(self) -> bool:
        """Whether it says nothing but a name."""
        return self.loaded is None and not (self.image or self.build or self.conda_file)

    def _to_dict(self) -> dict[str, Any]:
        """What was said, for scripts that print it."""
        said = {name: getattr(self, name) for name in _FIELDS}
        return {name: value for name, value in said.items() if value is not None}

    def __repr__(self) -> str:
        return f"<environment {self.name or self.image}>"
