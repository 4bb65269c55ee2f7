"""What was said -> what will be built: flat tasks, images, mounts, edges. Only pipelines without errors get here."""

from mlc.config import Config
from mlc.ir.pipeline import CommandNode, Pipeline, PipelineOutput, Settings
from mlc.ir.plan import OutputSource, Plan, PlanOutput, Source, Spread, Task, TaskValue, ValueSource
from mlc.ir.types import Pairs
from mlc.passes import plan_name
from mlc.passes.context import Context
from mlc.passes.lowering.fetch import Fetches, Remote, program, recipe
from mlc.passes.lowering.flatten import Flattener, Given, Step
from mlc.passes.lowering.images import Images
from mlc.passes.lowering.inputs import Inputs
from mlc.passes.lowering.lifecycle import with_first, with_hooks, with_last
from mlc.passes.lowering.names import words
from mlc.passes.lowering.outputs import task_outputs
from mlc.passes.lowering.reservations import reservation_for
from mlc.passes.lowering.snapshots import Snapshots
from mlc.passes.lowering.spread import rank_variables, spread_of


def lower(pipeline: Pipeline, context: Context) -> Plan:
    """The plan of a checked pipeline; quoting and keys are filled in by the plan's passes."""
    inputs = Inputs(context)
    given: Given = {item.port.name: inputs.pipeline_input(item) for item in pipeline.inputs}
    taken = {node.name for node in pipeline.nodes}
    fetches = Fetches(inputs.fetched, taken)
    flattener = Flattener(inputs, fetches)
    made = flattener.level(pipeline, "", given, frozenset())
    outputs = tuple(
        PlanOutput(name=output.name, task=owner[0], output=owner[1])
        for output in pipeline.outputs
        if (owner := _owner(made.get(output.name))) is not None
    )
    tasks = _Tasks(pipeline, outputs, context.config)
    steps = with_first(flattener.steps, pipeline.settings)
    made_tasks = tasks.fetching(fetches) + tuple(map(tasks.task, steps))
    said = [output.path for output in pipeline.outputs]
    if any(said) or any(item.path for step in steps for item in step.node.outputs):
        made_tasks += tasks.delivering(steps, made_tasks, inputs, taken)
    return Plan(
        name=plan_name(pipeline),
        tasks=with_hooks(with_last(made_tasks, pipeline.settings), pipeline.settings),
        images=tasks.images.all(),
        components=tuple(sorted(tasks.snapshots.found, key=lambda component: component.name)),
        inputs=tuple(inputs.found),
        outputs=outputs,
        display_name=words(pipeline.display_name or "") or None,
        description=words(pipeline.description),
        experiment_name=pipeline.experiment_name or "Default",
        source=context.source.name,
        platform=context.config.platform,
        registry=context.config.registry,
        continue_on_step_failure=pipeline.settings.continue_on_step_failure,
    )


class _Tasks:
    """Makes tasks of steps; collects images and code on the way."""

    def __init__(self, pipeline: Pipeline, outputs: tuple[PlanOutput, ...], config: Config) -> None:
        self._fetches: frozenset[str] = frozenset()
        self._program: tuple[str, str] | None = None
        self._name = plan_name(pipeline)
        self.images = Images(config)
        self.snapshots = Snapshots()
        self._config = config
        self._settings: Settings = pipeline.settings
        declared = {output.name: output for output in pipeline.outputs}
        self._of_pipeline: dict[tuple[str, str], PipelineOutput] = {
            (output.task, output.output): declared[output.name] for output in outputs
        }

    def fetching(self, fetches: Fetches) -> tuple[Task, ...]:
        """The steps that fetch remote data. To wait for them is no edge of the author's: no pipeline waits as one."""
        self._fetches = fetches.names
        if not fetches:
            return ()
        return fetches.tasks(*self.program())

    def delivering(
        self, steps: list[Step], made: tuple[Task, ...], inputs: Inputs, taken: set[str]
    ) -> tuple[Task, ...]:
        """The steps that take outputs to the places that the author named."""
        from mlc.passes.lowering.deliver import Deliveries, deliveries  # most pipelines name none

        making, tasks = Deliveries(inputs.written, taken, self.program), {task.name: task for task in made}
        wanted = (item for step in steps for item in deliveries(step, self._of_pipeline, self._name))
        return tuple(making.task(item, tasks[item.task]) for item in wanted)

    def program(self) -> tuple[str, str]:
        """The names of the component and of the image of mlc's own program, made when they are first asked for."""
        if self._program is None:
            code = self.snapshots.add(program())
            self._program = code, self.images.add("mlc-fetch", recipe(self._config), code)
        return self._program

    def task(self, step: Step) -> Task:
        """One step as a task."""
        node, component = step.node, step.node.component
        name, has_code = self.snapshots.name_of(component)
        spread = spread_of(node)
        return Task(
            name=step.name,
            component=name,
            image=self.images.image_of(component, name if has_code else None),
            command=component.command,
            inputs=step.inputs,
            outputs=task_outputs(step, self._of_pipeline),
            after=tuple(sorted(step.after.union(self._fetched(step)))),
            environment=_environment(node, spread),
            reservation=reservation_for(node, step.compute or self._settings.default_compute, self._config),
            timeout=node.timeout,
            reuse=component.is_deterministic and not self._settings.force_rerun,
            is_python_function=component.is_python_function,
            spread=spread,
            sweep=node.sweep,
            parallel=component.parallel,
            display_name=words(node.display_name or component.display_name or "") or None,
            description=words(node.description or component.description),
        )

    def _fetched(self, step: Step) -> set[str]:
        if not self._fetches:
            return set()
        sources = (port.source for port in step.inputs)
        return {source.task for source in sources if isinstance(source, OutputSource)} & self._fetches


def _environment(node: CommandNode, spread: Spread) -> Pairs:
    """The variables of a distributed job's only process, and the author's, which win."""
    own = dict(node.environment_variables)
    return tuple(pair for pair in rank_variables(spread) if pair[0] not in own) + tuple(own.items())


def _owner(source: Source | Remote | None) -> tuple[str, str] | None:
    match source:
        case OutputSource():
            return source.task, source.output
        case ValueSource(parts=(TaskValue() as part,)):
            return part.task, part.output
        case _:
            return None
