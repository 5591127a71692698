"""The root key in a file that only a passphrase opens. No database, no Django: it must work when all is lost.

scrypt (RFC 7914) stretches the passphrase, AES-256-GCM encrypts; the header is authenticated. The file is
JSON on purpose: somebody may have to read it with other software in twenty years.
"""

import base64
import getpass
import hashlib
import json
import os
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pendopo.keys.errors import (
    EscrowClosedError,
    EscrowError,
    EscrowMissingError,
    EscrowUnwritableError,
    ExistsAlreadyError,
    NoEscrowError,
    NoFolderError,
    PassphraseNeededError,
    WeakPassphraseError,
)

FORMAT = "pendopo-root-key-escrow/1"
LEAST_WORDS = 6
COST = 2**17  # 128 MiB with r=8, about half a second: OWASP's recommendation for scrypt.
BLOCK = 8
PARALLEL = 1
MEMORY_LIMIT = 256 * 1024 * 1024
SALT_BYTES = 16
NONCE_BYTES = 12
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Escrowed:
    """What was written: where, how many words protect it, and the root key's fingerprint to compare later."""

    path: Path
    words: int
    fingerprint: str


def words_in(passphrase: str) -> int:
    """Count the words of a passphrase, separated by spaces or hyphens."""
    return len(passphrase.replace("-", " ").split())


def fingerprint(root_key: bytes) -> str:
    """Name a root key without telling it: the first 16 hex digits of a labelled SHA-256."""
    return hashlib.sha256(b"pendopo/root-key-fingerprint" + root_key).hexdigest()[:16]


def write(root_key: bytes, passphrase: str, path: Path) -> Escrowed:
    """Write the escrow file (mode 0600, never over another file), read it back and open it.

    Raises ``WeakPassphraseError`` under six words, ``ExistsAlreadyError``, ``NoFolderError``, and another
    ``EscrowError`` when it cannot be written or does not open again.
    """
    words = words_in(passphrase)
    if words < LEAST_WORDS:
        raise WeakPassphraseError(words=words, least=LEAST_WORDS)
    _write_new(path, _sealed(root_key, passphrase))
    if read(path, passphrase) != root_key:
        raise EscrowError(reason="verify")
    return Escrowed(path, words, fingerprint(root_key))


def read(path: Path, passphrase: str) -> bytes:
    """Return the root key.

    Raises ``EscrowMissingError``, ``NoEscrowError`` for another kind of file, and ``EscrowClosedError`` for a
    wrong passphrase or a changed file: which of the two, nobody can tell.
    """
    try:
        content = json.loads(path.read_bytes())
        header, body = content["header"], base64.b64decode(content["ciphertext"])
        if header["format"] != FORMAT:
            raise NoEscrowError(path=str(path))
        key = _stretch(passphrase, header)
        return AESGCM(key).decrypt(base64.b64decode(header["nonce"]), body, _associated(header))
    except OSError as error:
        raise EscrowMissingError(path=str(path), reason=str(error.strerror)) from error
    except InvalidTag as error:
        raise EscrowClosedError(path=str(path)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoEscrowError(path=str(path)) from error


def asked(prompt: str) -> str:
    """Ask at the terminal, without echo; raises ``PassphraseNeededError`` where nobody can answer."""
    if not sys.stdin.isatty():
        raise PassphraseNeededError
    return getpass.getpass(prompt)


def recover(path: Path, passphrase: str, *, to: Path) -> str:
    """Put the root key back at ``to`` (mode 0600) and return its fingerprint; never replaces another key."""
    root_key = read(path, passphrase)
    if to.exists():
        if to.read_bytes() != root_key:
            raise EscrowError(reason="other_key")
        return fingerprint(root_key)
    _write_new(to, root_key)
    return fingerprint(root_key)


def _sealed(root_key: bytes, passphrase: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    header: dict[str, str | int] = {
        "format": FORMAT,
        "kdf": "scrypt",
        "n": COST,
        "r": BLOCK,
        "p": PARALLEL,
        "salt": base64.b64encode(os.urandom(SALT_BYTES)).decode(),
        "cipher": "AES-256-GCM",
        "nonce": base64.b64encode(nonce).decode(),
        "fingerprint": fingerprint(root_key),
    }
    body = AESGCM(_stretch(passphrase, header)).encrypt(nonce, root_key, _associated(header))
    content = {"header": header, "ciphertext": base64.b64encode(body).decode()}
    return json.dumps(content, indent=2).encode() + b"\n"


def _stretch(passphrase: str, header: dict[str, str | int]) -> bytes:
    text = " ".join(unicodedata.normalize("NFKC", passphrase).split())
    return hashlib.scrypt(
        text.encode(),
        salt=base64.b64decode(str(header["salt"])),
        n=int(header["n"]),
        r=int(header["r"]),
        p=int(header["p"]),
        maxmem=MEMORY_LIMIT,
        dklen=KEY_BYTES,
    )


def _associated(header: dict[str, str | int]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _write_new(path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ExistsAlreadyError(path=str(path)) from error
    except FileNotFoundError as error:
        raise NoFolderError(path=str(path.parent)) from error
    except OSError as error:
        raise EscrowUnwritableError(path=str(path), reason=str(error.strerror)) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
