"""Python scripts: run as they are, as ``__main__``; what they submit is what is compiled."""

import builtins
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, ModuleType

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.afterwards import finished
from mlc.frontend.python.choice import choose
from mlc.frontend.python.failure import innermost, report_failure, report_syntax
from mlc.frontend.python.missing import MissingModules
from mlc.frontend.python.missing_check import check_missing
from mlc.frontend.python.session import Loading
from mlc.frontend.python.state import as_main
from mlc.frontend.python.variables import Account
from mlc.frontend.python.waiting import told_while_running
from mlc.frontend.request import Request
from mlc.frontend.text import decode, read_bytes
from mlc.ir.pipeline import Pipeline
from mlc.sdk.job import PipelineJob
from mlc.sdk.session import Session, opened

_CODING = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


def load_python(source: Path, request: Request, bag: Bag) -> Pipeline | None:
    """The pipeline of the script ``source`` (absolute). None: the bag says why."""
    data = read_bytes(source, bag, Span(str(source)))
    if data is None:
        return None
    code = compiled(data, str(source), bag) if _is_text(data, source, bag) else None
    if code is None:
        return None
    run = Run(source, request, bag)
    package = _package(source) if re.search(rb"(?m)^\s*from\s+\.", data) else ""

    def prepare(main: ModuleType) -> None:
        if package:
            main.__package__ = package
            sys.path.append(str(source.parents[package.count(".") + 1]))

    pipeline = run.run([lambda main: exec(code, vars(main))], run.loading.session(), prepare=prepare)
    return run.settled(pipeline)


def _package(source: Path) -> str:
    """The package that a script with relative imports is in: it is meant to be run with ``python -m``."""
    names = []
    for folder in source.parents:
        if not (folder / "__init__.py").is_file():
            break
        names.append(folder.name)
    return ".".join(reversed(names))


def _is_text(data: bytes, source: Path, bag: Bag) -> bool:
    """Whether ``data`` can be Python: UTF-8, or the encoding that one of its first two lines names (PEP 263)."""
    if not data.strip():
        bag.add("E103", Span(str(source)), "The file is empty", fix="Write a pipeline into it")
        return False
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") > len(data) // 3
        kind = "is UTF-16" if is_utf16 else "has a NUL character"
        what = f"File '{source.name}' {kind}, which Python does not read"
        bag.add("E107", Span(str(source), line), what, fix="Save it as UTF-8, or name another file")
        return False
    if any(_CODING.match(line) for line in data.split(b"\n", 2)[:2]):
        return True
    return decode(data, source, bag) is not None


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


class Run:
    """One source being run: its parts one after another in one namespace."""

    def __init__(self, source: Path, request: Request, bag: Bag) -> None:
        self.request = request
        self.loading = Loading(source, bag, request.names)
        self.missing = MissingModules()
        self.account = Account()
        self.by_cells = False
        """A notebook: people run its cells one by one, and some of them cannot run at all (no client is defined)."""

    def run(
        self,
        parts: list[Callable[[ModuleType], None]],
        session: Session,
        *,
        prepare: Callable[[ModuleType], None] = lambda main: None,
    ) -> Pipeline | None:
        """Run the parts; then choose the pipeline. ``prepare`` changes the namespace before."""
        loading = self.loading
        with (
            opened(session),
            as_main(loading.source, self.request.arguments, self.missing) as main,
            self.account.answered(),
        ):
            self.missing.progress = lambda: self._jobs(main)
            prepare(main)
            with finished() as left, told_while_running(str(loading.source)):
                problem = _execute(parts, main)
            if left:
                names = ", ".join(repr(thread.name) for thread in left)
                what, why = f"The script leaves threads that do not end: {names}", "Python would wait for them for ever"
                loading.bag.add("W209", Span(str(loading.source)), what, why=why, fix="Make them daemons")
            session.fixed = Span(str(loading.source))
            try:
                return self._pipeline(problem, session, main)
            except KeyboardInterrupt:
                raise
            except BaseException as raised:
                if innermost(raised.__traceback__) is None:
                    raise  # a mistake of ours
                report_failure(raised, str(loading.source), loading.bag)
                return None

    def settled(self, pipeline: Pipeline | None) -> Pipeline | None:
        """``pipeline`` once everything is put back: what the source made and took away again comes with it."""
        if pipeline is None:
            return None
        self.account.check(pipeline, self.loading.bag)
        return self.loading.made.settle(pipeline, self.loading.bag)

    def _pipeline(self, problem: BaseException | None, session: Session, main: ModuleType) -> Pipeline | None:
        """What is left after the source has run. Pipeline functions and odd values can run more of the user's code."""
        loading = self.loading
        allowed = check_missing(self.missing, session.components, loading.components, loading.bag)
        if problem is not None and not self._is_end(problem):
            done = self._done(main)
            if allowed or not self.missing.imports:
                report_failure(problem, str(loading.source), loading.bag, done=done, after=loading.made.failed)
            if not done:
                return None
        end = innermost(problem.__traceback__) if isinstance(problem, SystemExit) else None
        return choose(loading, vars(main), self.request.pipeline, end)

    def _jobs(self, main: ModuleType) -> int:
        """How many jobs were submitted so far; in a notebook, made."""
        if self.loading.submitted or not self.by_cells:
            return len(self.loading.submitted)
        return len({id(value) for value in vars(main).values() if isinstance(value, PipelineJob)})

    def _done(self, main: ModuleType) -> str:
        """What had become of a job when the source failed; '' if there was none. A notebook's need only be made."""
        if self.loading.submitted:
            return "submitted"
        made = self.by_cells and any(isinstance(value, PipelineJob) for value in vars(main).values())
        return "made" if made else ""

    def _is_end(self, problem: BaseException) -> bool:
        """Whether a script may end so: with status 0, or in any way once its job was submitted."""
        return isinstance(problem, SystemExit) and (bool(self.loading.submitted) or not problem.code)


def _execute(parts: list[Callable[[ModuleType], None]], main: ModuleType) -> BaseException | None:
    """Run the parts; what they raised, Ctrl-C excepted."""
    built_in, modules = dict(vars(builtins)), dict(sys.modules)
    try:
        for part in parts:
            part(main)
    except KeyboardInterrupt as stop:
        place = innermost(stop.__traceback__)
        if place is not None:
            stop.add_note(f"{place.file}:{place.line} was running.")
        raise
    except BaseException as problem:
        return problem
    finally:
        vars(builtins).update(built_in)  # what follows needs both
        for name, module in modules.items():
            sys.modules.setdefault(name, module)
    return None
