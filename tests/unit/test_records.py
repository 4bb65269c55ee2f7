"""Our ``dataclass`` means what the standard library's means: the same class made by both behaves the same."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from mlc import records


def _both(**how: bool) -> list[Callable[[Any], Any]]:
    return [dataclasses.dataclass(**how), records.dataclass(**how)]


@records.dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    name: str
    optional: bool = False
    tags: list[str] = dataclasses.field(default_factory=list, compare=False)


@records.dataclass(frozen=True, slots=True, order=True)
class Place:
    file: str
    line: int = 0


@records.dataclass(slots=True)
class Basket:
    items: list[int] = dataclasses.field(default_factory=list, repr=False)
    size: int = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.items)


def test_fields_are_given_by_name_where_asked():
    with pytest.raises(TypeError):
        Port("a")  # type: ignore[call-arg]
    assert Port(name="a").name == "a"
    assert Place("f", 3).line == 3


@pytest.mark.parametrize("made_before", [0, 30])
@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), (("a",), {"colour": 1}), (("a", 1, 2), {}), (("a",), {"name": "a"}), ((), {"size": 1})],
)
def test_wrong_arguments_are_refused_as_by_the_standard_library(
    made_before: int, given: tuple[Any, ...], named: dict[str, Any]
):
    messages = []
    for make in _both():

        class Thing:
            name: str
            size: int = 0

        made = make(Thing)
        for _ in range(made_before):
            made("a")
        with pytest.raises(TypeError) as caught:
            made(*given, **named)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_a_frozen_instance_cannot_be_changed():
    place = Place("f")
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.line = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del place.line


def test_slots_leave_no_dictionary():
    assert not hasattr(Place("f"), "__dict__")
    assert Place.__slots__ == ("file", "line")


def test_equality_and_hash_look_at_compared_fields_of_one_class():
    assert Port(name="a", tags=["x"]) == Port(name="a")
    assert Port(name="a") != Port(name="b")
    assert hash(Port(name="a", tags=["x"])) == hash(Port(name="a"))
    others: list[object] = [("a", 0), Port(name="a")]
    assert Place("a") not in others


def test_what_can_change_has_no_hash():
    with pytest.raises(TypeError):
        hash(Basket())


def test_order_is_that_of_the_fields():
    assert sorted([Place("b"), Place("a", 2), Place("a")]) == [Place("a"), Place("a", 2), Place("b")]
    assert Place("a") <= Place("a") < Place("a", 1)
    assert not Place("a") > Place("a")


def test_many_instances_are_like_the_first():
    assert {Place("a", line=number).line for number in range(30)} == set(range(30))
    assert [Port(name="a", tags=["x"]) for _ in range(30)] == [Port(name="a")] * 30


def test_defaults_are_made_anew_and_post_init_runs():
    assert Port(name="a").tags is not Port(name="a").tags
    assert Basket([1, 2]).size == 2


def test_repr_reads_as_the_call():
    assert repr(Port(name="a")) == "Port(name='a', optional=False, tags=[])"
    assert repr(Basket([1])) == "Basket(size=1)"


def test_the_standard_library_works_on_them():
    assert [field.name for field in dataclasses.fields(Port)] == ["name", "optional", "tags"]
    assert dataclasses.replace(Place("a"), line=4) == Place("a", 4)
    assert dataclasses.asdict(Place("a")) == {"file": "a", "line": 0}
    match Place("a", 1):
        case Place(file, line):
            assert (file, line) == ("a", 1)


def test_copies_and_pickles_are_equal():
    for twin in (copy.deepcopy(Place("a", 1)), copy.copy(Place("a", 1)), pickle.loads(pickle.dumps(Place("a", 1)))):
        assert twin == Place("a", 1)


def test_a_subclass_has_the_fields_of_both():
    @records.dataclass(frozen=True)
    class Base:
        a: int

    @records.dataclass(frozen=True)
    class Child(Base):
        b: int = 2

    assert (Child(1).a, Child(1).b, Base(3).a) == (1, 2, 3)
