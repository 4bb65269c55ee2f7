"""What the command of a step starts: files and modules of Python, as far as a shell's words tell without running them.

An entry is a dictionary for ``templates/verify/try_image.py``: ``component``, ``folder``, and ``file`` or ``module``.
``cwd``: where the command has gone below the folder; ``function``: it is imported, not run; ``made``: what comes before
may make the file; ``installs``: what comes before installs packages; ``variables``: those of the step.
"""

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress

from mlc.ir.plan import Plan, Task
from mlc.ir.template import Text
from mlc.records import dataclass

UNKNOWN = "\x01"
"""Stands for a placeholder."""
_SOURCE = re.compile(r"--source (\S+)")
_PYTHON = re.compile(r"(?:\S*/)?python[\d.]*$")
_LAUNCHERS = {"torchrun", "deepspeed", "horovodrun", "mpirun", "mpiexec", "accelerate"}
_SHELLS = {"sh", "bash", "dash"}
_OTHERS = {"Rscript", "R", "java", "julia", "node", "dotnet", "perl", "ruby"}
_KEYWORDS = {"then", "do", "else", "{", "!", "time", "exec", "nohup", "env", "if"}
_HARMLESS = {
    "cd",
    "echo",
    "ls",
    "pwd",
    "export",
    "set",
    "date",
    "nvidia-smi",
    "printf",
    "true",
    "fi",
    "done",
    ":",
    "[",
    "test",
}
_ENDS = re.compile(r"[;&|()<>]+$")
_WITH_VALUE = {"-W", "-X"}

Entry = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """``entries`` that can be tried, and the programs which are no Python, so that nothing is tried of them."""

    entries: tuple[Entry, ...] = ()
    others: tuple[str, ...] = ()


def started(plan: Plan, task: Task) -> Started:
    """What ``task`` starts."""
    entry: Entry = {"component": task.component, "folder": f"/mlc/components/{task.component}"}
    if task.environment:
        entry["variables"] = dict(task.environment)
    if task.parallel is not None:
        return Started(entries=(entry | {"file": task.parallel.entry_script, "function": True},))
    text = "".join(part.text if isinstance(part, Text) else UNKNOWN for part in task.command)
    if task.is_python_function:
        match = _SOURCE.search(text)
        return Started(entries=(entry | {"file": match[1].strip("'\""), "function": True},) if match else ())
    reader = _Reader(plan, task.component)
    reader.read(text)
    return Started(entries=tuple(entry | one for one in reader.found), others=tuple(dict.fromkeys(reader.others)))


class _Reader:
    """Goes through a command as a shell would, as far as folders, scripts and interpreters go."""

    def __init__(self, plan: Plan, component: str) -> None:
        self._files = {path: file for one in plan.components if one.name == component for path, file in one.files}
        self._read: set[str] = set()
        self._state: Entry = {}
        self.found: list[Entry] = []
        self.others: list[str] = []

    def read(self, text: str) -> None:
        """Add what ``text`` starts; ends where a ``cd`` goes to a folder that only the run knows."""
        for words in _commands(text):
            if not self._command(words):
                return

    def _command(self, words: list[str]) -> bool:
        first = words[0].rpartition("/")[2]
        if first == "cd":
            return self._cd(words[1:])
        if first in _OTHERS:
            self.others.append(first)
        elif first in _SHELLS and "-c" in words[:-1]:
            self.read(words[words.index("-c") + 1])
        elif first in _SHELLS or words[0].endswith(".sh"):
            self._script(next((word for word in words if word.endswith(".sh")), ""))
        else:
            self._python(words)
        if "install" in words:
            self._state |= {"installs": True, "made": True}
        elif first not in _HARMLESS:
            self._state |= {"made": True}
        return True

    def _cd(self, words: list[str]) -> bool:
        place = words[0] if words else "~"
        if place.startswith(("/", "~", "-")) or not _is_plain(place):
            return False
        self._state = self._state | {"cwd": "/".join(filter(None, (str(self._state.get("cwd", "")), place)))}
        return True

    def _script(self, name: str) -> None:
        import posixpath

        path = posixpath.normpath(posixpath.join(str(self._state.get("cwd", "")), name))
        if path in self._files and path not in self._read:
            self._read.add(path)
            before = self._state
            with suppress(OSError):
                self.read(self._files[path].read().decode("utf-8", "replace"))
            self._state = before

    def _python(self, words: list[str]) -> None:
        at = next((number for number, word in enumerate(words) if _PYTHON.match(word)), None)
        if at is None:
            if words[0].rpartition("/")[2] in _LAUNCHERS:
                self._file(words[1:])
            return
        rest = iter(words[at + 1 :])
        for word in rest:
            if word == "-c":
                return
            if word == "-m":
                module = next(rest, "")
                if module and _is_plain(module):
                    self.found.append({**self._state, "module": module})
                if "launch" in module or "run" in module:  # torch.distributed.launch train.py
                    self._file(list(rest))
                return
            if word in _WITH_VALUE:
                next(rest, None)
            elif not word.startswith("-"):
                self._file([word])
                return

    def _file(self, words: list[str]) -> None:
        name = next((word for word in words if word.endswith(".py")), "")
        if name and _is_plain(name):
            self.found.append({**self._state, "file": name})


def _is_plain(word: str) -> bool:
    return not any(sign in word for sign in (UNKNOWN, "$", "`", "*"))


def _commands(text: str) -> Iterator[list[str]]:
    """The simple commands of a shell's text, with neither assignments nor keywords before them."""
    text = re.sub(r"(?m)(?:^|(?<=\s))#.*$", "", text.replace("\r", "").replace("\\\n", " ")).replace("\n", " ; ")
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError:  # a quote that a shell would not like either
        words = text.split()
    one: list[str] = []
    for word in [*words, ";"]:
        if _ENDS.match(word):
            if one:
                yield one
            one = []
        elif one or not (word in _KEYWORDS or re.match(r"\w+=", word)):
            one.append(word)
