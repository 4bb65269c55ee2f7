"""What the reference SDK does for the same source: import, build, validate, serialise. Runs in the SDK's environment.

Usage: ``python reference.py SOURCE``. A script must leave the job in a global variable; it is not run as ``__main__``,
so that it does not submit.
"""

import runpy
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    source = Path(sys.argv[1])
    if source.suffix == ".py":
        sys.path.insert(0, str(source.resolve().parent))
        left = runpy.run_path(str(source), run_name="pipeline").values()
        job: Any = next(value for value in left if type(value).__name__ == "PipelineJob")
    else:
        from azure.ai.ml import load_job  # type: ignore[import-not-found,unused-ignore]

        job = load_job(source)
    result = job._validate()
    assert result.passed, result.error_messages
    job._to_dict()
    job._to_rest_object()


if __name__ == "__main__":
    main()
