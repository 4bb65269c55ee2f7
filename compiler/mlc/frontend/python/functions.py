"""Python functions as components by themselves: the module is imported as a script would, and no pipeline is needed."""

from pathlib import Path

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.failure import report_failure
from mlc.frontend.python.missing_check import check_missing
from mlc.frontend.python.script import Run, compiled
from mlc.frontend.python.state import as_main
from mlc.frontend.request import Request
from mlc.frontend.text import read_bytes
from mlc.ir.asset import Names
from mlc.ir.component import Component as Built
from mlc.sdk.component import Raw
from mlc.sdk.session import opened


def load_functions(source: Path, names: Names, bag: Bag) -> tuple[Built, ...]:
    """The components that functions of the module ``source`` (absolute) are, in its order; mistakes go to the bag."""
    data = read_bytes(source, bag, Span(str(source)))
    code = None if data is None else compiled(data, str(source), bag)
    if code is None:
        return ()
    run = Run(source, Request(names=names), bag)
    session = run.loading.session()
    with opened(session), as_main(source, (), run.missing) as main, run.account.answered():
        main.__name__ = source.stem
        try:
            exec(code, vars(main))
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            report_failure(problem, str(source), bag)
            return ()
        session.fixed = Span(str(source))
        check_missing(run.missing, session.components, run.loading.components, bag)
        own = [item for item in session.components if item.span.file == str(source)]
        functions = [item for item in own if isinstance(item.body, Raw) and item.body.is_python_function]
        return tuple(run.loading.components.build(item) for item in functions)
