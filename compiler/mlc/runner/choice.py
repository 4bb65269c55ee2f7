"""Which engine a run uses, and why, in one line."""

from mlc.diagnostics import NOWHERE, fail
from mlc.images.engine import Engine, NoEngine, find_engine
from mlc.images.report import Report
from mlc.images.words import capital
from mlc.runner.options import EngineChoice


def choose(choice: EngineChoice, report: Report) -> Engine | None:
    """The Docker engine to use; None for plain processes. E650 if Docker was asked for and does not answer."""
    if choice is EngineChoice.PROCESS:
        report.message("The steps run as processes on this machine, as asked for.")
        return None
    match find_engine():
        case Engine() as engine:
            report.message(f"Docker {engine.version} answers: the steps run in containers.")
            return engine
        case NoEngine() as none if choice is EngineChoice.DOCKER:
            fix = f"{none.fix}; or run with `--engine process`"
            raise fail("E650", NOWHERE, "No Docker engine answers", why=capital(none.reason), fix=fix)
        case NoEngine() as none:
            reason = none.reason
    report.message(f"No Docker engine answers ({reason}): the steps run as processes on this machine.")
    return None
