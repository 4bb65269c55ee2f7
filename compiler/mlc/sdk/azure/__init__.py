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
    "azure.ai.ml.dsl._mldesigner": "dsl",
    "azure.ai.ml.entities": "entities",
    "azure.ai.ml.exceptions": "exceptions",
    "azure.ai.ml.identity": "identity",
    "azure.ai.ml.parallel": "parallel",
    "azure.ai.ml.sweep": "sweep",
    "azure.core": "core",
    "azure.core.credentials": "identity",
    "azure.core.exceptions": "exceptions",
    "azure.identity": "identity",
    "azure.identity.aio": "identity",
    "mldesigner": "mldesigner",
    "mldesigner.dsl": "dsl",
}

OURS = ("azure.ai.ml", "azure.identity", "mldesigner")
"""Always these modules, and whatever is below them, even where the real packages are installed."""

FALLBACK = "entities"
"""For other modules below :data:`OURS`: whatever is imported from there is an inert class."""

UNLISTED = frozenset(f"azure.ai.ml.{name}" for name in ("finetuning", "model_customization", "operations"))
"""Modules that mean nothing to a bundle. Private ones (``azure.ai.ml._utils``) count as well."""
