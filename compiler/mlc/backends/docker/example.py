"""How to set an input in a shell, shown on one that the pipeline has."""

from mlc.ir.plan import Plan, PlanInput
from mlc.ir.types import PortType


def example(plan: Plan) -> str:
    """``INPUT_EPOCHS=1``: the first value input that a shell takes without quotes, integers first; '' if none is."""
    plain = [given for given in plan.inputs if _plain(given)]
    plain.sort(key=lambda given: given.type is not PortType.INTEGER)
    return f"{plain[0].variable}={_other(plain[0])}" if plain else ""


def _plain(given: PlanInput) -> bool:
    value = given.value or ""
    return not given.type.is_data and value.isascii() and value.replace(".", "").replace("_", "").isalnum()


def _other(given: PlanInput) -> str:
    """A value that differs from the default where one can be guessed."""
    if given.type is not PortType.INTEGER:
        return given.value or ""
    return "2" if given.value == "1" else "1"
