"""What went wrong in a user's script, said at the line of the user's own code where it happened."""

import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.downloads import is_download_failure
from mlc.frontend.python.modules import is_users
from mlc.sdk.session import PATIENCE, WaitsForever, place_of
from mlc.sdk.values import kind_of

_LONGEST = 500
"""Characters of an exception's text that are shown."""


def report_failure(problem: BaseException, file: str, bag: Bag, *, done: str = "", after: Sequence[Span] = ()) -> None:
    """Report what a script raised (``SystemExit`` with a status included). ``after``: downloads that had failed.

    ``done``: what had become of its job before (``submitted``, ``made``), so that there is something to compile. The
    results that the script then looks at do not exist, and it is only warned.
    """
    if done:
        what = f"The script fails after it has {done} its job: {described(problem)}"
        if isinstance(problem, WaitsForever):
            what = f"The script has {done} its job, and then waits {PATIENCE} times for something that never comes"
        span = innermost(problem.__traceback__) or Span(file)
        bag.add("W205", span, what, why="The job is compiled, but there are no results yet that a script could use")
        return
    if isinstance(problem, SyntaxError) and (problem.filename is None or is_users(problem.filename)):
        report_syntax(problem, file, bag)
        return
    span = innermost(problem.__traceback__) or Span(file)
    match problem:
        case SystemExit():
            _report_exit(problem, span, Path(file).name, bag)
        case WaitsForever():
            what = f"The script has waited {PATIENCE} times and waits still"
            why = "mlc contacts no service, so nothing changes while it waits"
            bag.add("E201", span, what, why=why, fix="Leave the loop when it takes too long")
        case RecursionError():
            bag.add("E201", span, "The script calls itself without end (RecursionError)", fix="Let the recursion end")
        case MemoryError():
            bag.add("E201", span, "The script needs more memory than there is", fix="Let it read less")
        case _:
            said = described(problem).replace(str(Path(file).parent) + os.sep, "")
            why = "The network is not reached" if is_download_failure(problem) else ""
            why = f"The download in {after[-1].file.rpartition(':')[2]} has failed before" if after else why
            bag.add("E201", span, f"The script failed: {said}", why=why, fix=_advice(problem))


def _report_exit(problem: SystemExit, span: Span, name: str, bag: Bag) -> None:
    from mlc.frontend.python.usage import complaint, example

    said = complaint(problem)
    if said is not None:
        what = f"The script does not take its arguments: {said}"
        bag.add("E201", span, what, fix=f"Its own arguments go behind '--': {example(name, said)}")
        return
    what = f"The script ended{_status(problem.code)}"
    fix = f"Its own arguments go behind '--': mlc build {name} -- --epochs 3"
    if isinstance(problem.code, str):
        fix = "Let it reach its job when mlc runs it"
    bag.add("E201", span, what, why="It submitted no job before that", fix=fix)


def report_syntax(problem: SyntaxError, file: str, bag: Bag) -> None:
    """Report source that is not Python."""
    place = problem.filename if problem.filename and problem.filename != "<unknown>" else file
    span = Span(place, problem.lineno or 0, max(problem.offset or 0, 0) if problem.lineno else 0)
    said = problem.msg or "it cannot be read"
    if "codec can't decode" in said or "null bytes" in said:
        bag.add("E202", span, "This is not UTF-8 text", why=f"Python says: {said}", fix="Save it as UTF-8")
        return
    if "encoding" in said and not span.line:
        span = Span(place, 1)
    bag.add("E202", span, f"This is not Python: {said}", fix="Python itself says the same: run it to check")


def described(problem: BaseException) -> str:
    """Type and text of an exception, on one line."""
    try:
        text = str(problem)
    except Exception:
        text = ""
    text = _one_line(text)
    kind = type(problem).__name__
    return f"{kind}: {text}" if text else kind


def _status(code: object) -> str:
    """How a script ended: the number, or the words, of ``sys.exit(...)``."""
    if isinstance(code, str):
        return f": {_one_line(code)}"
    if isinstance(code, int) and abs(code) < 1 << 32:
        return f" with status {code}"
    return f" with {kind_of(code)} as its status"


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def innermost(trace: TracebackType | None) -> Span | None:
    """The last place in the user's own code before the exception."""
    found: Any = None
    while trace is not None:
        if is_users(trace.tb_frame.f_code.co_filename):
            found = trace
        trace = trace.tb_next
    if found is None:
        return None
    span = place_of(found.tb_frame.f_code, found.tb_lasti)
    return span if span.line else Span(span.file, found.tb_lineno)


def _raised_by(problem: BaseException) -> str:
    """The file whose code raised it."""
    trace, file = problem.__traceback__, ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return file


def _advice(problem: BaseException) -> str:
    if is_download_failure(problem):
        return "mlc runs the script as Python does: let it look first whether it has the file, and put the file there"
    if isinstance(problem, ModuleNotFoundError):
        return "Install it beside mlc"
    if isinstance(problem, FileNotFoundError):
        return "Relative paths are relative to the script's folder"
    if isinstance(problem, KeyError) and _raised_by(problem) in {os.__file__, "<frozen os>"}:
        return f"Set the environment variable {problem.args[0]} where mlc runs, or give it a default: os.environ.get()"
    if isinstance(problem, EOFError):
        return "A script that asks questions cannot be compiled: give the answers as arguments"
    notes = getattr(problem, "__notes__", ())
    if isinstance(problem, KeyError) and notes:
        return _one_line(str(notes[-1])).rstrip(".")
    lines = traceback.format_exception_only(problem)
    hint = lines[-1].partition("Did you mean:")[2].strip()
    return f"Did you mean {hint}" if hint else ""
