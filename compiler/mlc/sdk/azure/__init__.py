"""``azure.ai.ml``, ``mldesigner``, ``azure.identity`` ... as unmodified scripts import them: thin re-exports.

``MODULES`` maps each module that a script may import to the module here whose public names it has. The front end puts
them into the import system while a script runs, and takes them out afterwards.
"""

MODULES: dict[str, str] = {
    "azure.ai.ml": "ai_ml",
    "azure.ai.ml.automl": "automl",
    "azure.ai.ml.constants": "constants",
    "azure.ai.ml.data_transfer": "data_transfer",
    "azure.ai.ml.dsl": "dsl",
    "azure.ai.ml.dsl._condition": "dsl",
    "azure.ai.ml.dsl._do_while": "dsl",
    "azure.ai.ml.dsl._group_decorator": "dsl",
    "azure.ai.ml.dsl._mldesigner": "dsl",
    "azure.ai.ml.dsl._parallel_for": "dsl",
    "azure.ai.ml.dsl._pipeline_decorator": "dsl",
    "azure.ai.ml.dsl._settings": "dsl",
    "azure.ai.ml.entities": "entities",
    "azure.ai.ml.exceptions": "exceptions",
    "azure.ai.ml.finetuning": "customization",
    "azure.ai.ml.identity": "identity",
    "azure.ai.ml.model_customization": "customization",
    "azure.ai.ml.parallel": "parallel",
    "azure.ai.ml.sweep": "sweep",
    "azure.core": "core",
    "azure.core.credentials": "identity",
    "azure.core.credentials_async": "identity_aio",
    "azure.core.exceptions": "exceptions",
    "azure.identity": "identity",
    "azure.identity.aio": "identity_aio",
    "mldesigner": "mldesigner",
    "mldesigner.dsl": "dsl",
}

OURS = ("azure.ai.ml", "azure.identity", "mldesigner")
"""Always these modules, and whatever is below them, even where the real packages are installed."""

FALLBACK = "entities"
"""For other modules below :data:`OURS`: whatever is imported from there is an inert class."""

UNLISTED = frozenset(["azure.ai.ml.operations"])
"""Modules that mean nothing to a bundle. Private ones (``azure.ai.ml._utils``) count as well."""


def public_names() -> dict[str, list[str]]:
    """Module -> every public name that it has in the reference (``names.txt``)."""
    from pathlib import Path

    found: dict[str, list[str]] = {}
    module = ""
    for line in Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            found[module] += line.split()
        else:
            module = line
            found[module] = []
    return found
