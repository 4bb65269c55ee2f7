"""Small groups of fields that components, nodes and jobs share: compute, resources, distribution, limits."""

import re

from mlc.frontend.text import did_you_mean
from mlc.frontend.yaml.located import Mapping, Scalar
from mlc.frontend.yaml.numbers import BOUND
from mlc.frontend.yaml.shapes import Fields, plain_text
from mlc.frontend.yaml.tables import RESOURCES, SETTINGS, Shape, check
from mlc.ir.component import UNKNOWN_COUNT, Distribution, Resources
from mlc.ir.pipeline import Settings

_DISTRIBUTIONS = {
    "pytorch": ("process_count_per_instance", "process_count"),
    "mpi": ("process_count_per_instance",),
    "tensorflow": ("worker_count", "parameter_server_count"),
    "ray": (
        *("port", "address", "include_dashboard", "dashboard_port"),
        *("head_node_additional_args", "worker_node_additional_args"),
    ),
}
_COMPUTE = re.compile(r"(?:azureml:/{0,2})?/?subscriptions/.+/computes/([^/]+)/?", re.IGNORECASE)


def compute_name(fields: Fields, key: str = "compute") -> str | None:
    """``azureml:NAME``, ``NAME``, a resource's address or an expression, as a name (the expression as it is)."""
    node = fields.scalar(key)
    if node is None:
        return None
    match = _COMPUTE.fullmatch(node.text)
    name = match.group(1) if match else node.text.strip().removeprefix("azureml:")
    if not name:
        fields.missing(key)
    return name or None


def resources(fields: Fields, *, declared: bool = False) -> Resources:
    """``resources:``; what has no meaning in a container (``locations``, ``properties``) is passed over.

    ``declared``: by a component, where the reference takes fields that it does not know.
    """
    table = fields.table("resources")
    if table is None:
        return Resources()
    inner = Fields(table, f"'resources' of {fields.what}", fields.bag)
    check(inner, RESOURCES, "W102" if declared else "E111")
    return Resources(
        instance_count=inner.whole("instance_count") if declared else _instances(inner),
        instance_type=inner.text("instance_type"),
        shm_size=inner.text("shm_size"),
        docker_args=_words(inner, "docker_args"),
    )


def _instances(fields: Fields) -> int | None:
    node = fields.mapping.get("instance_count")
    if isinstance(node, Scalar) and BOUND.fullmatch(node.text):
        return UNKNOWN_COUNT
    return fields.whole("instance_count")


def _words(fields: Fields, key: str) -> str | None:
    """A text, or a list of texts joined by blanks."""
    node = fields.mapping.get(key)
    if node is None or isinstance(node, Scalar | Mapping):
        return fields.text(key)
    return " ".join(plain_text(item) for item in node.items if isinstance(item, Scalar))


def distribution(fields: Fields, *, declared: bool = False) -> Distribution | None:
    """``distribution:``; its type in lower case. ``declared``: by a component, as of :func:`resources`."""
    table = fields.table("distribution")
    if table is None:
        return None
    inner = Fields(table, f"'distribution' of {fields.what}", fields.bag)
    kind = inner.required("type")
    if kind is None:
        return None
    word = kind.text.lower()
    if word not in _DISTRIBUTIONS:
        fix = did_you_mean(word, list(_DISTRIBUTIONS))
        fields.bag.add("E113", kind.span, f"'{kind.text}' is not a kind of distribution", fix=fix)
        return None
    inner.unknown(("type", *_DISTRIBUTIONS[word]), "W102" if declared else "E111")
    settings = tuple(
        (key, plain_text(entry.value)) for key, entry in table if key != "type" and isinstance(entry.value, Scalar)
    )
    return Distribution(type=word, settings=settings, span=table.span)


def timeout(fields: Fields) -> int | None:
    """``limits.timeout`` in seconds."""
    table = fields.table("limits")
    if table is None:
        return None
    inner = Fields(table, f"'limits' of {fields.what}", fields.bag)
    check(inner, {"timeout": Shape.GIVEN}, "E111")
    seconds = inner.whole("timeout")
    if seconds is not None and seconds <= 0:
        span = table.key_span("timeout")
        what = f"The timeout of {fields.what} is {seconds} seconds"
        fields.bag.add("E122", span, what, fix="Give a positive number of seconds, or remove it")
        return None
    return seconds


def check_addresses(fields: Fields) -> None:
    """Compute and datastore of a file's ``settings:``: ``azureml:NAME``; in Python, names are taken as they are."""
    table = fields.table("settings") or Mapping({}, fields.mapping.span)
    for key, other in (("default_compute", "serverless"), ("default_datastore", None)):
        node = table.get(key)
        if isinstance(node, Scalar) and node.text and node.text != other and not node.text.startswith("azureml:"):
            why = "Azure ML takes names with 'azureml:' in front here"
            what = f"'{node.text}' cannot be the {key} of the pipeline"
            fields.bag.add("E122", node.span, what, why=why, fix=f"Write 'azureml:{node.text}'")


def pipeline_settings(fields: Fields) -> Settings:
    """``settings:`` of a pipeline job; ``compute:`` beside it sets the default as well."""
    table = fields.table("settings") or Mapping({}, fields.mapping.span)
    inner = Fields(table, f"'settings' of {fields.what}", fields.bag)
    check(inner, SETTINGS)
    compute = compute_name(inner, "default_compute") or compute_name(inner, "default_compute_target")
    return Settings(
        default_compute=compute or compute_name(fields),
        default_datastore=(inner.text("default_datastore") or "").removeprefix("azureml:") or None,
        continue_on_step_failure=bool(inner.flag("continue_on_step_failure")),
        force_rerun=bool(inner.flag("force_rerun")),
        on_init=inner.text("on_init"),
        on_finalize=inner.text("on_finalize"),
    )
