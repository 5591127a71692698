"""Certificate requests and chains for keys of ours. The authority that signs them is outside."""

import datetime as dt
import itertools

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from pendopo.keys.errors import ChainRefusedError
from pendopo.keys.pairs import PrivateKey, PublicKey

LONGEST_COMMON_NAME = 64


def request(key: PrivateKey, *, common_name: str, organisation: str, country: str = "ID") -> str:
    """Return a PKCS#10 request (RFC 2986) in PEM; the authority decides on extensions and validity."""
    subject = x509.Name(
        (
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, _shortened(common_name)),
        )
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM).decode()


def _shortened(name: str) -> str:
    """Cut a name that X.520 finds too long at a word's end; the organisation carries the whole of it."""
    if len(name) <= LONGEST_COMMON_NAME:
        return name
    return name[: LONGEST_COMMON_NAME + 1].rpartition(" ")[0] or name[:LONGEST_COMMON_NAME]


def read_chain(pem: str) -> tuple[x509.Certificate, ...]:
    """Parse a PEM chain, leaf first; an empty text is an empty chain."""
    if not pem.strip():
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(pem.encode()))
    except ValueError as error:
        raise ChainRefusedError(reason="unreadable") from error


def checked_chain(pem: str, *, key: PublicKey, at: dt.datetime) -> tuple[x509.Certificate, ...]:
    """Return the chain if its leaf certifies ``key``, each link is signed by the next, and all are in time.

    Raises ``ChainRefusedError``. Not checked: whether anybody trusts the last certificate, revocation,
    key usage; that is the verifier's question.
    """
    chain = read_chain(pem)
    if not chain:
        raise ChainRefusedError(reason="empty")
    if _spki(chain[0].public_key()) != _spki(key):
        raise ChainRefusedError(reason="other_key")
    if any(
        not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc for certificate in chain
    ):
        raise ChainRefusedError(reason="not_in_time")
    for child, parent in itertools.pairwise(chain):
        _check_link(child, parent)
    return chain


def _check_link(child: x509.Certificate, parent: x509.Certificate) -> None:
    try:
        child.verify_directly_issued_by(parent)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise ChainRefusedError(reason="broken_link") from error


def _spki(key: object) -> bytes:
    if not hasattr(key, "public_bytes"):
        raise ChainRefusedError(reason="unreadable")
    data: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return data
