"""The Docker back end: a folder in which ``docker compose up`` builds the images and runs the pipeline."""

from mlc.backends.docker.bake import bake_file
from mlc.backends.docker.compose import compose_file, cpu_overlay
from mlc.backends.docker.dockerfile import environment_files
from mlc.backends.docker.dotenv import env_file
from mlc.backends.docker.images_lock import images_lock
from mlc.backends.docker.key_file import key_file
from mlc.backends.docker.readme import readme_file
from mlc.backends.docker.site import site_files, sited
from mlc.backends.options import EmitOptions
from mlc.files import File, FileTree
from mlc.ir.dump import to_json
from mlc.ir.plan import Plan
from mlc.render.runtime import runtime_files

DOCKERIGNORE = "*\n!components\n!environments\n!runtime\n"
"""What a build may see of the bundle: not the data, not the results copied out."""

VENDORED = "!vendor/wheels\n!vendor/conda\n"
"""The same of a bundle that brings all that its images are made of."""


def emit(plan: Plan, options: EmitOptions) -> FileTree:
    """All files of the bundle but the graph's picture."""
    texts = {
        "compose.yaml": compose_file(plan, options.network),
        ".env": env_file(plan, gpu=options.gpu, network=options.network),
        ".dockerignore": DOCKERIGNORE + VENDORED * options.vendored,
        "docker-bake.json": bake_file(plan, options.network),
        "README.md": readme_file(plan),
        "plan.json": to_json(plan),
    }
    if any(task.reservation.wants_gpu for task in plan.tasks):
        texts["compose.cpu.yaml"] = cpu_overlay(plan)
    if any(image.digest for image in plan.images):
        texts["images.lock"] = images_lock(plan)
    for image in plan.images:
        texts[f"environments/{image.name}/key.json"] = key_file(image)
    files = {path: File(text.encode()) for path, text in texts.items()}
    for image in plan.images:
        files.update(_sited(environment_files(plan, image), options))
    for more in (runtime_files(), site_files(options.network), _code(plan), _data(plan)):
        files.update(more)
    return files


def _sited(files: FileTree, options: EmitOptions) -> FileTree:
    """``files`` of an environment with what the site asks of its Dockerfile."""
    return {
        path: File(sited(file.read().decode(), options.network, vendored=options.vendored).encode())
        if path.endswith("/Dockerfile") and path.count("/") == 2
        else file
        for path, file in files.items()
    }


def _code(plan: Plan) -> FileTree:
    return {
        f"components/{component.name}/{path}": file for component in plan.components for path, file in component.files
    }


def _data(plan: Plan) -> FileTree:
    """Data that was asked to travel with the bundle."""
    found: dict[str, File] = {}
    for given in plan.inputs:
        folder = (given.value or "").removeprefix("./")
        found |= {f"{folder}/{path}" if path else folder: file for path, file in given.vendored}
    return found
