"""Jobs of a client: submitting one is what is compiled; a submitted job counts as completed."""

from typing import Any

from mlc.sdk.inert import Inert
from mlc.sdk.job import PipelineJob
from mlc.sdk.loading import LoadedJob
from mlc.sdk.node import Node
from mlc.sdk.operations import Operations, component_of, entity_of
from mlc.sdk.session import session

_JOBS = (PipelineJob, Node, LoadedJob)


class Jobs(Operations):
    """The jobs of a workspace: those that the script has submitted."""

    def create_or_update(self, *given: Any, **more: Any) -> Any:
        """Submit: what the job says now is compiled; changing it afterwards changes nothing."""
        job = entity_of(given, more)
        for name in ("compute", "tags", "description"):
            if more.get(name) is not None and isinstance(job, _JOBS):
                setattr(job, name, more[name])
        session().submit(job, more.get("experiment_name"))
        if getattr(job, "name", None) is None:
            number = len(session().registered.setdefault(("jobs", ""), [])) + 1
            session().registered[("jobs", "")].append(job)
            if not isinstance(job, PipelineJob):
                sent = _job(f"job_{number}", job)
                session().registered.setdefault(("jobs", sent.name), []).append(sent)
                return sent
            job.name = f"{job.display_name}_{number}"
        session().registered.setdefault(("jobs", str(job.name)), []).append(job)
        return job

    def get(self, name: Any = None, *_: Any, **more: Any) -> Any:
        """The job that was submitted under that name, else one that is completed."""
        session().wait()
        registered = session().registered.get(("jobs", str(name)), [])
        return registered[-1] if registered else _job(str(name))

    def list(self, *_: Any, **more: Any) -> Any:
        """Submitted jobs, newest first; with ``parent_job_name`` the steps of one, or of the last that was submitted.

        A job that an endpoint started has no record here: the last pipeline that was submitted stands for it.
        """
        session().wait()
        submitted = [
            item for (kind, name), items in session().registered.items() if kind == "jobs" and name for item in items
        ]
        parent = more.get("parent_job_name")
        if parent is None:
            return submitted[::-1]
        named = [item for item in submitted if getattr(item, "name", None) == parent] or submitted[-1:]
        return [step for job in named if isinstance(job, PipelineJob) for step in _steps(job)]

    def stream(self, name: Any = None, **_: Any) -> None:
        """Return at once."""

    def download(self, name: Any = None, **_: Any) -> None:
        """Return at once; nothing is written."""

    def show_services(self, name: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        """None: no step has run."""
        return {}


class Record(Inert):
    """A job as the service has it on record."""

    @property
    def status(self) -> str:
        """Of a success; asking counts as waiting, as it does of a job."""
        session().wait()
        return "Completed"


def _steps(job: PipelineJob) -> list[Any]:
    return [_job(f"{job.name}_{name}", node, name) for name, node in job.jobs.items()]


def _job(name: str, job: Any = None, shown: str | None = None) -> Any:
    """A record of a job as the service gives it: completed, and nowhere to be seen."""
    component = component_of(job) if isinstance(job, Node) else None
    return Record(
        "job",
        name=name,
        id=f"azureml:{name}",
        display_name=shown or getattr(job, "display_name", None) or name,
        studio_url="",
        tags={},
        properties={"azureml.moduleName": getattr(component, "name", "")} if component is not None else {},
        experiment_name="",
    )
