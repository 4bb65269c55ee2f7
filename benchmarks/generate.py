"""Pipelines of any number of nodes, as a Python script and as YAML, that both mlc and the reference SDK can read."""

from pathlib import Path

COMPONENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
type: command
name: step
version: 1
inputs:
  data: {type: uri_folder}
  rate: {type: number, default: 0.1}
outputs:
  out: {type: uri_folder}
code: ./src
environment:
  image: docker.io/library/python:3.11-slim-bookworm
command: python step.py --data ${{inputs.data}} --rate ${{inputs.rate}} --out ${{outputs.out}}
"""

SCRIPT_HEAD = """\
from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

step = load_component("component.yml")


@pipeline(default_compute="cpu-cluster")
def chain(data, rate: float = 0.5):
"""

SCRIPT_TAIL = """\
    return {{"last": {last}.outputs.out}}


job = chain(data=Input(type="uri_folder", path="./data"))
"""


def write_project(folder: Path, nodes: int) -> None:
    """Fill ``folder`` with a chain of ``nodes`` steps: both sources, a component, code and data.

    ``broken.py`` and ``broken.yml`` are the same with a mistake in every third step: an output that does not exist.
    """
    (folder / "src").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "src" / "step.py").write_text("print('step')\n")
    (folder / "data" / "part.csv").write_text("1,2\n")
    (folder / "component.yml").write_text(COMPONENT)
    for name, output in (("pipeline", "out"), ("broken", "output")):
        (folder / f"{name}.py").write_text(_script(nodes, output))
        (folder / f"{name}.yml").write_text(_yaml(nodes, output))


def _script(nodes: int, third: str) -> str:
    """``third``: the name of the output that every third step takes."""
    lines = ["    n0 = step(data=data, rate=rate)"]
    for i in range(1, nodes):
        lines.append(f"    n{i} = step(data=n{i - 1}.outputs.{'out' if i % 3 else third}, rate={i / 7})")
    return SCRIPT_HEAD + "\n".join(lines) + "\n" + SCRIPT_TAIL.format(last=f"n{nodes - 1}")


def _yaml(nodes: int, third: str) -> str:
    lines = [
        "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json",
        "type: pipeline",
        "display_name: chain",
        "settings: {default_compute: azureml:cpu-cluster}",
        "inputs:",
        "  data: {type: uri_folder, path: ./data}",
        "  rate: 0.5",
        "jobs:",
    ]
    for i in range(nodes):
        source = (
            f"${{{{parent.jobs.n{i - 1}.outputs.{'out' if i % 3 else third}}}}}" if i else "${{parent.inputs.data}}"
        )
        rate = str(i / 7) if i else "${{parent.inputs.rate}}"
        lines += [f"  n{i}:", "    type: command", "    component: ./component.yml", "    inputs:"]
        lines += [f"      data: {source}", f"      rate: {rate}"]
    return "\n".join(lines) + "\n"
