"""Which update brought a package: what decides about layers, so that little is installed again."""

from mlc.images.locks.answer import MOST, numbered
from mlc.images.locks.text import LockFile
from mlc.ir.lock import Lock, LockedPackage

ASKED = (("platform", "linux/amd64"), ("python", "3.11"), ("requirement", "a"))


def lock(**generations):
    packages = (LockedPackage(name=name, version="1", generation=number) for name, number in generations.items())
    return Lock(pip=tuple(packages))


def numbers(before, now, asked=ASKED):
    found = numbered(now, None if before is None else LockFile(asked=ASKED, lock=before), asked)
    return {package.name: package.generation for package in found.pip}


def test_a_new_lock_is_of_one_piece():
    assert numbers(None, lock(a=0, b=0)) == {"a": 0, "b": 0}


def test_what_comes_in_is_of_the_next_update_and_what_changes_stays_where_it_is():
    assert numbers(lock(a=0, b=1), lock(a=0, b=0, c=0)) == {"a": 0, "b": 1, "c": 2}


def test_with_one_update_too_many_all_are_of_the_beginning():
    assert numbers(lock(a=0, b=MOST - 1), lock(a=0, b=0, c=0)) == {"a": 0, "b": MOST - 1, "c": MOST}
    assert numbers(lock(a=0, b=MOST), lock(a=0, b=0, c=0)) == {"a": 0, "b": 0, "c": 0}


def test_nothing_new_is_no_update():
    assert numbers(lock(a=0, b=MOST), lock(a=0, b=0)) == {"a": 0, "b": MOST}


def test_another_python_installs_everything_anew():
    asked = (("platform", "linux/amd64"), ("python", "3.12"), ("requirement", "a"))
    assert numbers(lock(a=0, b=1), lock(a=0, b=0), asked) == {"a": 0, "b": 0}
