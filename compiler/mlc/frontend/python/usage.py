"""What a script said about its own arguments before it ended itself with an exit status."""

import re
from typing import Any

_OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")


def complaint(problem: SystemExit) -> str | None:
    """The words of argparse or click about wrong arguments; None: the script ended for another reason."""
    trace, found = problem.__traceback__, [problem.__context__]
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_name == "error" and code.co_filename.endswith("argparse.py"):
            return _line(trace.tb_frame.f_locals.get("message"))
        if "click" in code.co_filename:
            found.append(getattr(trace.tb_frame.f_locals.get("report"), "__self__", None))
        trace = trace.tb_next
    for item in found:
        if any(kind.__name__ == "UsageError" for kind in type(item).__mro__):
            return _line(item.format_message())  # type: ignore[union-attr]
    return None


def example(name: str, said: str) -> str:
    """How the script ``name`` is given the options that ``said`` names."""
    wanted = _OPTION.findall(said) if "required" in said or said.startswith("Missing") else []
    return f"mlc build {name} -- {' '.join(f'{option} ...' for option in dict.fromkeys(wanted)) or '...'}"


def _line(text: Any) -> str | None:
    return " ".join(str(text).split()).rstrip(".") or None
