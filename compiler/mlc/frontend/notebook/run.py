"""Running a notebook's cells. Files that ``%%writefile`` makes exist while the notebook is loaded, and no longer."""

import importlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from mlc.frontend.notebook.cells import Python, Step, WriteFile
from mlc.frontend.python.script import Run
from mlc.ir.pipeline import Pipeline
from mlc.sdk.inert import Inert

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
            return self._run.run([self._action(step) for step in steps], session, prepare=self._prepare)
        finally:
            os.mkdir = mkdir
            self._restore()

    def _action(self, step: Step) -> Callable[[ModuleType], None]:
        def act(main: ModuleType) -> None:
            if isinstance(step.cell, WriteFile):
                cell = step.cell
                main.__dict__["__mlc_write__"] = lambda: self._write(cell, vars(main))
            if step.code is not None:
                result = eval(step.code, vars(main))
                if hasattr(result, "__await__"):
                    import asyncio

                    asyncio.run(result)

        return act

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
        """``%run file.py``: in the notebook's namespace. Other magics do nothing."""
        if name == "run" and line.split():
            file = Path(line.split(maxsplit=1)[0].strip("'\""))
            exec(compile(file.read_bytes(), str(file.absolute()), "exec"), vars(main))

    def _write(self, cell: WriteFile, variables: dict[str, Any]) -> None:
        def value(match: "re.Match[str]") -> str:
            name = match.group(1) or match.group(2)
            return str(variables[name]) if name in variables else match.group()

        path = Path.cwd() / os.path.expanduser(_NAME.sub(value, cell.path))  # noqa: PTH111
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
