"""mlc.cli.progress: whole lines in a log, one live line on a terminal that is gone at the end."""

import io
import threading

import pytest

from mlc.cli.progress import Progress, duration
from mlc.diagnostics import NOWHERE, Diagnostic
from mlc.images import State, Subject


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")


def act(progress: Progress) -> None:
    with progress:
        progress.message("engine: docker")
        progress.started(Subject.IMAGE, "tensorflow")
        progress.line(Subject.IMAGE, "tensorflow", "#7 installing")
        progress.finished(Subject.IMAGE, "tensorflow", State.SUCCEEDED, 65.2)
        progress.started(Subject.STEP, "train")
        progress.line(Subject.STEP, "train", "Epoch 1\x1b[2J")
        progress.finished(Subject.STEP, "train", State.FAILED, 3.14)
        progress.finished(Subject.STEP, "score", State.SKIPPED, 0)


LINES = [
    "engine: docker",
    "image tensorflow: building",
    "image tensorflow: built in 1 min 5 s",
    "step  train: started",
    "train | Epoch 1\\x1b[2J",
    "step  train: failed in 3.1 s",
    "step  score: skipped",
]


def test_a_log_gets_whole_lines():
    stream = io.StringIO()
    act(Progress(stream))
    assert stream.getvalue().splitlines() == LINES


def test_a_dumb_terminal_gets_whole_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    act(Progress(stream))
    assert stream.getvalue().splitlines() == LINES


def screen(written: str) -> list[str]:
    """What a terminal shows in the end."""
    lines = [""]
    for char in written.replace("\r\x1b[2K", "\r"):
        if char == "\n":
            lines.append("")
        elif char == "\r":
            lines[-1] = ""
        else:
            lines[-1] += char
    return lines


def test_on_a_terminal_the_live_line_is_gone_at_the_end():
    stream = Terminal()
    act(Progress(stream))
    assert screen(stream.getvalue()) == [*LINES, ""]
    assert "tensorflow 0.0 s #7 installing" in stream.getvalue()


def test_the_live_line_fits_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    with Progress(stream) as progress:
        progress.started(Subject.IMAGE, "x")
        progress.line(Subject.IMAGE, "x", "y" * 100)
        assert len(screen(stream.getvalue())[-1]) == 29


def test_an_exception_passes_and_the_line_is_erased():
    stream = Terminal()
    progress = Progress(stream)
    progress.__enter__().started(Subject.STEP, "train")
    progress.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert screen(stream.getvalue()) == ["step  train: started", ""]


def test_diagnostics_are_printed_in_full(capsys):
    with Progress() as progress:
        progress.diagnostic(Diagnostic("E650", NOWHERE, "No engine", "It sleeps", "Wake it"))
    assert capsys.readouterr().err == "error[E650]: No engine. It sleeps. Wake it.\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s"), (7800, "2 h 10 min")],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def build(progress):
    progress.started(Subject.IMAGE, "train")
    progress.doing(Subject.IMAGE, "train", "pulling base:1", "12 of 300 MB")
    progress.doing(Subject.IMAGE, "train", "pulling base:1", "120 of 300 MB")
    progress.doing(Subject.IMAGE, "train", "installing 48 packages", "downloading torch, 797.1 MB")
    progress.line(Subject.IMAGE, "train", "#9 0.1 Downloading")


def test_a_log_gets_a_line_when_something_else_is_being_done():
    stream = io.StringIO()
    with Progress(stream) as progress:
        build(progress)
    assert stream.getvalue().splitlines() == [
        "image train: building",
        "image train: pulling base:1",
        "image train: installing 48 packages",
    ]


def test_a_log_hears_of_what_takes_long(monkeypatch):
    monkeypatch.setattr("mlc.cli.progress._SIGN_OF_LIFE", 0.0)
    monkeypatch.setattr("mlc.cli.progress._PERIOD", 0.001)
    heard = threading.Event()

    class Log(io.StringIO):
        def write(self, text):
            if "so far" in text:
                heard.set()
            return super().write(text)

    stream = Log()
    with Progress(stream) as progress:
        build(progress)
        assert heard.wait(10)
    assert "image train: installing 48 packages downloading torch, 797.1 MB (0.0 s so far)" in stream.getvalue()


def test_a_terminal_shows_what_is_being_done_and_how_far_it_is():
    stream = Terminal()
    with Progress(stream) as progress:
        build(progress)
    assert "   train 0.0 s pulling base:1 120 of 300 MB" in stream.getvalue()
    assert screen(stream.getvalue()) == ["image train: building", ""]
