"""Classes of the reference that are made by functions here, or that several of our classes count as.

Scripts construct them, ask ``isinstance(job, CommandJob)``, and write ``CommandJob | None`` in annotations.
"""

from collections.abc import Callable
from typing import Any

from mlc.ir.pipeline import Pipeline as ReadPipeline
from mlc.sdk.command import command, command_component_entity
from mlc.sdk.component import Component
from mlc.sdk.definition import Definition
from mlc.sdk.job import PipelineJob as MadeJob
from mlc.sdk.loading import LoadedJob
from mlc.sdk.node import Node
from mlc.sdk.pipeline import PipelineFunction

__all__ = ["CommandComponent", "CommandJob", "Job", "PipelineComponent", "PipelineJob", "SweepJob"]


def _sweep_job(*positional: Any, **fields: Any) -> Node:
    from mlc.sdk.sweep_job import sweep_job  # scripts ask for the class much oftener than they make one

    return sweep_job(*positional, **fields)


def _pipeline_job(*positional: Any, **fields: Any) -> MadeJob:
    from mlc.sdk.written_job import pipeline_job

    return pipeline_job(*positional, **fields)


class Kind(type):
    """A class that says which objects are its own. ``make`` constructs one; ``classes`` are its subclasses."""

    make: Callable[..., Any] | None = None
    counts: Callable[[Any], bool]
    classes: tuple[type, ...] = ()

    def __call__(cls, *positional: Any, **fields: Any) -> Any:
        """What the class makes."""
        if cls.make is None:
            raise TypeError(f"{cls.__name__} is abstract")
        return cls.make(*positional, **fields)

    def __instancecheck__(cls, instance: Any) -> bool:
        return cls.counts(instance)

    def __subclasscheck__(cls, other: type) -> bool:
        return other is cls or other in cls.classes


class PipelineJob(metaclass=Kind):
    """A pipeline with values for its inputs."""

    make = staticmethod(_pipeline_job)
    counts = staticmethod(lambda item: type(item) is MadeJob)
    classes = (MadeJob,)


class Job(metaclass=Kind):
    """Anything that can be submitted."""

    counts = staticmethod(lambda item: type(item) in {MadeJob, Node, LoadedJob})
    classes = (MadeJob, PipelineJob, Node, LoadedJob)


class CommandJob(metaclass=Kind):
    """A command that is submitted on its own."""

    make = staticmethod(command)
    counts = staticmethod(lambda item: type(item) is Node and item.definition is None and not item.is_sweep)


class SweepJob(metaclass=Kind):
    """A sweep that is submitted on its own."""

    make = staticmethod(_sweep_job)
    counts = staticmethod(lambda item: type(item) is Node and item.is_sweep)


class CommandComponent(metaclass=Kind):
    """A component that runs a command."""

    make = staticmethod(command_component_entity)
    counts = staticmethod(lambda item: type(item) is Component and not isinstance(item.body, ReadPipeline))


class PipelineComponent(metaclass=Kind):
    """A pipeline that is used as a step."""

    counts = staticmethod(
        lambda item: (
            type(item) in {PipelineFunction, Definition}
            or (type(item) is Component and isinstance(item.body, ReadPipeline))
        )
    )
