"""What the user of a bundle can set: the pipeline's inputs, and the data that jobs name themselves."""

import os
from dataclasses import replace
from pathlib import Path

from mlc.files import File
from mlc.ir.pipeline import Data, Literal, PipelineInput
from mlc.ir.plan import DataSource, InputValue, PlanInput, ValueSource
from mlc.ir.types import PortType
from mlc.passes.context import Context
from mlc.passes.lowering.fetch import Remote, remote_input
from mlc.passes.lowering.names import slug, unique, words

Given = DataSource | ValueSource | Remote


class Inputs:
    """Collects the plan's inputs; gives, for each, the source that a task takes it from."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._bundle = os.path.realpath(context.bundle)
        self._variables: set[str] = set()
        self._folders: set[str] = set()
        self.found: list[PlanInput] = []
        self.may_be_empty: set[str] = set()
        """Pipeline inputs that have no value, or need none when the pipeline is started."""

    def pipeline_input(self, item: PipelineInput) -> Given:
        """Register an input of the pipeline."""
        port = item.port
        variable = self._variable(f"INPUT_{port.name}")
        base = PlanInput(
            name=port.name,
            variable=variable,
            type=port.type,
            value=port.default,
            optional=port.optional or (item.value is None and port.default is None),  # nobody needs it
            description=words(port.description),
        )
        if isinstance(item.value, Data):
            return self._data(base, item.value)
        value = item.value.text if isinstance(item.value, Literal) else port.default
        if value is None or port.optional:
            self.may_be_empty.add(port.name)
        self.found.append(replace(base, value=value))
        if port.type.is_data:
            return DataSource(input=port.name)
        return ValueSource(parts=(InputValue(input=port.name),))

    def task_data(self, task: str, port: str, data: Data) -> Given:
        """Register data that the job of a task names itself; remote data only when it is to be fetched."""
        if data.local is None:
            return Remote(uri=_public(data.uri), type=data.type, mode=data.mode)
        variable = self._variable(f"DATA_{task}_{port}")
        base = PlanInput(name=f"{task}-{port}", variable=variable, type=data.type, value=None, of_pipeline=False)
        return self._data(base, data)

    def fetched(self, step: str, remote: Remote) -> str:
        """Register the URI of remote data that jobs name themselves and ``step`` fetches; the plan input's name."""
        found = remote_input(f"{step}-uri", self._variable(f"DATA_{step.removeprefix('fetch_')}"), remote)
        self.found.append(found)
        return found.name

    def written(self, step: str, place: str, local: bool) -> PlanInput:
        """Register where ``step`` delivers to."""
        found = PlanInput(
            name=f"{step}-to",
            variable=self._variable(f"OUTPUT_{step.removeprefix('deliver_')}"),
            type=PortType.URI_FOLDER,
            value=self._relative(place) if local else _public(place),
            remote=not local,
            written=True,
            of_pipeline=False,
        )
        self.found.append(found)
        return found

    def _data(self, base: PlanInput, data: Data) -> Given:
        if data.local is None:
            uri = _public(data.uri)
            self.found.append(replace(base, value=uri, type=data.type, remote=True))
            return Remote(uri=uri, type=data.type, input=base.name, mode=data.mode, optional=base.optional)
        path = Path(data.local)
        file_name = path.name if path.is_file() or (data.awaited and data.type.is_file) else None
        files = None if data.awaited or not self._context.vendor_data else vendored(path)
        if data.kept is not None:
            file_name, files = data.kept.file_name, data.kept.files
        if files is not None:
            folder = f"data/{unique(slug(base.name, 'data'), self._folders)}"
            self._folders.add(folder.removeprefix("data/"))
            value = f"{folder}/{file_name}" if file_name else folder
            self.found.append(replace(base, value=value, file_name=file_name, vendored=files))
        else:
            self.found.append(replace(base, value=self._relative(data.local), file_name=file_name))
        return DataSource(input=base.name)

    def _variable(self, name: str) -> str:
        found = unique(name.upper().replace(".", "_"), self._variables, "_")
        self._variables.add(found)
        return found

    def _relative(self, local: str) -> str:
        """From the bundle to the data, by the real folders: ``..`` and links do not go together."""
        folder, name = os.path.split(os.path.normpath(local))
        real = os.path.join(os.path.realpath(folder), name)  # noqa: PTH118
        try:
            return Path(os.path.relpath(real, self._bundle)).as_posix()
        except ValueError:  # another drive
            return Path(real).as_posix()


def _public(uri: str) -> str:
    from mlc.passes.check_remote import without_secrets

    return without_secrets(uri)


def vendored(path: Path) -> tuple[tuple[str, File], ...]:
    """The files to copy for data at ``path``, by path relative to it; one file has the path ''."""
    if path.is_file():
        return (("", File(path)),)
    found = []
    for folder, folders, names in os.walk(path, followlinks=False):
        folders.sort()
        for name in names:
            file = Path(folder) / name
            if file.is_file():
                found.append((file.relative_to(path).as_posix(), File(file)))
    return tuple(sorted(found, key=lambda item: item[0]))
