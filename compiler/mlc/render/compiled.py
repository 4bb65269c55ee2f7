"""Keeps templates compiled, where and as long as Python keeps modules compiled: in ``__pycache__`` beside the source.

Compiling the templates of one bundle takes Jinja2 40 ms, a fifth of a whole build. What is kept is trusted exactly as
far as mlc's own ``.pyc`` files, obeys the same switches (``PYTHONDONTWRITEBYTECODE``, ``PYTHONPYCACHEPREFIX``), and
counts only for the same text, Jinja2 and settings. Where nothing can be written, templates are compiled at each start.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

import jinja2.compiler
from jinja2.bccache import Bucket, BytecodeCache


class CompiledTemplates(BytecodeCache):
    """``place`` gives the file of a template, None where it is none on the disk (a zipped installation)."""

    def __init__(self, place: Callable[[str], Path | None], settings: str) -> None:
        self._place = place
        compiler = Path(jinja2.compiler.__file__)
        version = compiler.stat() if compiler.is_file() else None
        self._stamp = f"{settings} {version and (version.st_size, version.st_mtime_ns)}"

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The template's own name: it leads to its file."""
        return name

    def get_source_checksum(self, source: str) -> str:
        """Another text, another Jinja2, other settings: another checksum, and what is kept does not count."""
        return sha256(f"{self._stamp}\n{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill ``bucket`` from its file; a missing or damaged one leaves it empty."""
        file = self._file(bucket.key)
        if file is not None:
            try:
                with file.open("rb") as stream:
                    bucket.load_bytecode(stream)
            except Exception:  # Damaged pickles raise nearly anything.
                bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, whole or not at all."""
        file = self._file(bucket.key)
        if file is None or sys.dont_write_bytecode:
            return
        scratch = file.with_name(f"{file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_bytes(bucket.bytecode_to_string())
            scratch.replace(file)

    def _file(self, name: str) -> Path | None:
        source = self._place(name)
        return None if source is None or sys.implementation.cache_tag is None else Path(cache_from_source(str(source)))
