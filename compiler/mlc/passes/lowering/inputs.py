"""What the user of a bundle can set: the pipeline's inputs, and the data that jobs name themselves."""

import os
from dataclasses import replace
from pathlib import Path

from mlc.files import File
from mlc.ir.pipeline import Data, Literal, PipelineInput
from mlc.ir.plan import Constant, DataSource, InputValue, PlanInput, Source, ValueSource
from mlc.ir.types import PortType
from mlc.passes.context import Context
from mlc.passes.lowering.names import slug, unique, words


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

    def pipeline_input(self, item: PipelineInput) -> Source:
        """Register an input of the pipeline."""
        port = item.port
        variable = self._variable(f"INPUT_{port.name}")
        base = PlanInput(
            name=port.name,
            variable=variable,
            type=port.type,
            value=port.default,
            optional=port.optional,
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

    def task_data(self, task: str, port: str, data: Data) -> Source:
        """Register data that the job of a task names itself; data elsewhere is passed on as text."""
        if data.local is None:
            return ValueSource(parts=(Constant(text=data.uri),))
        variable = self._variable(f"DATA_{task}_{port}")
        base = PlanInput(name=f"{task}-{port}", variable=variable, type=data.type, value=None, of_pipeline=False)
        return self._data(base, data)

    def _data(self, base: PlanInput, data: Data) -> Source:
        if data.local is None:
            self.found.append(replace(base, value=data.uri, type=PortType.STRING))
            return ValueSource(parts=(InputValue(input=base.name),))
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
