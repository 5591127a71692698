"""Merkle trees against a naive recursion over the definition, and against known roots."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo_wire import merkle
from pendopo_wire.errors import ProofError

# The eight-leaf example that implementations of Certificate Transparency share in their tests.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]

# Same source: path of the sixth leaf (index 5) in the tree of eight, and consistency of 6 with 8.
PATH_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_6_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]
    assert merkle.Tree(LEAVES).root(size).hex() == ROOTS[size - 1]


def test_known_proofs() -> None:
    tree = merkle.Tree(LEAVES)
    assert [item.hex() for item in tree.inclusion_path(5, 8)] == PATH_5_OF_8
    assert [item.hex() for item in tree.consistency_path(6, 8)] == CONSISTENCY_6_8


def test_the_empty_tree() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.Tree().root() == merkle.EMPTY_ROOT
    assert merkle.verify_consistency(0, 3, [], merkle.EMPTY_ROOT, merkle.root(LEAVES[:3]))
    assert not merkle.verify_inclusion(LEAVES[0], 0, 0, [], merkle.EMPTY_ROOT)


_leaves = st.integers(1, 70).map(lambda size: [merkle.leaf_hash(bytes([index])) for index in range(size)])


@given(_leaves, st.data())
def test_every_leaf_is_proved_and_only_it(leaves: list[bytes], data: st.DataObject) -> None:
    tree = merkle.Tree(leaves)
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    root, path = naive_root(leaves[:size]), tree.inclusion_path(index, size)
    assert tree.root(size) == root
    assert merkle.verify_inclusion(leaves[index], index, size, path, root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"another"), index, size, path, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*path, root], root)
    assert not (path and merkle.verify_inclusion(leaves[index], index, size, path[:-1], root))
    for other in range(size):
        assert other == index or not merkle.verify_inclusion(leaves[index], other, size, path, root)


@given(_leaves, st.data())
def test_growth_is_proved_and_a_changed_past_is_not(leaves: list[bytes], data: st.DataObject) -> None:
    tree = merkle.Tree(leaves)
    new = data.draw(st.integers(1, len(leaves)))
    old = data.draw(st.integers(0, new))
    before, after = naive_root(leaves[:old]), naive_root(leaves[:new])
    path = tree.consistency_path(old, new)
    assert merkle.verify_consistency(old, new, path, before, after)
    forged = [merkle.leaf_hash(b"forged"), *leaves[1:]]
    if old > 0:
        assert not merkle.verify_consistency(old, new, path, naive_root(forged[:old]), after)
        assert not merkle.verify_consistency(old, new, path, before, naive_root(forged[:new]))
    assert not merkle.verify_consistency(old, new, [*path, after], before, after)


@given(_leaves)
def test_a_frontier_can_be_put_away_and_taken_up_again(leaves: list[bytes]) -> None:
    frontier, nodes = merkle.Frontier(), {}
    for leaf in leaves:
        frontier = merkle.Frontier(frontier.size, frontier.hashes)
        nodes.update({(node.level, node.index): node.hash for node in frontier.append(leaf)})
    assert frontier.root() == naive_root(leaves)
    assert merkle.root_at(lambda level, index: nodes[level, index], len(leaves)) == naive_root(leaves)


def test_positions_outside_the_tree_are_refused() -> None:
    tree = merkle.Tree(LEAVES)
    for index in (8, -1):
        with pytest.raises(ProofError):
            tree.inclusion_path(index)
    with pytest.raises(ProofError):
        tree.consistency_path(9, 8)
    for wrong_size in (9, -1):
        with pytest.raises(ProofError):
            tree.root(wrong_size)
    with pytest.raises(ProofError):
        merkle.Frontier(3, [LEAVES[0]])
    with pytest.raises(ProofError):
        merkle.Frontier().append(b"short")
