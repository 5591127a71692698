"""The counter tree as mathematics: no database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendopo.ledger import counters

ORIGIN = "pendopo/test/ledger"
NAMES = st.sets(st.text(min_size=1, max_size=8), max_size=40)


def tree_of(names: set[str]) -> dict[bytes, int]:
    return {counters.key_of(ORIGIN, name): len(name) for name in names}


def path_of(key: bytes, held: dict[bytes, int]) -> counters.CounterPath:
    found = counters.rows(held.items())
    bucket = [item for item in held.items() if counters.bucket_of(item[0]) == counters.bucket_of(key)]
    empty = [counters.EMPTY] * counters.GROUPS
    top = found.get(counters.GROUPS, [counters.EMPTY_GROUP] * counters.GROUPS)
    return counters.full_path(key, bucket, lambda number: found.get(number, empty), top)


@settings(deadline=None)
@given(NAMES, st.text(min_size=1, max_size=8))
def test_present_and_absent_keys_prove_their_count(names: set[str], other: str) -> None:
    held = tree_of(names)
    root = counters.root(held.items())
    for key in {*held, counters.key_of(ORIGIN, other)}:
        assert counters.proved_count(key, path_of(key, held), root) == held.get(key, 0)


@settings(deadline=None)
@given(NAMES.filter(bool), st.integers(min_value=1))
def test_no_path_proves_another_count(names: set[str], by: int) -> None:
    held = tree_of(names)
    root = counters.root(held.items())
    key = next(iter(held))
    path = path_of(key, held)
    false = counters.CounterPath((key, (held[key] + by) % 2**63), path.siblings)
    assert counters.proved_count(key, false, root) is None or held[key] == false.found[1]  # type: ignore[index]


@settings(deadline=None)
@given(NAMES.filter(lambda names: len(names) > 1))
def test_a_present_key_cannot_be_proved_absent(names: set[str]) -> None:
    held = tree_of(names)
    root = counters.root(held.items())
    key, stranger = sorted(held)[:2]
    borrowed = path_of(stranger, held)
    assert counters.proved_count(key, borrowed, root) is None
    emptied = counters.CounterPath(None, path_of(key, held).siblings)
    assert counters.proved_count(key, emptied, root) is None


def test_keys_of_one_bucket_branch_until_they_differ() -> None:
    shared = bytes(31)
    held = {shared + b"\x00": 1, shared + b"\x01": 2, shared + b"\x03": 3}
    root = counters.root(held.items())
    paths = {key: path_of(key, held) for key in held}
    assert {len(path.siblings) for path in paths.values()} == {256, 255}
    assert all(counters.proved_count(key, path, root) == held[key] for key, path in paths.items())


def test_a_foreign_leaf_from_elsewhere_does_not_prove_absence() -> None:
    held = {bytes(32): 1, b"\xff" * 32: 2}
    root = counters.root(held.items())
    path = path_of(bytes(32), held)
    assert counters.proved_count(b"\xff" * 32, path, root) is None


@pytest.mark.parametrize("depth", [0, 15, 257])
def test_a_path_of_impossible_length_is_refused(depth: int) -> None:
    path = counters.CounterPath(None, (bytes(32),) * depth)
    assert counters.proved_count(bytes(32), path, counters.EMPTY_ROOT) is None


def test_the_empty_tree_proves_that_nobody_is_in_it() -> None:
    key = counters.key_of(ORIGIN, "anybody")
    assert counters.proved_count(key, path_of(key, {}), counters.EMPTY_ROOT) == 0


def test_a_leaf_put_in_somebody_elses_place_does_not_prove_absence() -> None:
    key, stranger = bytes(32), b"\xff" * 32
    siblings = (counters.EMPTY,) * counters.BUCKET_BITS
    forged_root = counters.leaf_hash((stranger, 5))
    for sibling in siblings:
        forged_root = counters.node_hash(forged_root, sibling)
    forged = counters.CounterPath((stranger, 5), siblings)
    assert counters.proved_count(key, forged, forged_root) is None
