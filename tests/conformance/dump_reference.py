"""Run scripts in the reference SDK and print their normal forms. Run by the oracle's own Python.

A conversation, so that the SDK's start is paid once: a line on standard input is a path, a line on standard output is
the normal form of the ``job`` that the script leaves, or ``{"error": "..."}``.
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

MODES = {
    "ReadOnlyMount": "ro_mount",
    "ReadWriteMount": "rw_mount",
    "EvalMount": "eval_mount",
    "EvalDownload": "eval_download",
}
"""The service's words that are not the author's in small letters."""


def level(jobs, inputs, outputs):
    """One pipeline: its inputs, outputs and nodes in order."""
    return {"inputs": inputs, "outputs": outputs, "nodes": [node(name, job) for name, job in jobs.items()]}


def node(name, job):
    """One node: what it gets as text, and which pipeline outputs it makes."""
    found = {"name": name, "type": job.type, "component": job.component.name, "inputs": {}, "outputs": {}}
    for key, value in job._to_rest_inputs().items():
        if "uri" in value or "value" in value:  # else only a type: an input of command() that is not bound
            found["inputs"][key] = text(value)
    for key, value in job._to_rest_outputs().items():
        found["outputs"][key] = output(value)
    if job.type == "pipeline":
        component = job.component
        found["pipeline"] = level(component.jobs, ports(component.inputs), sorted(component.outputs))
    else:
        found["spec"] = spec(job.component)
        found["compute"] = job.compute
        found["timeout"] = job.limits.timeout if job.limits else None
        found["environment_variables"] = {key: str(value) for key, value in (job.environment_variables or {}).items()}
        found |= settings(job)
    return found


def settings(job):
    """What a node says besides its bindings."""
    own, inherited = job._resources, job.component.resources
    resources = {key: getattr(own or inherited, key, None) for key in ("instance_count", "instance_type", "shm_size")}
    distribution = job.distribution or job.component.distribution
    return {
        "display_name": job.display_name,
        "tags": {key: str(value) for key, value in (job.tags or {}).items()},
        "resources": {key: value for key, value in resources.items() if value not in (None, 1)},
        "distribution": getattr(distribution, "type", None),
    }


def spec(component):
    """What a command component declares; defaults as the text that the service gets."""
    said = component._to_rest_object().properties.component_spec
    return {
        "command": said["command"],
        "inputs": [
            {
                "name": name,
                "type": item["type"],
                "optional": bool(item.get("optional")),
                "default": item.get("default"),
                "enum": [str(word) for word in item.get("enum") or []],
            }
            for name, item in said.get("inputs", {}).items()
        ],
        "outputs": [{"name": name, "type": item["type"]} for name, item in said.get("outputs", {}).items()],
        "is_deterministic": said.get("is_deterministic", True),
    }


def ports(inputs):
    """Declared inputs of a nested pipeline by dotted name."""
    found = {}
    for key, item in inputs.items():
        for name, one in item.flatten(group_parameter_name=key).items() if hasattr(item, "flatten") else [(key, item)]:
            default = None if one.default is None else plain(one.default)
            found[name] = {"type": one.type, "optional": bool(one.optional), "default": default}
    return found


def plain(value):
    """A default as text; the SDK holds values where the service gets text."""
    return str(getattr(value, "value", value))


def text(value):
    """A REST input as text: a literal, or type and location."""
    mode = value.get("mode") and MODES.get(value["mode"], value["mode"].lower())
    if "uri" in value:
        return " ".join([value["job_input_type"], value["uri"], *([mode] if mode else [])])
    return value["value"] + (f" [{mode}]" if mode else "")


def output(value):
    """A REST output: where it goes."""
    names = {
        "value": "value",
        "mode": "mode",
        "name": "name",
        "version": "version",
        "uri": "path",
        "assetName": "name",
        "assetVersion": "version",
    }
    names |= {"asset_name": "name", "asset_version": "version", "job_output_type": "type", "jobOutputType": "type"}
    return {names[key]: str(item) for key, item in value.items() if key in names and item is not None}


def top(job):
    """A job: its values, outputs, settings and nodes."""
    rest = job._to_rest_object().properties
    inputs = {}
    for key, item in (rest.inputs or {}).items():
        data = item.as_dict() if hasattr(item, "as_dict") else dict(item)
        kind = str(data.get("job_input_type", data.get("jobInputType"))).lower().replace("_", "")
        mode = data.get("mode")
        value = str(data.get("uri") or data.get("value"))
        inputs[key] = {"type": kind, "value": value, "mode": mode and MODES.get(mode, mode.lower())}
    outputs = {key: output(dict(item.as_dict())) for key, item in (rest.outputs or {}).items()}
    found = level(job.jobs, inputs, outputs)
    said = {"default_compute": job.compute} | dict(job.settings._to_dict() or {})
    compared = ("default_compute", "default_datastore", "continue_on_step_failure", "force_rerun")
    return found | {
        "display_name": job.display_name,
        "description": (job.description or "").strip(),
        "experiment_name": job.experiment_name,
        "tags": {key: str(value) for key, value in (job.tags or {}).items()},
        "settings": {key: said[key] for key in compared if said.get(key)},
    }


def load(path):
    """The job of a script or of a YAML file."""
    if path.suffix == ".py":
        return runpy.run_path(str(path), run_name="__main__")["job"]
    from azure.ai.ml import load_job  # type: ignore[import-not-found]

    return load_job(path)


def answer(path):
    """The normal form of one script, run in its folder; nothing of it stays behind."""
    sys.path[:] = [str(path.parent), *[entry for entry in sys.path if entry != str(path.parent)]]
    os.chdir(path.parent)
    before = set(sys.modules)
    try:
        return top(load(path))
    except (Exception, SystemExit) as problem:
        return {"error": f"{type(problem).__name__}: {problem}"}
    finally:
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(path.parent)):
                del sys.modules[name]


if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        answers.write(json.dumps(answer(Path(line.rstrip("\n")))) + "\n")
        answers.flush()
