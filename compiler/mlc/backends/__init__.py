"""``Plan`` -> files. Each back end is a module with ``emit``; none knows another, none touches the disk."""

from mlc.backends import docker, graph, sbom
from mlc.backends.options import Backend, EmitOptions

__all__ = ["BACKENDS", "BUNDLE", "Backend", "EmitOptions"]

BACKENDS: dict[str, Backend] = {"docker": docker, "graph": graph, "sbom": sbom}
"""All back ends by name."""

BUNDLE = (docker.emit, graph.emit, sbom.emit)
"""What makes up a bundle, in the order of the driver's merge."""
