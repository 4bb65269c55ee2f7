"""``azure.ai.ml.entities``: what means something here by its own class, every other name as an inert one."""

from typing import Any

from mlc.sdk.azure.kinds import CommandComponent, CommandJob, Job, PipelineComponent, PipelineJob
from mlc.sdk.component import Component
from mlc.sdk.entities import AmlCompute, Compute, ComputeInstance, Data, Datastore, Model, Workspace, entity
from mlc.sdk.environment import BuildContext, Environment
from mlc.sdk.node import Node as Command
from mlc.sdk.ports import Input, Output
from mlc.sdk.settings import (
    CommandJobLimits,
    JobResourceConfiguration,
    PipelineJobSettings,
    QueueSettings,
    ResourceConfiguration,
)

__all__ = [
    "AmlCompute",
    "BuildContext",
    "Command",
    "CommandComponent",
    "CommandJob",
    "CommandJobLimits",
    "Component",
    "Compute",
    "ComputeInstance",
    "Data",
    "Datastore",
    "Environment",
    "Input",
    "Job",
    "JobResourceConfiguration",
    "Model",
    "Output",
    "PipelineComponent",
    "PipelineJob",
    "PipelineJobSettings",
    "QueueSettings",
    "ResourceConfiguration",
    "Workspace",
]


def __getattr__(name: str) -> Any:
    """Any other class of the reference, inert."""
    if not name[:1].isupper():
        raise AttributeError(f"module 'azure.ai.ml.entities' has no attribute {name!r}")
    return entity(name)
