from pathlib import Path

import pytest

from mlc.images.activity import Activity, Doing

LOGS = Path(__file__).parent / "logs"


def read(*lines):
    activity = Activity()
    return [found for line in lines if (found := activity.feed(line)) is not None], activity


def test_pulling_adds_up_the_layers():
    found, _ = read(
        "#5 [dependencies 1/3] FROM docker.io/library/python:3.11",
        "#5 resolve docker.io/library/python:3.11 done",
        "#5 sha256:aa 10.49MB / 100.5MB 0.3s",
        "#5 sha256:bb 512kB / 0.2GB 0.4s",
        "#5 extracting sha256:aa",
    )
    assert found == [
        Doing("pulling docker.io/library/python:3.11", "10 of 100 MB"),
        Doing("pulling docker.io/library/python:3.11", "11 of 300 MB"),
        Doing("unpacking docker.io/library/python:3.11"),
    ]


def test_what_uv_says_is_told_as_detail():
    found, activity = read(
        "#9 [dependencies 3/3] RUN --mount=x /tmp/mlc/uv pip install -r /tmp/mlc/requirements.txt",
        "#9 0.229 Using Python 3.11.2 environment at: /opt/mlc/env",
        "#9 0.30 Resolved 48 packages in 171ms",
        "#9 0.31 Downloading torch (797.1MiB)",
        "#9 0.40    Building netifaces==0.11.0",
        "#9 DONE 2.0s",
    )
    assert found == [
        Doing("installing packages"),
        Doing("installing 48 packages"),
        Doing("installing 48 packages", "downloading torch, 797.1 MB"),
        Doing("installing 48 packages", "compiling netifaces==0.11.0"),
    ]
    assert (activity.reused, activity.fresh) == (0, 1)


@pytest.mark.parametrize("engine", ["old"])
def test_a_whole_log_is_a_handful_of_words(engine):
    found, activity = read(*(LOGS / f"nowheel.{engine}.log").read_text().splitlines())
    assert [doing.text for doing in found] == [
        "looking up docker.io/library/python:3.11-slim-bookworm",
        "preparing Python 3.11",
        "installing packages",
    ]
    assert activity.reused + activity.fresh == 1


def test_an_authors_own_instruction_is_shown_as_it_is():
    found, _ = read("#7 [dependencies 2/4] RUN apt-get update &&     apt-get install -y gcc " + "x" * 100)
    assert found[0].text.startswith("RUN apt-get update && apt-get install -y gcc xxx")
    assert len(found[0].text) < 80


@pytest.mark.parametrize("line", ["", "#", "# 1", "ERROR: x", "#1", "#99999999 CACHED", "#5 sha256:zz 1.2.3MB / 4MB"])
def test_no_line_is_too_strange(line):
    found, _ = read("#5 FROM x", line, line, "#6 exporting to image")
    assert found == [Doing("exporting the image")]
