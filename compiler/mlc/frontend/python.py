"""Python scripts: run as they are, as ``__main__``; what they submit is what is compiled."""

from pathlib import Path
from types import CodeType, ModuleType

from mlc.diagnostics import Bag, Span
from mlc.frontend import Request
from mlc.frontend.missing import MissingModules
from mlc.frontend.missing_check import check_missing
from mlc.frontend.python_choice import choose
from mlc.frontend.python_session import Loading
from mlc.frontend.script_failure import report_failure, report_syntax
from mlc.frontend.script_state import as_main
from mlc.frontend.text import read_bytes
from mlc.ir.pipeline import Pipeline
from mlc.sdk.session import opened


def load_python(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    """The pipeline of the script ``source`` (absolute). None: the bag says why."""
    data = read_bytes(source, bag, Span(str(source)))
    if data is None:
        return None
    code = compiled(data, str(source), bag)
    return None if code is None else run([code], source, request, bag)


def compiled(source: str | bytes, file: str, bag: Bag, flags: int = 0) -> CodeType | None:
    """Source as code; what is no Python is reported."""
    try:
        code: CodeType = compile(source, file, "exec", flags=flags, dont_inherit=True)
        return code
    except SyntaxError as problem:
        report_syntax(problem, file, bag)
    except ValueError as problem:
        bag.add("E202", Span(file), f"This is not Python: {problem}", fix="Save it as text in UTF-8")
    except (RecursionError, MemoryError, OverflowError):
        bag.add("E202", Span(file), "This is nested too deep for Python", fix="Take the expression apart")
    return None


def run(codes: list[CodeType], source: Path, request: Request, bag: Bag) -> Pipeline | None:
    """Run pieces of code one after another in one namespace, as the script ``source``; then choose the pipeline."""
    loading = Loading(source, bag, request.component_paths)
    missing = MissingModules()
    with opened(loading.session()) as session, as_main(source, request.arguments, missing) as main:
        problem = _execute(codes, main)
        session.fixed = Span(str(source))
        if isinstance(problem, SystemExit) and (loading.submitted or not problem.code):
            problem = None
        allowed = check_missing(missing, session.components, loading.components, bag)
        if problem is not None and (allowed or not missing.imports):
            report_failure(problem, str(source), bag)
        if problem is not None:
            return None
        return choose(loading, vars(main), request.pipeline)


def _execute(codes: list[CodeType], main: ModuleType) -> BaseException | None:
    """Run the code; what it raised, Ctrl-C excepted."""
    try:
        for code in codes:
            exec(code, vars(main))
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        return problem
    return None
