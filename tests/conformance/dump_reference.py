"""Run cases in the reference SDK and print their normal forms as one JSON object. Run by the oracle's own Python."""

import json
import logging
import os
import runpy
import sys
from pathlib import Path

logging.disable(logging.CRITICAL)


def level(jobs, inputs, outputs):
    """One pipeline: its inputs, outputs and nodes in order."""
    return {"inputs": inputs, "outputs": sorted(outputs), "nodes": [node(name, job) for name, job in jobs.items()]}


def node(name, job):
    """One node: what it gets as text, and which pipeline outputs it makes."""
    found = {"name": name, "type": job.type, "component": job.component.name, "inputs": {}, "outputs": {}}
    for key, value in job._to_rest_inputs().items():
        found["inputs"][key] = text(value)
    for key, value in job._to_rest_outputs().items():
        found["outputs"][key] = {k: str(v) for k, v in value.items() if k in ("value", "mode")}
    if job.type == "pipeline":
        component = job.component
        ports = {key: {"type": item.type, "value": None} for key, item in flat(component.inputs).items()}
        found["pipeline"] = level(component.jobs, ports, component.outputs)
    else:
        found["spec"] = spec(job.component)
        found["compute"] = job.compute
        found["timeout"] = job.limits.timeout if job.limits else None
        found["environment_variables"] = dict(job.environment_variables or {})
    return found


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


def flat(inputs):
    """Inputs by dotted name."""
    found = {}
    for key, item in inputs.items():
        if hasattr(item, "flatten"):
            found.update(item.flatten(group_parameter_name=key))
        else:
            found[key] = item
    return found


def text(value):
    """A REST input as text: a literal, or type and location."""
    if "uri" in value:
        mode = value.get("mode")
        return " ".join([value["job_input_type"], value["uri"], *([mode.lower()] if mode else [])])
    return value["value"] + (f" [{value['mode'].lower()}]" if value.get("mode") else "")


def main(paths):
    """Print the normal form of every case."""
    result = {}
    for path in map(Path, paths):
        sys.path[:] = [str(path.parent), *[entry for entry in sys.path if entry != str(path.parent)]]
        os.chdir(path.parent)
        job = runpy.run_path(str(path), run_name="__main__")["job"]
        rest = job._to_rest_object().properties
        inputs = {}
        for key, item in (rest.inputs or {}).items():
            data = item.as_dict() if hasattr(item, "as_dict") else dict(item)
            kind = str(data.get("job_input_type", data.get("jobInputType"))).lower().replace("_", "")
            value = data.get("uri") or data.get("value")
            inputs[key] = {"type": kind, "value": value}
        found = level(job.jobs, inputs, job.outputs)
        found["display_name"], found["experiment_name"] = job.display_name, job.experiment_name
        settings = {"default_compute": job.compute} | dict(job.settings._to_dict() or {})
        compared = ("default_compute", "continue_on_step_failure", "force_rerun")
        found["settings"] = {key: settings[key] for key in compared if settings.get(key)}
        result[path.stem] = found
    print("\n" + json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
