"""Time stamps on certificates: late when they must be, never in the way, and judged by others."""

import io
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from asn1crypto import cms
from django.db import connection
from django.test import Client
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko_certvalidator import ValidationContext

from pendopo.agencies.api import Body
from pendopo.documents import api, contents, jobs, queries
from pendopo.documents.actions import stamp as action
from pendopo.documents.models import Content, EarlierFile, IssuedDocument
from pendopo.documents.tests.builders import issue
from pendopo.documents.tests.test_seal import pdfsig, trust_store
from pendopo.foundation import crypto, timestamps
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.foundation.models import AuditRow
from pendopo.foundation.testing.timestamps import Tsa, configured, running
from pendopo_partners.authority import Authority, open_authority

__all__ = ("trust_store",)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the minute after the issue."""
    monkeypatch.setattr(jobs, "AFTER_ISSUE", timedelta(0))


@pytest.fixture(scope="module")
def port() -> int:
    return _free_port()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory, port: int) -> Authority:
    """One whose certificates say where their revocation lists are."""
    return open_authority(tmp_path_factory.mktemp("ca"), crl_base=f"http://127.0.0.1:{port}/crl")


@pytest.fixture
def tsa(authority: Authority, port: int, tmp_path: Path) -> Iterator[Tsa]:
    timestamps._patience.clear()
    with running(authority, tmp_path / "tsa", port) as found:
        yield found


def trust(authority: Authority) -> ValidationContext:
    roots = list(load_certs_from_pemder_data(authority.root_file.read_bytes()))
    return ValidationContext(trust_roots=roots, allow_fetching=False)


def stamped(document: api.IssuedDocument) -> tuple[api.IssuedDocument, bytes]:
    assert jobs.stamp_waiting() == 1
    return api.document(document.id), api.read_document(document.id)


@pytest.mark.conformance
def test_pyhanko_calls_seal_and_time_stamp_valid(sealed_office: Body, tsa: Tsa, authority: Authority) -> None:
    document = issue()
    before = api.read_document(document.id)
    later, pdf = stamped(document)
    assert pdf.startswith(before)
    assert (document.seal_level, later.seal_level) == ("B-B", "B-LT")
    assert later.stamped_at is not None
    assert abs(later.stamped_at - now()) < timedelta(minutes=1)
    reader = PdfFileReader(io.BytesIO(pdf))
    (seal,) = reader.embedded_regular_signatures
    (time_stamp,) = reader.embedded_timestamp_signatures
    status = validate_pdf_signature(seal, trust(authority))
    assert (status.intact, status.valid, status.trusted, status.bottom_line) == (True, True, True, True)
    assert status.docmdp_ok
    told = validate_pdf_timestamp(time_stamp, trust(authority))
    assert (told.intact, told.valid, told.trusted) == (True, True, True)
    assert told.timestamp == later.stamped_at


@pytest.mark.conformance
def test_years_later_nothing_else_is_needed(sealed_office: Body, tsa: Tsa, authority: Authority) -> None:
    _, pdf = stamped(issue())
    reader = PdfFileReader(io.BytesIO(pdf))
    store = DocumentSecurityStore.read_dss(reader)
    assert len(store.crls) == 3
    roots = list(load_certs_from_pemder_data(authority.root_file.read_bytes()))
    strict = {"trust_roots": roots, "allow_fetching": False, "revocation_mode": "require"}
    context = store.as_validation_context(strict)
    assert validate_pdf_signature(reader.embedded_regular_signatures[0], context).bottom_line
    told = validate_pdf_timestamp(
        reader.embedded_timestamp_signatures[0], store.as_validation_context(strict)
    )
    assert (told.intact, told.valid, told.trusted) == (True, True, True)
    alone = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="require", crls=[])
    without = validate_pdf_signature(reader.embedded_regular_signatures[0], alone)
    assert not without.bottom_line


@pytest.mark.conformance
@pytest.mark.skipif(
    not (shutil.which("pdfsig") and shutil.which("certutil")), reason="needs pdfsig and certutil"
)
def test_pdfsig_still_calls_the_seal_valid_and_trusted(
    sealed_office: Body, tsa: Tsa, trust_store: Path
) -> None:
    _, pdf = stamped(issue())
    told = pdfsig(pdf, trust_store)
    assert "Signature Validation: Signature is Valid." in told
    assert "Certificate Validation: Certificate is Trusted." in told
    assert "Digest Mismatch" not in told
    # Poppler 22 does not know document time-stamps: it names the second one and verifies it not at all.
    assert told.count("Signature #") == 2
    assert "Cap Waktu CONTOH" in told


@pytest.mark.conformance
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_verifies_the_token_over_the_bytes_that_it_covers(
    sealed_office: Body, tsa: Tsa, tmp_path: Path
) -> None:
    _, pdf = stamped(issue())
    (found,) = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
    first, length, second, rest = (int(number) for number in found.byte_range)
    assert second + rest == len(pdf)
    (tmp_path / "covered").write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    token = cms.ContentInfo({"content_type": "signed_data", "content": found.signed_data})
    (tmp_path / "token").write_bytes(token.dump())
    words = ["-verify", "-token_in", "-in", str(tmp_path / "token"), "-data", str(tmp_path / "covered")]
    command = ["openssl", "ts", *words, "-CAfile", str(tsa.authority.root_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done.stderr


def test_without_revocation_lists_the_stamp_stands_alone(
    sealed_office: Body, tsa: Tsa, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issue()
    monkeypatch.setattr(Authority, "revocation_list", _no_list)
    later, pdf = stamped(document)
    assert later.seal_level == "B-T"
    reader = PdfFileReader(io.BytesIO(pdf))
    assert "/DSS" not in reader.root
    (time_stamp,) = reader.embedded_timestamp_signatures
    told = validate_pdf_timestamp(time_stamp, trust(authority))
    assert (told.intact, told.valid, told.trusted) == (True, True, True)


def _no_list(_authority: Authority, name: str) -> bytes:
    raise KeyError(name)


@pytest.mark.parametrize("order", ["refuse", "wrong-nonce", "wrong-imprint", "garbage", "not-found"])
def test_trouble_at_the_authority_delays_the_stamp_and_stops_nothing(
    sealed_office: Body, tsa: Tsa, order: str
) -> None:
    tsa.order(order)
    owner = UUID(int=7)
    document = issue(subject_ids=[owner])
    assert jobs.stamp_waiting() == 0
    assert api.document(document.id) == document
    assert crypto.fingerprint(api.read_document(document.id)).hex() == document.sha256
    assert [each.id for each in api.documents_of(owner)] == [document.id]
    assert api.verify(document.code).status == "valid"
    tsa.behave()
    assert jobs.stamp_waiting() == 0, "it is patient"
    timestamps._patience.clear()
    later, _ = stamped(document)
    assert later.seal_level == "B-LT"


def test_no_authority_and_none_that_answers(sealed_office: Body, authority: Authority) -> None:
    document = issue()
    assert jobs.stamp_waiting() == 0
    timestamps._patience.clear()
    with configured(f"http://127.0.0.1:{_free_port()}/", authority):
        assert jobs.stamp_waiting() == 0
    timestamps._patience.clear()
    assert api.document(document.id).seal_level == "B-B"


def test_both_files_are_genuine_and_the_page_says_so(sealed_office: Body, tsa: Tsa, client: Client) -> None:
    document = issue()
    before = api.read_document(document.id)
    later, after = stamped(document)
    assert before != after
    for file in (before, after):
        answer = client.post("/verify/file/", {"document": io.BytesIO(file)})
        assert answer.status_code == 303
        assert document.code in answer["Location"]
    other = client.post("/verify/file/", {"document": io.BytesIO(after + b"\n")})
    assert other.status_code == 200
    found = api.verify(document.code)
    assert (found.sha256, found.earlier_sha256) == (later.sha256, (document.sha256,))
    page = client.get(f"/verify/{document.code}").content.decode()
    assert document.sha256 in page
    assert later.sha256 in page


def test_a_stamp_is_audited_once_and_the_old_bytes_are_not_kept(sealed_office: Body, tsa: Tsa) -> None:
    document = issue()
    old = IssuedDocument.objects.get(id=document.id).content_id
    stamped(document)
    assert jobs.stamp_waiting() == 0
    assert AuditRow.objects.filter(event=action.STAMPED, object_id=document.id).count() == 1
    assert EarlierFile.objects.count() == 1
    assert not Content.objects.filter(id=old).exists()


def test_a_broken_file_does_not_hold_up_the_others(sealed_office: Body, tsa: Tsa) -> None:
    broken, sound = issue(number="9901-LU-22112026-0001"), issue(number="9901-LU-22112026-0002")
    row = IssuedDocument.objects.get(id=broken.id)
    contents.remove(row.content_id)
    row.content_id = contents.put(b"%PDF-1.7 no more")
    row.save(update_fields=["content_id"])
    assert jobs.stamp_waiting() == 1
    assert api.document(broken.id).stamped_at is None
    assert api.document(sound.id).seal_level == "B-LT"
    assert queries.unstamped(now(), None, 10) == [broken.id]


@pytest.mark.django_db(transaction=True)
def test_two_workers_stamp_a_document_once(sealed_office: Body, tsa: Tsa) -> None:
    document = issue()

    def work(_number: int) -> bool:
        try:
            return action.stamp(document.id)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(work, range(3))) == [False, False, True]
    assert EarlierFile.objects.filter(document_id=document.id).count() == 1
    assert crypto.fingerprint(api.read_document(document.id)).hex() == api.document(document.id).sha256


def test_a_revoked_document_keeps_its_state(sealed_office: Body, tsa: Tsa) -> None:
    document = issue()
    api.revoke(document.id, reason="issued_in_error", actor=SYSTEM)
    later, _ = stamped(document)
    assert (later.status, later.seal_level) == ("revoked", "B-LT")


def test_a_document_is_one_revision_for_its_first_minute(
    sealed_office: Body, tsa: Tsa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever downloads at once gets the sealed file alone."""
    monkeypatch.setattr(jobs, "AFTER_ISSUE", timedelta(minutes=1))
    issue()
    assert jobs.stamp_waiting() == 0
