"""The seal, judged by others: poppler's pdfsig with an NSS store, and pyHanko's own validation."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from pendopo.agencies.api import Body
from pendopo.documents import api
from pendopo.documents.tests.builders import issue
from pendopo.keys import api as keys
from pendopo_partners.authority import Authority

pytestmark = pytest.mark.conformance
needs_poppler = pytest.mark.skipif(
    not (shutil.which("pdfsig") and shutil.which("certutil")),
    reason="needs pdfsig and certutil (Debian: poppler-utils, libnss3-tools)",
)


@pytest.fixture
def pdf(sealed_office: Body) -> bytes:
    return api.read_document(issue().id)


@pytest.fixture
def trust_store(authority: Authority, tmp_path: Path) -> Path:
    """An NSS database that trusts the demonstration authority."""
    folder = tmp_path / "nss"
    folder.mkdir()
    store = f"sql:{folder}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    command = ["certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-i", str(authority.root_file)]
    subprocess.run(command, check=True)
    return folder


def pdfsig(pdf: bytes, store: Path) -> str:
    path = store.parent / "document.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdfsig", "-nssdir", f"sql:{store}", str(path)], capture_output=True, text=True, check=False
    )
    return done.stdout


def pyhanko(pdf: bytes, root: Path) -> PdfSignatureStatus:
    trusted = list(load_certs_from_pemder_data(root.read_bytes()))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, allow_fetching=False))


def flipped(pdf: bytes) -> bytes:
    """Change one byte inside the first page's content, far from the signature."""
    at = pdf.index(b"stream") + 40
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


@needs_poppler
def test_pdfsig_calls_the_seal_valid_trusted_and_whole(pdf: bytes, trust_store: Path) -> None:
    told = pdfsig(pdf, trust_store)
    assert "Signature Validation: Signature is Valid." in told
    assert "Certificate Validation: Certificate is Trusted." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


@needs_poppler
def test_pdfsig_refuses_the_seal_after_one_byte_flips(pdf: bytes, trust_store: Path) -> None:
    told = pdfsig(flipped(pdf), trust_store)
    assert "Signature Validation: Digest Mismatch." in told
    assert "Signature is Valid" not in told


@needs_poppler
def test_pdfsig_does_not_trust_the_seal_without_the_authority(pdf: bytes, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    subprocess.run(["certutil", "-N", "-d", f"sql:{empty}", "--empty-password"], check=True)
    assert "Certificate is Trusted" not in pdfsig(pdf, empty)


def test_pyhanko_agrees(pdf: bytes, authority: Authority) -> None:
    status = pyhanko(pdf, authority.root_file)
    assert (status.valid, status.intact, status.trusted, status.bottom_line) == (True, True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert (status.md_algorithm, status.pkcs7_signature_mechanism) == ("sha256", "sha256_ecdsa")


def test_pyhanko_agrees_after_one_byte_flips(pdf: bytes, authority: Authority) -> None:
    status = pyhanko(flipped(pdf), authority.root_file)
    assert (status.intact, status.bottom_line) == (False, False)


def test_the_sealed_file_is_still_tagged_and_archival(pdf: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(pdf))
    assert bool(reader.root["/MarkInfo"]["/Marked"])
    assert reader.root["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
    metadata = reader.root["/Metadata"].data
    assert b'pdfaid:part="2"' in metadata
    assert b'pdfaid:conformance="A"' in metadata
    assert b'pdfuaid:part="1"' in metadata


def test_without_a_certified_key_nothing_is_issued(office: Body) -> None:
    with pytest.raises(api.NoSeal):
        issue()
    keys.ensure("seal:dukcapil", "ES256")
    with pytest.raises(api.NoSeal):
        issue()
