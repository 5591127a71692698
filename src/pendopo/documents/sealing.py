"""The body's electronic seal: PAdES B-B (ETSI EN 319 142-1), ECDSA P-256, SHA-256, the whole chain inside.

A seal says which body issued the document and that nothing changed since. It is not an officer's personal
signature, which is the national authority's business. Nobody outside is asked; ``stamping`` adds the time.
"""

import io
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pendopo.documents.errors import NoSeal
from pendopo.keys import api as keys

FIELD = "Segel"


@dataclass(frozen=True, slots=True)
class Sealed:
    """The sealed PDF and the fingerprint of the certificate that sealed it."""

    pdf: bytes
    certificate_sha256: bytes


def seal(pdf: bytes, *, body_code: str, location: str, reason: str) -> Sealed:
    """Seal a PDF with the key ``seal:<body code>``; raises ``NoSeal`` without a certified key."""
    signer = _signer(body_code)
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        location=location,
        reason=reason,
        certify=True,
    )
    out = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=_pyhanko(signer), output=out)
    return Sealed(out.getvalue(), signer.certificates[0].fingerprint(SHA256()))


def _signer(body_code: str) -> keys.Signer:
    try:
        signer = keys.signer(f"seal:{body_code}")
    except keys.NoKeyError as error:
        raise NoSeal(body=body_code) from error
    if not signer.certificates:
        raise NoSeal(body=body_code)
    return signer


def _pyhanko(signer: keys.Signer) -> signers.SimpleSigner:
    private = signer.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pem = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in signer.certificates)
    leaf, *others = load_certs_from_pemder_data(pem)
    return signers.SimpleSigner(
        signing_cert=leaf,
        signing_key=load_private_key_from_pemder_data(private, passphrase=None),
        cert_registry=SimpleCertificateStore.from_certs(others),  # type: ignore[no-untyped-call]  # untyped
    )
