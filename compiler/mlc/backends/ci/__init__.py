"""Workflows for CI systems: install mlc, check, build with locks insisted on, push, keep the bundle.

They are about a source and a registry, not about what a plan holds: a change of the pipeline does not change them.
"""

from typing import ClassVar

from mlc.records import dataclass
from mlc.render import prepared, render


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """What a workflow is made of. ``source``: path relative to the repository's root. ``package``: for pip.

    ``registry`` '': images travel from run to run in the CI system's own cache.
    """

    title: str
    source: str
    package: str
    registry: str = ""
    cache: str = ""


@prepared
class _GitHub:
    TEMPLATE: ClassVar[str] = "ci/github.yml.j2"
    title: str
    source: str
    package: str
    registry: str
    cache: str
    login: str
    packages: bool
    """Whether GitHub's own registry is written to: the job's token may do that."""


@prepared
class _GitLab:
    TEMPLATE: ClassVar[str] = "ci/gitlab.yml.j2"
    source: str
    package: str
    registry: str
    cache: str
    login: str
    """The registry's host; '' for the project's own, for which GitLab sets variables."""


OWN = "$CI_REGISTRY_IMAGE"
"""What GitLab calls the registry of a project."""


def github(workflow: Workflow) -> str:
    """The text of ``.github/workflows/mlc.yml``."""
    login = workflow.registry.partition("/")[0]
    return render(
        _GitHub(
            title=workflow.title,
            source=workflow.source,
            package=workflow.package,
            registry=workflow.registry,
            cache=workflow.cache or f"{workflow.registry}/cache",
            login=login,
            packages=login == "ghcr.io",
        )
    )


def gitlab(workflow: Workflow) -> str:
    """The text of ``.gitlab-ci.yml``; ``registry`` may be :data:`OWN`."""
    return render(
        _GitLab(
            source=workflow.source,
            package=workflow.package,
            registry=workflow.registry,
            cache=workflow.cache or f"{workflow.registry}/cache",
            login="" if workflow.registry == OWN else workflow.registry.partition("/")[0],
        )
    )


SYSTEMS = {"github": (github, ".github/workflows/mlc.yml"), "gitlab": (gitlab, ".gitlab-ci.yml")}
"""What each system's file is made by, and where it stands in a repository."""
