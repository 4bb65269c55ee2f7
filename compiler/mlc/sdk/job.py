"""``PipelineJob``: a pipeline with values for its inputs, which scripts go on changing before they submit it."""

from pathlib import Path
from typing import Any

from mlc.diagnostics import Span
from mlc.ir.pipeline import Data
from mlc.sdk.definition import Definition
from mlc.sdk.inert import Inert
from mlc.sdk.node import Node
from mlc.sdk.node_io import resolved
from mlc.sdk.ports import Input, of_data
from mlc.sdk.private import JOB, private, unknown
from mlc.sdk.references import NodeOutput, PipelineInput
from mlc.sdk.session import here, session
from mlc.sdk.settings import PipelineJobSettings, as_settings
from mlc.sdk.values import kind_of, nearest
from mlc.sdk.views import View, part


class PipelineJob:
    """``base_path`` is the working folder at construction: local data paths are relative to it."""

    type = "pipeline"
    studio_url = ""

    def __init__(self, definition: Definition, settings: dict[str, Any], options: dict[str, Any], span: Span) -> None:
        self.definition = definition
        self.span = span
        self.base_path = Path.cwd()
        self.name: Any = None
        self.display_name: Any = definition.display_name
        self.description: Any = definition.description
        self.experiment_name: Any = options.get("experiment_name")
        self.tags: Any = dict(definition.tags) if isinstance(definition.tags, dict) else {}
        self.properties: dict[str, Any] = {}
        self.compute: Any = None
        self.identity: Any = None
        self.settings: Any = PipelineJobSettings(**settings)
        self.jobs: dict[str, Node] = definition.nodes
        self.values: dict[str, Any] = {item.name: item.value for item in definition.parameters}
        self.results = {name: _result(name, output) for name, output in definition.outputs.items()}
        self.services = Inert("services")

    @property
    def status(self) -> str:
        """Of a success. A loop that asks for another one ends some time (``Session.wait``)."""
        session().wait()
        return "Completed"

    @property
    def inputs(self) -> "JobInputs":
        """Its inputs; assigning gives another value."""
        return JobInputs(self)

    @property
    def outputs(self) -> "JobOutputs":
        """Its outputs; assigning says where they are written."""
        return JobOutputs(self)

    @property
    def component(self) -> Definition:
        """What it runs."""
        return self.definition

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "settings":
            value = as_settings(value, PipelineJobSettings)
        elif name in {"inputs", "outputs"}:
            if not hasattr(value, "items"):
                what = f"'{name}' of a job is set to {kind_of(value)}"
                session().report("E209", what, fix=f"Write job.{name}.NAME = ...")
                return
            for key, item in value.items():
                getattr(self, name)[str(key)] = item
            return
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "dump":
            return private(name, "PipelineJob")
        if name in JOB:
            return Inert(name)
        raise unknown(name, "PipelineJob", {*JOB, *self.__dict__, "status", "studio_url", "component"})

    def __repr__(self) -> str:
        return f"<pipeline job {self.display_name}>"


class JobInputs(View):
    """A job's inputs."""

    def __getitem__(self, name: str) -> Any:
        if name not in self._owner.values and (group := part(self, name)) is not None:
            return group
        value = self._owner.values.get(name)
        if isinstance(value, Data):  # of a file: now as an object that can be changed
            value = self._owner.values[name] = of_data(value)
        return value if isinstance(value, Input) else PipelineInput(name, value, None)

    def __setitem__(self, name: str, value: Any) -> None:
        span = here()
        definition: Definition = self._owner.definition
        value = resolved(value, name, span)
        if isinstance(value, dict):
            for field, item in value.items():
                self[f"{name}.{field}"] = item
            return
        if name not in self._owner.values:
            what = f"Pipeline {definition.name!r} has no input {name!r}"
            session().report("E215", what, fix=nearest(name, self.keys()), span=span)
            return
        self._owner.values[name] = value
        next(item for item in definition.parameters if item.name == name).span = span

    def keys(self) -> list[str]:
        """Names, in order."""
        return list(self._owner.values)


class JobOutputs(View):
    """A job's outputs."""

    def __getitem__(self, name: str) -> Any:
        results: dict[str, NodeOutput] = self._owner.results
        if name not in results:
            what = f"Pipeline {self._owner.definition.name!r} has no output {name!r}"
            session().report("E215", what, fix=nearest(name, results))
            return NodeOutput(None, name, None, here())
        return results[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self[name].set(value)

    def keys(self) -> list[str]:
        """Names, in order."""
        return list(self._owner.results)


def _result(name: str, output: NodeOutput) -> NodeOutput:
    """An output of the job: it starts with the settings of the node's output."""
    result = NodeOutput(output.node, name, output.declared, output.span)
    result.settings.update(output.settings)
    return result
