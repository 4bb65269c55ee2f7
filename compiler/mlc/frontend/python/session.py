"""The session of one source: what the language needs of the front end, and the jobs that were submitted."""

from dataclasses import field
from pathlib import Path
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.components import Components
from mlc.frontend.python.documents import is_single_step, readable
from mlc.frontend.python.job import Conversion
from mlc.frontend.python.made import MadeData
from mlc.frontend.python.registered import registered
from mlc.frontend.yaml.scope import Foreign
from mlc.ir.asset import AssetName, Names
from mlc.ir.environment import Environment
from mlc.ir.pipeline import Pipeline
from mlc.records import dataclass
from mlc.sdk.component import Component, of_loaded
from mlc.sdk.job import PipelineJob
from mlc.sdk.loading import LoadedJob
from mlc.sdk.node import Node
from mlc.sdk.session import Session, here
from mlc.sdk.source import Source


@dataclass(slots=True)
class Loading:
    """``names`` finds things by name. ``submitted``: pipelines in the order of submission."""

    source: Path
    bag: Bag
    names: Names
    submitted: list[Pipeline] = field(default_factory=list)
    refused: bool = False
    """Whether something was submitted that is no job, which was reported."""
    made: MadeData = field(default_factory=MadeData)
    components: Components = field(init=False)
    _wrapped: dict[int, tuple[Any, Component]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.components = Components(self.bag)

    def session(self) -> Session:
        """The language's side of it. What is registered in it can be found by name, also when it is over."""
        session = Session(
            bag=self.bag,
            load_component=self._load_component,
            load_environment=self._load_environment,
            load_job=self._load_job,
            read_mapping=self._read_mapping,
            find_component=self._find_component,
            names=self.names,
            submit=self._submit,
        )
        self.names.ask_first(registered(session.registered, self.components))
        return session

    def converted(self, job: Any, experiment: str | None = None) -> Pipeline | None:
        """A job object as IR; None, reported: it is no job that mlc knows. Data that the source made is kept."""
        pipeline = self._converted(job, experiment)
        if pipeline is not None:
            self.made.remember(pipeline)
        return pipeline

    def _converted(self, job: Any, experiment: str | None) -> Pipeline | None:
        if isinstance(job, PipelineJob):
            return Conversion(self.components, job.base_path).job(job, experiment)
        if isinstance(job, Node):
            return Conversion(self.components, Path.cwd()).alone(job, experiment)
        if isinstance(job, LoadedJob):
            return None
        if (module := getattr(job, "_mlc_missing_", None)) is not None:
            what = f"The job comes from {module}, which is not installed here"
            self.bag.add("E206", here(), what, fix="Install it beside mlc")
            return None
        kind = getattr(job, "name", None) if type(job).__name__ == "PipelineFunction" else None
        what = f"The pipeline function {kind!r} is submitted" if kind else f"A {type(job).__name__} is submitted"
        fix = "Call the function, and submit what it returns" if kind else "Submit a pipeline or command job"
        self.bag.add("E221", here(), what, why="mlc compiles pipeline and command jobs", fix=fix)
        return None

    def _submit(self, job: Any, experiment: str | None) -> None:
        pipeline = self.converted(job, experiment)
        if pipeline is None:
            self.refused = True
        elif pipeline not in self.submitted:  # submitted once more is no other pipeline
            self.submitted.append(pipeline)

    def _load_component(self, source: Source, span: Span) -> Component | None:
        from mlc.frontend.yaml.components import load_component_file

        with readable(source, span, self.bag) as path:
            loaded = load_component_file(path, self.bag, anonymous=False, names=self.names, span=span)
        return self._component(loaded, span)

    def _find_component(self, wanted: AssetName) -> Component | None:
        from mlc.frontend.yaml.components import load_component_file

        found = self.names.component(wanted)
        if isinstance(found, Path):
            loaded = load_component_file(found, self.bag, anonymous=False, names=self.names, span=wanted.span)
            return self._component(loaded, wanted.span)
        return self._component(found, wanted.span)

    def _component(self, loaded: Any, span: Span) -> Component | None:
        if isinstance(loaded, Foreign):
            ports = {"input_ports": loaded.inputs, "output_ports": loaded.outputs}
            return Component(loaded.name, None, span=span, unsupported=loaded.type or None, **ports)
        return None if loaded is None else of_loaded(loaded)

    def _load_environment(self, source: Source, span: Span) -> Environment | None:
        from mlc.frontend.environments import load_environment_file

        with readable(source, span, self.bag) as path:
            return load_environment_file(path, self.bag, span)

    def _load_job(self, source: Source, span: Span) -> PipelineJob | Node | None:
        from mlc.frontend.yaml.source import load_yaml_source
        from mlc.sdk.loaded import job_of, step_of

        with readable(source, span, self.bag) as path:
            pipeline = load_yaml_source(path, self.names, self.bag)
            is_step = is_single_step(path, self.bag)
        if pipeline is None:
            return None
        return step_of(pipeline) if is_step else job_of(pipeline, source.path.parent)

    def _read_mapping(self, source: Source, span: Span) -> dict[str, Any] | None:
        from mlc.frontend.yaml.files import load_yaml
        from mlc.frontend.yaml.located import Mapping, Scalar
        from mlc.frontend.yaml.shapes import plain_text

        with readable(source, span, self.bag) as path:
            node = load_yaml(path, self.bag, span)
        if not isinstance(node, Mapping):
            return None
        return {key: plain_text(entry.value) for key, entry in node if isinstance(entry.value, Scalar)}
