"""What scripts do to their process: nothing of it reaches mlc's own, and nothing of it stays."""

import asyncio
import atexit
import builtins
import gc
import logging
import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest
from tests.support.scripts import HEAD, notebook, script, study

ONE = "x = a(data=d)"
SUBMIT = "\nfrom azure.ai.ml import MLClient\nMLClient.from_config().create_or_update(job)\n"

HABITS = """
import asyncio, atexit, builtins, gc, io, locale, logging, os, random, signal, socket, sys, threading, time, warnings
import azure.ai.ml, azure.identity, mldesigner, azure.core.exceptions, parts
from azure.ai.ml.entities import Data, Environment, SomethingNew
from azure.ai.ml.constants import AssetTypes
os.environ.update(LEFT="1")
os.environ.pop("PATH", None)
os.chdir("/")
os.umask(0o077)
sys.path.insert(0, "/nowhere")
sys.argv.append("more")
sys.excepthook = sys.unraisablehook = sys.displayhook = threading.excepthook = lambda *args: None
sys.setrecursionlimit(4321)
sys.setprofile(lambda *args: None)
sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
sys.stderr.reconfigure(line_buffering=False)
builtins.left = 1
builtins.print = builtins.input = lambda *args, **more: None
gc.disable()
gc.set_threshold(7)
signal.signal(signal.SIGTERM, lambda *args: None)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.alarm(1)
socket.setdefaulttimeout(3)
logging.basicConfig(level=logging.DEBUG, force=True)
logging.getLogger("left").addHandler(logging.StreamHandler())
logging.getLogger("left").setLevel(10)
logging.disable(logging.CRITICAL)
logging.captureWarnings(True)
warnings.simplefilter("error")
warnings.showwarning = None
atexit.register(os.environ.update, LEFT="2")
time.sleep(1000)
asyncio.run(asyncio.sleep(1000))
threading.Thread(target=time.sleep, args=(1000,)).start()
sys.meta_path.insert(0, None)
del sys.meta_path[0]
sys.modules["made_up"] = sys
"""


def _state():
    """Everything that a script of :data:`HABITS` changes."""
    root, handlers = logging.getLogger(), []
    for name in ("left", "py.warnings"):
        handlers.append((list(logging.getLogger(name).handlers), logging.getLogger(name).level))
    umask = os.umask(0o022)
    os.umask(umask)
    return {
        "environ": dict(os.environ),
        "cwd": Path.cwd(),
        "umask": umask,
        "sys": {name: getattr(sys, name) for name in ("excepthook", "displayhook", "unraisablehook", "breakpointhook")},
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "lists": [list(value) for value in (sys.path, sys.argv, sys.meta_path, sys.path_hooks)],
        "limits": (sys.getrecursionlimit(), sys.getprofile(), sys.gettrace(), gc.isenabled(), gc.get_threshold()),
        "hooks": (threading.excepthook, time.sleep, time.time, time.monotonic, asyncio.sleep, asyncio.tasks.sleep),
        "ends": (os._exit, os.execv, os.execve, os.kill, os.killpg, os.abort, signal.raise_signal),
        "signals": [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)],
        "atexit": (atexit.register, atexit.unregister),
        "builtins": dict(vars(builtins)),
        "logging": (root.level, list(root.handlers), root.manager.disable, handlers),
        "warnings": (list(warnings.filters), warnings.showwarning),
        "main": sys.modules["__main__"],
        "loaders": (asyncio.__spec__.loader, asyncio.__loader__),
    }


def test_nothing_stays_behind_and_the_second_time_is_as_the_first(tmp_path):
    before, modules = _state(), set(sys.modules)
    first = script(tmp_path, study(ONE, head=HABITS))
    assert first.said == []
    assert _state() == before
    second = script(tmp_path, study(ONE, head=HABITS))
    assert _state() == before
    assert second.pipeline == first.pipeline
    ours = ("azure.ai", "azure.identity", "mldesigner", "parts", "made_up")
    assert not [name for name in set(sys.modules) - modules if name.startswith(ours)]
    assert signal.alarm(0) == 0


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(0)",
        "import os; os.abort()",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.execlp('true', 'true')",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os, signal; os.kill(0, signal.SIGTERM)",
        "import os, signal; os.killpg(os.getpgid(0), signal.SIGINT)",
        "import signal; signal.raise_signal(signal.SIGTERM)",
        "import sys; sys.exit(0)",
        "import sys; sys.exit('done')",
        "raise SystemExit",
        "exit()",
        "quit()",
    ],
)
def test_a_script_that_ends_itself_ends_only_itself(tmp_path, end):
    after = script(tmp_path, study(ONE) + SUBMIT + end)
    assert (after.said, after.nodes) == ([], ["x"])
    before = script(tmp_path, f"{end}\n" + study(ONE) + SUBMIT)
    assert before.pipeline is None
    assert before.codes[0] in {"E201", "E204"}
    assert before.bag.items[0].span.line == 1


