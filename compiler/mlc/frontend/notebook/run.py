"""Running a notebook's cells. Files that ``%%writefile`` makes exist while the notebook is loaded, and no longer."""

import ast
import builtins
import contextlib
import importlib
import os
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from mlc.diagnostics import Span
from mlc.frontend.notebook.cells import Python, Step, WriteFile
from mlc.frontend.notebook.format import code_cells
from mlc.frontend.notebook.steps import FLAGS, steps_of
from mlc.frontend.python.downloads import is_download_failure
from mlc.frontend.python.failure import described, innermost
from mlc.frontend.python.script import Run
from mlc.ir.pipeline import Pipeline
from mlc.sdk.inert import Inert
from mlc.sdk.session import session

_NAME = re.compile(r"\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)")


class Notebook:
    """One notebook being loaded: what it wrote, and what was there before."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._before: dict[Path, bytes | None] = {}
        self._folders: list[Path] = []
        run.by_cells = True
        run.missing.provided = frozenset({"IPython", "ipywidgets", "ipykernel"})

    def run(self, steps: list[Step]) -> Pipeline | None:
        """Run the cells in order; then choose the pipeline."""
        session = self._run.loading.session()
        for step in steps:
            if isinstance(step.cell, Python):
                session.python[step.file] = step.cell.text
        mkdir = os.mkdir
        os.mkdir = self._remembering(mkdir)
        try:
            pipeline = self._run.run([self._action(step) for step in steps], session, prepare=self._prepare)
        finally:
            os.mkdir = mkdir
            self._restore()
        return self._run.settled(pipeline)

    def _action(self, step: Step) -> Callable[[ModuleType], None]:
        def act(main: ModuleType) -> None:
            if isinstance(step.cell, WriteFile):
                cell = step.cell
                main.__dict__["__mlc_write__"] = lambda: self._write(cell, vars(main))
            if step.code is None:
                return
            try:
                _evaluate(step.code, main)
            except Exception as problem:
                if not self._goes_on(problem):
                    raise
                for code in _rest(step, problem):
                    with contextlib.suppress(Exception):  # most of the cell needs what was not downloaded
                        _evaluate(code, main)

        return act

    def _goes_on(self, problem: Exception) -> bool:
        """Whether a person would go on behind a cell that fails so: the data may be there when the pipeline runs."""
        loading = self._run.loading
        failed, missing = is_download_failure(problem), isinstance(problem, FileNotFoundError)
        if not failed and not (missing and loading.made.failed):
            return False
        span = innermost(problem.__traceback__) or Span(str(loading.source))
        what = f"This cell {'needs the network' if failed else 'needs a file'}, and fails: {described(problem)}"
        why = "" if failed else "A download before it has failed"
        loading.bag.add("W208", span, what, why=why, fix="Put the data there before the pipeline runs")
        if failed:
            loading.made.failed.append(span)
        return True

    def _prepare(self, main: ModuleType) -> None:
        """What Jupyter has in every notebook."""
        del main.__dict__["__file__"]
        main.__dict__.update(
            display=lambda *_, **__: None,
            get_ipython=lambda: Inert("ipython", run_line_magic=lambda name, line, **_: self._magic(name, line, main)),
            In=[],
            Out={},
        )

    def _magic(self, name: str, line: str, main: ModuleType) -> None:
        """``%run FILE``, ``%mkdir`` and ``!mkdir``. Other magics do nothing."""
        words = shlex.split(self._filled(line, vars(main)))
        names = [word for word in words if not word.startswith("-")]
        if name == "mkdir":
            for folder in names:
                Path(folder).expanduser().mkdir(parents=True, exist_ok=True)
        elif name == "run" and names:
            self._run_file(names[0], words, main)

    def _run_file(self, name: str, words: list[str], main: ModuleType) -> None:
        """As IPython does: a script in a namespace of its own, whose names are the notebook's then; cells in place."""
        file = Path(name).expanduser()
        if file.suffix == ".ipynb":
            loading = self._run.loading
            cells = code_cells(file.read_text(encoding="utf-8"), file.absolute(), loading.bag)
            for step in steps_of(cells or [], file.absolute(), loading.bag) or ():
                if isinstance(step.cell, Python):
                    session().python[step.file] = step.cell.text
                self._action(step)(main)
            return
        file = file if file.exists() or file.suffix else file.with_suffix(".py")
        variables = dict(vars(main)) if "-i" in words else {"__builtins__": builtins}
        variables |= {"__name__": "__main__", "__file__": str(file)}
        before, sys.argv = sys.argv, [str(file), *words[words.index(name) + 1 :]]
        try:
            exec(compile(file.read_bytes(), str(file.absolute()), "exec"), variables)
        finally:
            sys.argv = before
        vars(main).update({key: value for key, value in variables.items() if not key.startswith("__")})

    def _filled(self, text: str, variables: dict[str, Any]) -> str:
        """``text`` with the values of ``{names}`` and ``$names`` in it."""

        def value(match: "re.Match[str]") -> str:
            name = match.group(1) or match.group(2)
            return str(variables[name]) if name in variables else match.group()

        return _NAME.sub(value, text)

    def _write(self, cell: WriteFile, variables: dict[str, Any]) -> None:
        path = Path.cwd() / os.path.expanduser(self._filled(cell.path, variables))  # noqa: PTH111
        path = Path(os.path.normpath(path))
        if path not in self._before:
            self._before[path] = path.read_bytes() if path.is_file() else None
        with path.open("a" if cell.append else "w", encoding="utf-8", newline="") as stream:
            stream.write(cell.text)
        self._run.loading.components.written[path] = path.read_bytes()
        self._run.loading.bag.memo.clear()
        importlib.invalidate_caches()

    def _remembering(self, mkdir: Any) -> Any:
        def remember(path: Any, *args: Any, **more: Any) -> None:
            mkdir(path, *args, **more)
            if isinstance(path, str | os.PathLike):
                self._folders.append(Path.cwd() / os.fspath(path))

        return remember

    def _restore(self) -> None:
        for path, content in self._before.items():
            try:
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(content)
            except (OSError, ValueError):  # a path that no system takes was never written
                continue
        for folder in reversed(self._folders):
            try:
                folder.rmdir()
            except (OSError, ValueError):
                continue  # not empty: something else is in it


def _evaluate(code: CodeType, main: ModuleType) -> None:
    result = eval(code, vars(main))
    if hasattr(result, "__await__"):
        import asyncio

        asyncio.run(result)


def _rest(step: Step, problem: Exception) -> list[CodeType]:
    """The statements of a cell behind the one in which ``problem`` was raised."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != step.file:
        trace = trace.tb_next
    if trace is None or not isinstance(step.cell, Python):
        return []
    line = trace.tb_lineno
    tree = ast.parse(step.cell.text)
    behind = [statement for statement in tree.body if statement.lineno > line]
    return [compile(ast.Module([statement], []), step.file, "exec", FLAGS) for statement in behind]
