"""Errors: ours in words, the user's with the part of the traceback that is the user's."""

import importlib
import os
import sys
import traceback

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep


class UserError(Exception):
    """Ends the step with one line."""


def warn(text):
    """A line that does not end the step."""
    print("mlc: warning: {}".format(text), file=sys.stderr)


def guarded(*positional, **named):
    """Call the user's code, the first argument; an exception of it is printed from the user's first line on and ends the step."""
    try:
        return positional[0](*positional[1:], **named)
    except UserError:
        raise
    except Exception as error:
        sys.stdout.flush()
        kind, trace = type(error), error.__traceback__
        while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename):
            trace = trace.tb_next
        traceback.print_exception(kind, error, trace)
        if isinstance(error, ModuleNotFoundError) and error.name:
            print(
                "mlc: error: the environment of this step has no module {!r}; "
                "add the package that has it to the component's environment".format(error.name.partition(".")[0]),
                file=sys.stderr,
            )
        sys.stderr.flush()
        raise SystemExit(1) from None


def _is_ours(file):
    return file.startswith((_OURS, "<frozen importlib")) or file == importlib.__file__
