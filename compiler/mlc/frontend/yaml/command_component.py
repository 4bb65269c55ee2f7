"""Command components (azureml.md A1), from a file, from a dict in a node, or from a job that has its own command."""

import re

from mlc.diagnostics import NOWHERE
from mlc.frontend.commands import parse_command
from mlc.frontend.environments import parse_environment
from mlc.frontend.includes import Include
from mlc.frontend.snapshot import snapshot
from mlc.frontend.yaml.located import Scalar, is_null
from mlc.frontend.yaml.places import finder
from mlc.frontend.yaml.ports import input_ports, output_ports
from mlc.frontend.yaml.scope import Scope, is_remote, local_path
from mlc.frontend.yaml.settings import distribution, resources
from mlc.frontend.yaml.shapes import Fields
from mlc.frontend.yaml.tables import COMMAND_COMPONENT, check
from mlc.ir.component import Code, Component, InputPort, OutputPort
from mlc.ir.environment import Environment, ImageEnvironment
from mlc.ir.template import Template, Text

KNOWN = tuple(COMMAND_COMPONENT)
_NODE_ONLY = ("environment_variables", "compute")
_SEARCHED = re.compile(r"\$\{\{\s*search_space\.([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}")
_FUNCTION = re.compile(r"\s*mldesigner\s+execute\s")
"""The command that ``mldesigner compile`` writes: the shim in the bundle runs the function."""
_UNKNOWN = ImageEnvironment(image="", span=NOWHERE)


def command_component(fields: Fields, name: str, scope: Scope) -> Component:
    """A component as its YAML declares it. ``name`` is what it is called; required fields are reported."""
    check(fields, COMMAND_COMPONENT)
    for key in _NODE_ONLY:
        if fields.mapping.get(key) is not None:
            what = f"'{key}' of {fields.what} has no effect"
            scope.bag.add("W103", fields.mapping.key_span(key), what, fix="Set it on the job that uses the component")
    inputs = input_ports(fields.table("inputs"), scope.bag)
    outputs = output_ports(fields.table("outputs"), scope.bag)
    return build(fields, name, inputs, outputs, scope, declared=True)


def build(
    fields: Fields,
    name: str,
    inputs: tuple[InputPort, ...],
    outputs: tuple[OutputPort, ...],
    scope: Scope,
    *,
    declared: bool = False,
) -> Component:
    """What components (``declared``) and inline command jobs share; what is missing is reported, the rest is read."""
    command = _command(fields, inputs, scope)
    environment = read_environment(fields, scope)
    code = read_code(fields, scope)
    deterministic = fields.flag("is_deterministic")
    return Component(
        name=name,
        command=command,
        environment=environment or _UNKNOWN,
        version=fields.text("version"),
        display_name=fields.text("display_name"),
        description=fields.text("description") or "",
        tags=fields.pairs("tags"),
        inputs=inputs,
        outputs=outputs,
        code=code,
        resources=resources(fields, declared=declared),
        distribution=distribution(fields, declared=declared),
        is_deterministic=True if deterministic is None else deterministic,
        is_python_function=bool(command) and isinstance(command[0], Text) and bool(_FUNCTION.match(command[0].text)),
        span=fields.mapping.span,
    )


def _command(fields: Fields, inputs: tuple[InputPort, ...], scope: Scope) -> Template:
    node = fields.required("command")
    if node is None:
        return ()
    if not node.text.strip():
        fields.missing("command")
    names = {port.name for port in inputs}
    text = _SEARCHED.sub(r"${{inputs.\1}}", node.text) if scope.trial else node.text
    return parse_command(text, node.span, scope.bag, names, finder(node.span, scope.bag))


def read_environment(fields: Fields, scope: Scope) -> Environment | None:
    """``environment:``, which is required; None: the bag says what is wrong with it."""
    node = fields.mapping.get("environment")
    if node is None:
        fields.missing("environment", "Add 'environment:' with an image, a conda file or a name")
        return None
    return parse_environment(node, scope.base, scope.bag)


def read_code(fields: Fields, scope: Scope) -> Code | None:
    """``code:`` and ``additional_includes:`` as a snapshot; None where there is neither, or they are reported."""
    includes = _includes(fields, scope)
    node = fields.scalar("code")
    if node is None:
        span = fields.mapping.key_span("additional_includes")
        return snapshot(None, scope.bag, span, includes) if includes else None
    if is_remote(node.text):
        what = f"The code '{node.text}' of {fields.what} is not local"
        why = "mlc fetches nothing and contacts no service"
        scope.bag.add("E121", node.span, what, why=why, fix="Name a folder beside the source")
        return snapshot(None, scope.bag, node.span, includes) if includes else None
    return snapshot(local_path(node.text, scope.base), scope.bag, node.span, includes)


def _includes(fields: Fields, scope: Scope) -> list[Include]:
    listed = fields.sequence("additional_includes")
    found = []
    for item in listed.items if listed else ():
        if isinstance(item, Scalar) and not is_null(item):
            found.append(Include(item.text, local_path(item.text, scope.base), item.span))
        else:
            what = f"Each additional include of {fields.what} must be a path"
            scope.bag.add("E104", item.span, what, fix="Write '- PATH'")
    return found
