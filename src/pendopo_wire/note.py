"""Signed notes (C2SP signed-note v1.0.0): text that people can read, with Ed25519 signatures under it.

A note is the text (which ends in a newline), an empty line, and one line ``— <name> <base64>`` for each
signature, where the bytes are a 4-byte key id and the signature. The key id binds name and key:
``SHA-256(name || 0x0A || 0x01 || public key)[:4]``.

A verifier key is one line, ``<name>+<key id in hex>+<base64(0x01 || public key)>``.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pendopo_wire.encoding import decoded_base64
from pendopo_wire.errors import NoteError

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_PUBLIC_KEY_BYTES = 32
_MAX_SIGNATURES = 100
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<value>[A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name with its Ed25519 public key: whose word a note must carry."""

    name: str
    public_key: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that select this key among a note's signatures."""
        return key_id(self.name, self.public_key)


def key_id(name: str, public_key: Ed25519PublicKey) -> bytes:
    """Key id of a named Ed25519 key."""
    return sha256(_checked_name(name).encode() + b"\n" + _ED25519 + public_key.public_bytes_raw()).digest()[
        :_KEY_ID_BYTES
    ]


def verifier_key(name: str, public_key: Ed25519PublicKey) -> str:
    """The one-line form in which a verifier's key is handed over."""
    raw = b64encode(_ED25519 + public_key.public_bytes_raw()).decode()
    return f"{name}+{key_id(name, public_key).hex()}+{raw}"


def parse_verifier_key(line: str) -> Verifier:
    """Read the one-line form; the key id must fit name and key."""
    name, _, rest = line.strip().partition("+")
    identifier, _, encoded = rest.partition("+")
    raw = decoded_base64(encoded, NoteError)
    if len(raw) != 1 + _PUBLIC_KEY_BYTES or raw[:1] != _ED25519:
        raise NoteError("not an Ed25519 verifier key")
    verifier = Verifier(_checked_name(name), Ed25519PublicKey.from_public_bytes(raw[1:]))
    if verifier.key_id.hex() != identifier:
        raise NoteError("the verifier key's id does not fit its name and key")
    return verifier


def sign(text: str, *, name: str, key: Ed25519PrivateKey) -> str:
    """Sign a text (it must end in a newline) under a name; returns the whole note."""
    _check_text(text)
    return f"{text}\n{_signature_line(text, name, key)}"


def cosign(note: str, *, name: str, key: Ed25519PrivateKey) -> str:
    """Add one more signature line to a note. Does not check the signatures that are there."""
    text, _lines = _split(note)
    return note + _signature_line(text, name, key)


def verified_text(note: str, verifier: Verifier) -> str:
    """Return the text of a note that the verifier's key signed.

    Signatures of other keys are ignored, as the specification asks. Raises ``NoteError`` when the note is
    malformed, when the key did not sign, and when any signature under its name and id is false.
    """
    text, lines = _split(note)
    matching = [
        value[_KEY_ID_BYTES:]
        for name, value in lines
        if name == verifier.name and value[:_KEY_ID_BYTES] == verifier.key_id
    ]
    if not matching:
        raise NoteError("the note has no signature of the expected key")
    for signature in matching:
        try:
            verifier.public_key.verify(signature, text.encode())
        except InvalidSignature as error:
            raise NoteError("the note's signature is false") from error
    return text


def _signature_line(text: str, name: str, key: Ed25519PrivateKey) -> str:
    value = key_id(name, key.public_key()) + key.sign(text.encode())
    return f"— {name} {b64encode(value).decode()}\n"


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, separator, block = note.rpartition("\n\n")
    if not separator or not block.endswith("\n"):
        raise NoteError("a note is a text, an empty line and signature lines")
    text += "\n"
    _check_text(text)
    lines = block[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise NoteError("the note has too many signatures")
    return text, [_parsed_line(line) for line in lines]


def _parsed_line(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        raise NoteError("a signature line is malformed")
    return match["name"], decoded_base64(match["value"], NoteError)


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(character < " " and character != "\n" for character in text):
        raise NoteError("a note's text ends in a newline and has no other control characters")


def _checked_name(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise NoteError("a key name is not empty and has no space and no plus sign")
    return name
