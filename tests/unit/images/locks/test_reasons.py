"""What uv prints when it gives up, in a sentence for a person; the logs are uv 0.13's."""

import pytest

from mlc.images.locks.reasons import Trouble, explained

NO_SOLUTION = """\
  × No solution found when resolving dependencies:
  ╰─▶ Because there is no version of six==99 and you require six==99, we can
      conclude that your requirements are unsatisfiable.

      hint: `six` was found on https://me:secret@host/simple, but not at that version
"""
GIT = """\
error: Git operation failed
  cause: failed to clone into: /cache/git-v2/db/59f2
  cause: process didn't exit successfully: `git fetch 'https://h/x.git'` (exit status: 128)
  --- stderr
  fatal: {}
"""
BUILD = """\
  × Failed to build `sklearn==0.0.post12`
  ├─▶ The build backend returned an error
  ╰─▶ Call to `setuptools.build_meta.build_wheel` failed (exit status: 1)
"""


@pytest.mark.parametrize(
    ("log", "trouble", "reason"),
    [
        (
            NO_SOLUTION,
            Trouble.UNSATISFIABLE,
            "Because there is no version of six==99 and you require six==99."
            " `six` was found on https://host/simple, but not at that version",
        ),
        (
            GIT.format("couldn't find remote ref v9"),
            Trouble.UNSATISFIABLE,
            "git could not fetch it: couldn't find remote ref v9",
        ),
        (
            GIT.format("unable to access 'https://h/x.git/': Could not resolve host: h"),
            Trouble.UNREACHABLE,
            "git could not fetch it: unable to access 'https://h/x.git/': Could not resolve host: h",
        ),
        (
            BUILD,
            Trouble.OTHER,
            "sklearn==0.0.post12 has no wheel that fits, and its source could not be built here to see what it needs",
        ),
        ("error: Request failed\n  cause: dns error\n", Trouble.UNREACHABLE, "Request failed cause: dns error"),
        ("error: in /tmp/x/options.in: odd\n", Trouble.OTHER, "in options.in: odd"),
        ("", Trouble.OTHER, "uv did not say why"),
    ],
)
def test_reasons(log, trouble, reason):
    found = explained(log, "/tmp/x")
    assert (found.trouble, found.reason) == (trouble, reason)


def test_a_long_log_is_cut():
    assert len(explained("error: " + "word " * 1000, "/tmp/x").reason) < 700
