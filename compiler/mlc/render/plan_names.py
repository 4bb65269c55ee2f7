"""What a plan holds, by name; shared by all that is said about its tasks."""

from collections.abc import Iterator

from mlc.ir.plan import InputValue, Plan, PlanInput, Role, TaskOutput
from mlc.ir.value_parts import value_parts
from mlc.records import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """What a plan holds, by name: looking through its tuples for every task would make large plans slow."""

    plan: Plan
    inputs: dict[str, PlanInput]
    emptied: dict[str, PlanInput]
    """The inputs that may be empty when the pipeline is started, by the task that fetches what they name."""
    outputs: dict[tuple[str, str], TaskOutput]
    code: dict[str, str]
    images: dict[str, str]
    functions: frozenset[str]
    others: str
    """The tasks that only run as long as nothing fails that they need."""


_latest: list[Names] = []


def names(plan: Plan) -> Names:
    """Made once per plan: tasks of one plan are asked for one after another."""
    latest = _latest[0] if _latest else None
    if latest is None or latest.plan is not plan:
        inputs = {given.name: given for given in plan.inputs}
        latest = Names(
            plan=plan,
            inputs=inputs,
            emptied=dict(_emptied(plan, inputs)),
            outputs={(task.name, output.name): output for task in plan.tasks for output in task.outputs},
            code={component.name: component.digest for component in plan.components},
            images={image.name: image.key or image.reference for image in plan.images},
            functions=frozenset(task.name for task in plan.tasks if task.is_python_function),
            others=" ".join(task.name for task in plan.tasks if not task.always),
        )
        _latest[:] = [latest]
    return latest


def _emptied(plan: Plan, inputs: dict[str, PlanInput]) -> Iterator[tuple[str, PlanInput]]:
    for task in plan.tasks:
        if task.role is Role.FETCH:
            uris = [part for port in task.inputs if port.name == "uri" for part in value_parts(port.source)]
            found = [inputs[part.input] for part in uris if isinstance(part, InputValue)]
            yield from ((task.name, given) for given in found if given.optional)
