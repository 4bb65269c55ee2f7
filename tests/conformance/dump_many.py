"""Print what the reference SDK makes of sweeps and parallel steps. Run by the oracle's own Python.

Each argument is a script that leaves a ``job``, or a pipeline's YAML; a line of JSON comes out for each.
"""

import json
import logging
import os
import runpy
import sys
import warnings
from pathlib import Path

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

NUMBERS = ("mini_batch_size", "max_concurrency_per_instance", "error_threshold", "mini_batch_error_threshold")


def node(job):
    """One node of either kind; the component's settings count where the node has none of its own."""
    if job.type == "sweep":
        return sweep(job)
    return parallel(job) if job.type == "parallel" else {"type": job.type}


def sweep(job):
    """What is searched, for what, and for how long."""
    policy = job.early_termination
    said = {} if policy is None else {key: value for key, value in vars(policy).items() if value}
    algorithm = job.sampling_algorithm
    rest = {
        key: value for key, value in getattr(algorithm, "__dict__", {"type": algorithm}).items() if value is not None
    }
    limits = {key.lstrip("_"): value for key, value in vars(job.limits).items() if value is not None}
    return {
        "type": "sweep",
        "trial": job.trial.name,
        "inputs": sorted(key for key, value in job._to_rest_inputs().items() if "uri" in value or "value" in value),
        "search_space": {name: space(found) for name, found in job.search_space.items()},
        "objective": [job.objective.goal, job.objective.primary_metric],
        "sampling": {key: texts(value).lower() for key, value in rest.items()},
        "early_termination": {key: texts(value) for key, value in said.items()},
        "limits": {key: texts(value) for key, value in limits.items()},
    }


def space(found):
    """A search space as the service gets it, numbers as text."""
    kind, values = found._to_rest_object()
    return [kind, texts(values[0] if kind == "choice" else values)]


def parallel(job):
    """How the data is cut up, and what works on it."""
    component, task = job.component, job.task or job.component.task
    found = {key: getattr(job, key) for key in (*NUMBERS, "logging_level", "input_data", "partition_keys")}
    found = {key: getattr(component, key) if value is None else value for key, value in found.items()}
    retries = job.retry_settings or component.retry_settings
    said = dict(retries.items()) if hasattr(retries, "items") else {}
    resources = job.resources or component.resources
    return {
        "type": "parallel",
        "inputs": sorted(key for key, value in job._to_rest_inputs().items() if "uri" in value or "value" in value),
        "settings": {key: texts(value) for key, value in found.items() if value not in (None, 0, [])},
        "retries": {key: texts(value) for key, value in said.items() if value is not None},
        "task": {key: getattr(task, key) for key in ("entry_script", "append_row_to", "program_arguments")},
        "instances": getattr(resources, "instance_count", None) or 1,
    }


def texts(value):
    """Numbers as text, also in lists and mappings."""
    if isinstance(value, dict):
        return {key: texts(getattr(item, "_to_rest_object", lambda item=item: item)()) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [texts(item) for item in value]
    return value if isinstance(value, str) else str(float(value)) if not isinstance(value, bool) else str(value)


def read(path):
    """The job of a script, or of a YAML file."""
    os.chdir(path.parent)
    if path.suffix == ".py":
        return runpy.run_path(str(path), run_name="__main__")["job"]
    from azure.ai.ml import load_job  # type: ignore[import-not-found,unused-ignore]

    return load_job(str(path))


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        try:
            job = read(Path(argument))
            print(json.dumps({name: node(found) for name, found in job.jobs.items()}))
        except Exception as problem:
            print(json.dumps({"error": f"{type(problem).__name__}: {problem}"}))
