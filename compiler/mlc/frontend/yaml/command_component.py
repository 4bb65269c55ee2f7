"""Command components (azureml.md A1), from a file, from a dict in a node, or from a job that has its own command."""

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
from mlc.ir.component import Code, Component, InputPort, OutputPort
from mlc.ir.environment import Environment, ImageEnvironment

KNOWN = (
    *("name", "version", "type", "display_name", "description", "tags", "inputs", "outputs", "command", "code"),
    *("environment", "distribution", "resources", "is_deterministic", "additional_includes", "limits", "services"),
    *("identity", "properties", "environment_variables", "compute", "queue_settings", "intellectual_property"),
)
_NODE_ONLY = ("environment_variables", "compute")
_UNKNOWN = ImageEnvironment(image="", span=NOWHERE)


def command_component(fields: Fields, name: str, scope: Scope) -> Component | None:
    """A component as its YAML declares it. ``name`` is what it is called; required fields are reported."""
    fields.unknown(KNOWN)
    for key in _NODE_ONLY:
        if fields.mapping.get(key) is not None:
            what = f"'{key}' of {fields.what} has no effect"
            scope.bag.add("W103", fields.mapping.key_span(key), what, fix="Set it on the job that uses the component")
    inputs = input_ports(fields.table("inputs"), scope.bag)
    outputs = output_ports(fields.table("outputs"), scope.bag)
    return build(fields, name, inputs, outputs, scope)


def build(
    fields: Fields, name: str, inputs: tuple[InputPort, ...], outputs: tuple[OutputPort, ...], scope: Scope
) -> Component | None:
    """What components and inline command jobs share. None only without a command: the rest is worth checking then."""
    command = fields.required("command")
    environment = _environment(fields, scope)
    code = read_code(fields, scope)
    if command is None:
        return None
    if not command.text.strip():
        fields.missing("command")
    deterministic = fields.flag("is_deterministic")
    return Component(
        name=name,
        command=parse_command(
            command.text,
            command.span,
            scope.bag,
            {port.name for port in inputs},
            finder(command.span, scope.bag),
        ),
        environment=environment or _UNKNOWN,
        version=fields.text("version"),
        display_name=fields.text("display_name"),
        description=fields.text("description") or "",
        tags=fields.pairs("tags"),
        inputs=inputs,
        outputs=outputs,
        code=code,
        resources=resources(fields),
        distribution=distribution(fields),
        is_deterministic=True if deterministic is None else deterministic,
        span=fields.mapping.span,
    )


def _environment(fields: Fields, scope: Scope) -> Environment | None:
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
        return None
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