def test_signals_that_a_script_handles_itself_reach_it(tmp_path):
    head = """
import os, signal
heard = []
signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
os.kill(os.getpid(), signal.SIGTERM)
assert heard == [signal.SIGTERM]
os.kill(os.getpid(), 0)
"""
    assert script(tmp_path, study(ONE, head=head)).said == []


def test_children_end_as_ever(tmp_path):
    head = """
import os, subprocess, sys
child = os.fork()
if child == 0:
    os._exit(3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
child = os.fork()
if child == 0:
    os.execv("/bin/sh", ["sh", "-c", "exit 4"])
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4
assert subprocess.run([sys.executable, "-c", "raise SystemExit(5)"]).returncode == 5
"""
    assert script(tmp_path, study(ONE, head=head)).said == []


def test_a_child_that_runs_on_never_comes_back(tmp_path):
    text = study(ONE) + "import os\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\n" + SUBMIT
    ours = os.getpid()
    loaded = script(tmp_path, text)
    assert os.getpid() == ours
    assert loaded.nodes == ["x"]


def test_threads_are_waited_for_and_then_atexit_is_called(tmp_path):
    text = f"""{HEAD}
import atexit, threading, time
from concurrent.futures import ThreadPoolExecutor
from azure.ai.ml import MLClient

@pipeline()
def p(d):
    x = a(data=d)

def submit():
    time.sleep(30)
    MLClient.from_config().create_or_update(p(Input(path=".")))

threading.Thread(target=submit).start()
ThreadPoolExecutor().submit(print, "idle")

def note(text):
    with open("log.txt", "a") as stream:
        stream.write(text)

atexit.register(note, "last")
atexit.register(note, text="first ")
"""
    loaded = script(tmp_path, text)
    assert loaded.said == []
    assert loaded.nodes == ["x"]
    assert (tmp_path / "log.txt").read_text() == "first last"


def test_threads_that_do_not_end_hold_nobody_up(tmp_path, monkeypatch):
    monkeypatch.setattr("mlc.frontend.python.afterwards.PATIENCE", 0.05)
    head = "import threading\nstop = threading.Event()\nthreading.Thread(target=stop.wait, name='watcher').start()\n"
    loaded = script(tmp_path, study(ONE, head=head) + SUBMIT)
    assert loaded.codes == ["W209"]
    assert "'watcher'" in loaded.said[0]
    locks: set[object] = getattr(threading, "_shutdown_locks", set())
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "watcher"]
    assert getattr(thread, "_tstate_lock", None) not in locks
    thread._target.__self__.set() if hasattr(thread, "_target") else None
    thread.join(5)


def test_deadlines_are_reached_without_waiting(tmp_path):
    head = """
import asyncio, time
start = time.time()
while time.time() - start < 3600:
    time.sleep(30)
end = time.monotonic() + 3600

async def wait():
    while time.monotonic() < end:
        await asyncio.sleep(60)
    return await asyncio.sleep(5, result="done")

assert asyncio.run(wait()) == "done"
breakpoint()
"""
    start = time.monotonic()
    assert script(tmp_path, study(ONE, head=head)).said == []
    assert time.monotonic() - start < 10


def test_the_streams_of_a_script_may_be_closed(tmp_path, capfd):
    head = """
import io, sys
sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
print("one")
sys.stdout.close()
sys.stderr.close()
"""
    assert script(tmp_path, study(ONE, head=head)).said == []
    print("later", file=sys.stderr)
    assert capfd.readouterr() == ("", "one\nlater\n")


def test_logging_is_the_scripts_own(tmp_path, capfd):
    logging.getLogger().addHandler(handler := logging.NullHandler())
    head = "import logging\nlogging.basicConfig(level=logging.INFO, format='%(message)s')\nlogging.info('heard')\n"
    try:
        assert script(tmp_path, study(ONE, head=head)).said == []
        assert handler in logging.getLogger().handlers
    finally:
        logging.getLogger().removeHandler(handler)
    assert capfd.readouterr().err == "heard\n"


def test_what_a_script_takes_out_of_python_is_put_back(tmp_path):
    after = "import builtins\ndel builtins.len, builtins.dict, builtins.isinstance\n"
    loaded = script(tmp_path, study(ONE) + after)
    assert (loaded.said, loaded.nodes) == ([], ["x"])


def test_nobody_answers_questions(tmp_path):
    loaded = script(tmp_path, "name = input('Workspace? ')\n")
    assert loaded.said == ["E201 1: The script failed: EOFError: it asks 'Workspace?', and nobody answers"]
    assert notebook(tmp_path, "import getpass\ngetpass.getpass()").codes == ["E201"]
