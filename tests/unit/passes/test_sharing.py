"""What sets have in common is there once, as far as a tree can do that."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mlc.passes.lowering.sharing import DEPTH, chains

SETS = st.lists(st.frozensets(st.sampled_from("abcdefgh")), max_size=7)
WEIGHTS = st.fixed_dictionaries({name: st.integers(1, 1000) for name in "abcdefgh"})
EVEN = dict.fromkeys("abcdefghij", 100)


def parts(*sets, weights=EVEN):
    found = chains([frozenset(members) for members in sets], weights)
    return [" ".join("".join(sorted(part)) for part in chain) for chain in found]


def bytes_on_disk(found, weights):
    """Each part once per different pile that it lies on."""
    seen = {tuple(chain[: depth + 1]) for chain in found for depth in range(len(chain))}
    return sum(weights[member] for pile in seen for member in pile[-1])


def test_one_set_is_one_part():
    assert parts("abc") == ["abc"]


def test_what_all_have_comes_first():
    assert parts("ab", "ac", "ad") == ["a b", "a c", "a d"]


def test_equal_sets_are_equal_chains():
    assert parts("ab", "ab") == ["ab", "ab"]


def test_groups_within_groups():
    assert parts("xab", "xac", "xd", weights=EVEN | {"x": 500}) == ["x a b", "x a c", "x d"]


def test_a_small_thing_of_all_does_not_part_what_is_large():
    # x alone saves less than y does, and yet both are possible: one group lies in the other.
    assert parts("xy", "xy", "x", weights={"x": 1, "y": 1000}) == ["x y", "x y", "x"]


def test_of_a_chain_of_overlaps_the_best_pairs_are_taken():
    # a-b share x, b-c share y, c-d share z: x and z are kept, y is there twice.
    assert parts("x", "xy", "yz", "z", weights={"x": 100, "y": 90, "z": 100}) == ["x", "x y", "z y", "z"]
    # y saves most: its two are together, and x and z have nobody left to share with.
    assert parts("x", "xy", "yz", "z", weights={"x": 100, "y": 190, "z": 100}) == ["x", "y x", "y z", "z"]


def test_a_group_that_crosses_another_is_cut_at_its_edge():
    weights = {"x": 300, "y": 100}
    assert parts("x", "xy", "xy", "y", "y", weights=weights) == ["x", "x y", "x y", "y", "y"]


def test_chains_do_not_grow_beyond_what_an_image_can_have():
    names = [chr(200 + number) for number in range(40)]
    sets = [frozenset(names[:size]) for size in range(1, 41)]
    found = chains(sets, dict.fromkeys(names, 1))
    assert max(len(chain) for chain in found) == DEPTH + 1
    assert [frozenset().union(*chain) for chain in found] == sets


@settings(deadline=None)
@given(SETS, WEIGHTS)
def test_every_member_is_in_one_part_and_sharing_never_costs(sets, weights):
    found = chains(sets, weights)
    for members, chain in zip(sets, found, strict=True):
        assert sorted(member for part in chain for member in part) == sorted(members)
        assert all(chain)
    assert bytes_on_disk(found, weights) <= sum(weights[member] for members in sets for member in members)


@settings(deadline=None)
@given(st.frozensets(st.sampled_from("abcd"), min_size=1), st.lists(st.sampled_from("efgh"), max_size=6), WEIGHTS)
def test_what_is_nested_is_there_once(common, own, weights):
    sets = [common | {name} for name in own] or [common]
    union = frozenset().union(*sets)
    assert bytes_on_disk(chains(sets, weights), weights) == sum(weights[member] for member in union)


def test_hundreds_of_environments_take_no_time():
    names = [f"p{number}" for number in range(400)]
    sets = [frozenset(names[start % 380 : start % 380 + 20]) for start in range(300)]
    found = chains(sets, dict.fromkeys(names, 7))
    assert [frozenset().union(*chain) for chain in found] == sets
