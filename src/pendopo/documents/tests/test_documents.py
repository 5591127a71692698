"""Issued documents through the door: once only, whose they are, how they end, what the public learns."""

import hashlib
from uuid import uuid4

import pytest

from pendopo.agencies.api import Body
from pendopo.documents import api, codes
from pendopo.documents.models import Content, IssuedDocument
from pendopo.documents.tests.builders import issue
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.kernel.errors import Forbidden

pytestmark = pytest.mark.usefixtures("sealed_office")


def officer(body: Body, *permissions: str) -> Actor:
    return Actor(ActorKind.OFFICER, uuid4(), 2, body_id=body.id, permissions=frozenset(permissions))


def test_issuing_twice_is_one_document() -> None:
    case_id = uuid4()
    first, second = issue(case_id=case_id), issue(case_id=case_id)
    assert first == second
    assert IssuedDocument.objects.count() == 1


def test_twins_get_two_documents_of_one_case() -> None:
    case_id = uuid4()
    issue(case_id=case_id, number="9901-LU-22112026-0001")
    issue(case_id=case_id, number="9901-LU-22112026-0002")
    assert len(api.documents_of_case(case_id)) == 2


def test_a_document_belongs_to_each_of_its_persons_and_to_nobody_else() -> None:
    mother, father, neighbour = uuid4(), uuid4(), uuid4()
    document = issue(subject_ids=(mother, father))
    assert api.documents_of(mother) == api.documents_of(father) == [document]
    assert api.documents_of(neighbour) == []


def test_the_list_costs_one_query(django_assert_num_queries: object) -> None:
    mother = uuid4()
    for number in range(4):
        issue(subject_ids=(mother,), number=f"n-{number}")
    with django_assert_num_queries(1):  # type: ignore[operator]  # a pytest-django fixture without public type
        assert len(api.documents_of(mother)) == 4


def test_what_is_kept_is_the_pdf_whose_fingerprint_is_told() -> None:
    document = issue()
    pdf = api.read_document(document.id)
    assert hashlib.sha256(pdf).hexdigest() == document.sha256
    assert len(pdf) == document.size


def test_neither_pdf_nor_name_is_readable_in_the_database() -> None:
    issue()
    (row,), (content,) = IssuedDocument.objects.all(), Content.objects.all()
    assert b"Anindya" not in bytes(row.sealed_holder)
    assert b"%PDF" not in bytes(content.sealed)


def test_the_public_learns_status_body_and_a_masked_name() -> None:
    document = issue()
    found = api.verify(document.code)
    assert (found.status, found.holder, found.body_code) == ("valid", "A••• S••• P•••", "dukcapil")
    assert found.sha256 == document.sha256
    assert len(found.seal) == 64


def test_a_code_is_understood_as_people_type_it() -> None:
    document = issue()
    typed = codes.grouped(document.code).lower().replace("0", "o").replace("1", "l")
    assert api.verify(f"  {typed} ").status == "valid"


@pytest.mark.parametrize("code", ["", "x", "U" * 26, "0" * 26, "A" * 500, "'; drop table"])
def test_an_unknown_code_tells_nothing(code: str) -> None:
    assert api.verify(code) == api.Verification("unknown")


def test_an_officer_of_the_body_revokes() -> None:
    document = issue()
    body = api_body()
    revoked = api.revoke(document.id, reason="issued_in_error", actor=officer(body, api.REVOKE))
    assert (revoked.status, revoked.status_reason) == ("revoked", "issued_in_error")
    assert api.verify(document.code).status == "revoked"


def api_body() -> Body:
    from pendopo.agencies.api import body_by_code

    return body_by_code("dukcapil")


def test_an_officer_without_the_permission_cannot_revoke() -> None:
    with pytest.raises(Forbidden):
        api.revoke(issue().id, reason="issued_in_error", actor=officer(api_body(), "casework:case:read"))


def test_an_officer_of_another_body_cannot_revoke() -> None:
    document = issue()
    stranger = Actor(ActorKind.OFFICER, uuid4(), 2, body_id=uuid4(), permissions=frozenset({api.REVOKE}))
    with pytest.raises(Forbidden):
        api.revoke(document.id, reason="issued_in_error", actor=stranger)
    assert api.verify(document.code).status == "valid"


def test_a_document_ends_only_once() -> None:
    document = issue()
    api.revoke(document.id, reason="issued_in_error", actor=SYSTEM)
    with pytest.raises(api.NotInForce):
        api.revoke(document.id, reason="issued_in_error", actor=SYSTEM)


def test_a_corrected_certificate_takes_the_place_of_the_old_one() -> None:
    case_id = uuid4()
    old = issue(case_id=case_id)
    new = issue(case_id=case_id, number="9901-LU-22112026-0001/2", child_name="Anindya Sekar Paramesti")
    for _ in range(2):
        api.supersede(old.id, new.id, reason="correction", actor=SYSTEM)
    found = api.verify(old.code)
    assert (found.status, found.replaced_by, found.reason) == ("superseded", new.code, "correction")
    assert api.verify(new.code).status == "valid"


def test_a_document_cannot_take_its_own_place_or_that_of_an_ended_one() -> None:
    old, new = issue(), issue(number="n-2")
    with pytest.raises(api.NotInForce):
        api.supersede(old.id, old.id, reason="correction", actor=SYSTEM)
    api.revoke(old.id, reason="issued_in_error", actor=SYSTEM)
    with pytest.raises(api.NotInForce):
        api.supersede(old.id, new.id, reason="correction", actor=SYSTEM)


def test_a_document_that_is_not_there_is_not_found() -> None:
    for call in (api.document, api.read_document):
        with pytest.raises(api.DocumentNotFound):
            call(uuid4())
