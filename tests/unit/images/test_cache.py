import threading
from pathlib import Path

import pytest

from mlc.images.cache import cache_root, locked, try_locked, write_atomically


def test_the_cache_is_where_the_variables_say():
    assert cache_root({"MLC_CACHE_DIR": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}) == Path("/a")
    assert cache_root({"XDG_CACHE_HOME": "/b", "HOME": "/c"}) == Path("/b/mlc")
    assert cache_root({"HOME": "/c"}) == Path("/c/.cache/mlc")


def test_the_tests_cannot_reach_the_real_cache(tmp_path_factory):
    assert cache_root().is_relative_to(tmp_path_factory.getbasetemp())


def test_a_lock_is_held_by_one_at_a_time(tmp_path):
    order = []
    inside, told = threading.Event(), threading.Event()

    def second():
        with locked(tmp_path / "lock", told.set):
            order.append("second")

    with locked(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        assert told.wait(10)  # it says that it waits
        order.append("first")
        inside.set()
    thread.join(10)
    assert order == ["first", "second"]


def test_a_lock_can_be_tried(tmp_path):
    with locked(tmp_path / "sub" / "lock"), try_locked(tmp_path / "sub" / "lock") as ours:
        assert not ours
    with try_locked(tmp_path / "sub" / "lock") as ours:
        assert ours


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    write_atomically(tmp_path / "deep" / "a.json", "1")
    write_atomically(tmp_path / "deep" / "a.json", "2")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(tmp_path / "deep" / "a.json", "\ud800")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.json"]
    assert (tmp_path / "deep" / "a.json").read_text() == "2"


def test_waiting_for_a_lock_can_be_given_up(tmp_path):
    with locked(tmp_path / "lock"), pytest.raises(InterruptedError), locked(tmp_path / "lock", None, lambda: True):
        pass
