"""The public pages and the download, over HTTP."""

import re
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory

from pendopo.documents import api, codes
from pendopo.documents.actions.check import LEGAL_BASIS, PURPOSE
from pendopo.documents.pages.download import download
from pendopo.documents.tests.builders import issue
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from pendopo.foundation.settings import current
from pendopo.identity import api as identity
from pendopo.identity import testing
from pendopo.ledger import api as ledger

pytestmark = pytest.mark.usefixtures("sealed_office")


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST="localhost")


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def status_of(response: Any) -> str:
    found = re.search(r'data-document-status="(\w+)"', response.content.decode())
    return found[1] if found else ""


def test_the_qr_address_tells_that_the_document_is_valid(visitor: Client) -> None:
    document = issue()
    response = visitor.get(f"/verify/{document.code}")
    assert (response.status_code, status_of(response)) == (200, "valid")
    text = words(response)
    assert "Dokumen ini asli dan berlaku" in text
    assert "A••• S••• P•••" in text
    assert "Dinas Kependudukan dan Pencatatan Sipil" in text
    assert "Anindya" not in text
    assert "9901016211260001" not in text


def test_the_qr_of_the_issued_file_opens_the_page(visitor: Client) -> None:
    page = pypdfium2.PdfDocument(api.read_document(issue().id))[0]
    (found,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    assert found.text.startswith(current().base_url)
    assert status_of(visitor.get(found.text.removeprefix(current().base_url))) == "valid"


def test_in_english_too(visitor: Client) -> None:
    text = words(visitor.get(f"/en/verify/{issue().code}"))
    assert "This document is genuine and in force" in text
    assert "Population and Civil Registry Office" in text


def test_a_revoked_document_says_so_and_why(visitor: Client) -> None:
    document = issue()
    api.revoke(document.id, reason="issued_in_error", actor=SYSTEM)
    response = visitor.get(f"/verify/{document.code}")
    assert (response.status_code, status_of(response)) == (200, "revoked")
    assert "Terbit karena kekeliruan." in words(response)


def test_a_reason_without_a_sentence_is_not_shown_raw(visitor: Client) -> None:
    document = issue()
    api.revoke(document.id, reason="xyz_internal", actor=SYSTEM)
    text = words(visitor.get(f"/verify/{document.code}"))
    assert "xyz_internal" not in text
    assert "Diputuskan oleh kantor penerbit." in text


def test_a_superseded_document_leads_to_its_replacement(visitor: Client) -> None:
    old, new = issue(), issue(number="n-2")
    api.supersede(old.id, new.id, reason="correction", actor=SYSTEM)
    response = visitor.get(f"/verify/{old.code}")
    assert status_of(response) == "superseded"
    assert f'href="/verify/{new.code}"' in response.content.decode()


def test_an_unknown_code_is_told_as_such_with_a_way_out(visitor: Client) -> None:
    response = visitor.get(f"/verify/{codes.new()}")
    assert (response.status_code, status_of(response)) == (404, "unknown")
    assert "Yang dapat Anda lakukan" in words(response)


def test_the_page_is_kept_out_of_caches_and_search_engines(visitor: Client) -> None:
    response = visitor.get(f"/verify/{issue().code}")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_typed_code_leads_to_the_page(visitor: Client) -> None:
    document = issue()
    response = visitor.post("/verify/", {"code": codes.grouped(document.code).lower()})
    assert (response.status_code, response["Location"]) == (303, f"/verify/{document.code}")


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "Ketik kode"), ("abc", "salah ketik"), ("<b>", "salah ketik")]
)
def test_a_mistyped_code_gets_a_sentence_at_its_field(visitor: Client, typed: str, sentence: str) -> None:
    response = visitor.post("/verify/", {"code": typed})
    assert response.status_code == 422
    assert sentence in words(response)
    assert 'href="#code"' in response.content.decode()
    assert "<b>" not in response.content.decode()


def test_the_very_file_is_recognised(visitor: Client) -> None:
    document = issue()
    upload = SimpleUploadedFile("akta.pdf", api.read_document(document.id), "application/pdf")
    response = visitor.post("/verify/file/", {"document": upload}, follow=True)
    assert response.redirect_chain == [(f"/verify/{document.code}?file=same", 303)]
    assert "sama persis" in words(response)


def test_a_file_with_one_changed_byte_is_not(visitor: Client) -> None:
    data = bytearray(api.read_document(issue().id))
    data[2000] ^= 1
    upload = SimpleUploadedFile("akta.pdf", bytes(data), "application/pdf")
    assert "bukan terbitan kami" in words(visitor.post("/verify/file/", {"document": upload}))


def test_no_file_gets_a_sentence(visitor: Client) -> None:
    response = visitor.post("/verify/file/", {})
    assert response.status_code == 422
    assert "Pilih berkas PDF" in words(response)


def test_the_owner_learns_that_somebody_checked(visitor: Client) -> None:
    mother = testing.a_person()
    document = issue(subject_ids=(mother.id,))
    visitor.get(f"/verify/{document.code}")
    (look,) = ledger.access_of(identity.pseudonym_of(mother.id))
    assert (look.purpose, look.own) == ("documents.verification", False)


def test_an_owner_who_checks_is_not_told_of_herself(visitor: Client) -> None:
    mother = testing.a_person()
    testing.sign_in(visitor, mother.id)
    visitor.get(f"/verify/{issue(subject_ids=(mother.id,)).code}")
    assert ledger.access_of(identity.pseudonym_of(mother.id)) == []


def test_the_purpose_of_checking_has_a_name_and_a_basis() -> None:
    purpose = exchange.purpose(PURPOSE)
    assert purpose.allows_basis(LEGAL_BASIS)
    assert purpose.name("id")


def test_guessing_is_slowed_down(visitor: Client) -> None:
    answers = [visitor.get(f"/verify/{codes.new()}").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_visitor_without_session_is_sent_away_from_a_download(visitor: Client) -> None:
    response = visitor.get(f"/my/documents/{issue().id}/download.pdf")
    assert response.status_code in {302, 303, 403}
    assert b"%PDF" not in response.content


def fetch(document: api.IssuedDocument, actor: Actor) -> HttpResponse:
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]  # what the middleware sets
    response = download(request, document.id)
    assert isinstance(response, HttpResponse)
    return response


def test_the_owner_gets_the_sealed_file() -> None:
    owner = uuid4()
    document = issue(subject_ids=(owner,))
    response = fetch(document, Actor(ActorKind.PERSON, owner, 2))
    assert response.content == api.read_document(document.id)
    assert response["Content-Type"] == "application/pdf"
    disposition = 'attachment; filename="kutipan-akta-kelahiran-9901-lu-22112026-0001.pdf"'
    assert response["Content-Disposition"] == disposition
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "actor", [ANONYMOUS, Actor(ActorKind.PERSON, uuid4(), 2), Actor(ActorKind.OFFICER, uuid4(), 2)]
)
def test_to_everybody_else_it_does_not_exist(actor: Actor) -> None:
    with pytest.raises(api.DocumentNotFound):
        fetch(issue(), actor)
