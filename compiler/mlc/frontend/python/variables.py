"""Environment variables that say which Azure account is meant: none is needed to compile.

``os.environ["AZURE_SUBSCRIPTION_ID"]`` of a variable that is not set is answered, because nothing is contacted. Should
the answer get into the pipeline itself, it is a mistake after all.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import field, replace
from typing import Any

from mlc.diagnostics import Bag, Span
from mlc.frontend.python.modules import is_users
from mlc.ir.pipeline import Pipeline
from mlc.records import dataclass
from mlc.sdk.guarded import is_guarded
from mlc.sdk.session import place_of

_ACCOUNT = (
    r"(?i)(?:.*_)?(?:SUBSCRIPTION(?:_?(?:ID|NAME))?|RESOURCE_?GROUP(?:_?NAME)?|(?:ML_?|AML_?|AZUREML_?)?WORKSPACE(?:_?NAME)?"
    r"|TENANT(?:_?ID)?|(?:CLIENT|APP|SP)_?ID|(?:CLIENT|SP)_?SECRET|CLIENT_?CERTIFICATE(?:_?PATH)?|RG(?:_?NAME)?)"
)


@dataclass(slots=True)
class Account:
    """``asked``: variables that were answered, and where they were first asked for."""

    asked: dict[str, Span] = field(default_factory=dict)

    @contextlib.contextmanager
    def answered(self) -> Iterator[None]:
        """Answer inside of the block."""
        kind: Any = type(os.environ)
        real = kind.__getitem__

        def get(environ: Any, name: Any) -> Any:
            try:
                return real(environ, name)
            except KeyError:
                frame = sys._getframe(1)
                if (
                    environ is not os.environ
                    or not re.fullmatch(_ACCOUNT, name)
                    or not is_users(frame.f_code.co_filename)
                ):
                    raise
                if is_guarded("KeyError", "LookupError"):
                    raise
                self.asked.setdefault(name, place_of(frame.f_code, frame.f_lasti))
                return answer(name)

        kind.__getitem__ = get
        try:
            yield
        finally:
            kind.__getitem__ = real

    def check(self, pipeline: Pipeline, bag: Bag) -> None:
        """Report variables whose answers got into ``pipeline``."""
        shown = repr(replace(pipeline, tags=())) if self.asked else ""
        for name, span in self.asked.items():
            if answer(name) in shown:
                what = f"The environment variable {name} is not set, and the pipeline needs its value"
                bag.add("E227", span, what, fix=f"Set it where mlc runs: {name}=... mlc build")


def answer(name: str) -> str:
    """What stands for the value of a variable that is not set."""
    return f"unset-{name}"
