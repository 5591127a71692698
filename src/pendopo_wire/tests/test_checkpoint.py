"""Signed notes and checkpoints: our own, damaged ones, and those of another implementation."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pendopo_wire import checkpoint, merkle, note
from pendopo_wire.errors import NoteError
from pendopo_wire.tests.schemas import schemas

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME = "pendopo.example/ledger"
POINT = checkpoint.Checkpoint(NAME, 3, merkle.leaf_hash(b"x"), ("counters 1",))


def test_a_checkpoint_reads_back_with_its_extension() -> None:
    text = checkpoint.sign(POINT, NAME, KEY)
    assert checkpoint.parse_verified(text, NAME, KEY.public_key()) == POINT
    assert text.startswith(f"{NAME}\n3\n{b64encode(POINT.root).decode()}\ncounters 1\n\n— {NAME} ")


def test_the_example_key_of_the_signed_note_specification() -> None:
    # golang.org/x/mod/sumdb/note documents this verifier key and note.
    verifier = note.parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuG"
        "UgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert note.verified_text(text, verifier).startswith("If you think")
    with pytest.raises(NoteError):
        note.verified_text(text.replace("answer", "solution"), verifier)


def test_another_signature_beside_ours_is_ignored_and_a_missing_one_is_not() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    text = note.cosign(checkpoint.sign(POINT, NAME, KEY), name="witness.example", key=other)
    assert checkpoint.parse_verified(text, NAME, KEY.public_key()) == POINT
    assert checkpoint.parse_verified(text, "witness.example", other.public_key()) == POINT
    with pytest.raises(NoteError):
        checkpoint.parse_verified(text, "nobody.example", other.public_key())
    with pytest.raises(NoteError):
        checkpoint.parse_verified(text, NAME, other.public_key())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n3\n", "\n4\n"),
        ("\n3\n", "\n03\n"),
        ("counters 1\n", ""),
        ("counters 1", "counters\t1"),
        ("\n\n", "\n"),
        ("— ", "- "),
        ("\n\n— ", "\n\n\n— "),
        ("=\n", "="),
        ("=\n", "=\n\n"),
        ("=\n", "AAA=\n"),
    ],
)
def test_damage_is_noticed(old: str, new: str) -> None:
    text = checkpoint.sign(POINT, NAME, KEY)
    position = text.rindex(old)
    with pytest.raises(NoteError):
        checkpoint.parse_verified(text[:position] + new + text[position + len(old) :], NAME, KEY.public_key())


@pytest.mark.parametrize(
    "text", ["origin\n1\n", "origin\n01\nAAAA\n", "origin\n1\nAAAA\n", "origin\n1\n?\n", "\n1\nA\n"]
)
def test_texts_that_are_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteError):
        checkpoint.parse_text(text)


def test_a_verifier_key_line_is_checked() -> None:
    line = note.verifier_key(NAME, KEY.public_key())
    assert note.parse_verifier_key(line).key_id == note.key_id(NAME, KEY.public_key())
    for wrong in (line.replace(NAME, "other"), line[:-4], "", "a+b", line.replace("+", " ")):
        with pytest.raises(NoteError):
            note.parse_verifier_key(wrong)


def _entries(bundle: bytes) -> list[bytes]:
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2])
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return entries


@pytest.mark.conformance
@pytest.mark.parametrize("size", range(1, 16))
def test_the_log_that_tessera_wrote(size: int) -> None:
    folder = schemas("tlog") / "log"
    verifier = note.parse_verifier_key(
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
    )
    text = (folder / f"checkpoint.{size}").read_text(encoding="utf-8")
    point = checkpoint.parse_text(note.verified_text(text, verifier))
    leaves = [
        merkle.leaf_hash(entry) for entry in _entries((folder / f"tile/entries/000.p/{size}").read_bytes())
    ]
    assert b"".join(leaves) == (folder / f"tile/0/000.p/{size}").read_bytes()
    assert (point.origin, point.size, point.root) == (verifier.name, size, merkle.root(leaves))
