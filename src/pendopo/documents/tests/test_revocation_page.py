"""The officer's page for ending a document."""

import re

import pytest
from django.test import Client

from pendopo.documents import api
from pendopo.documents.tests.builders import issue
from pendopo.identity import testing

pytestmark = pytest.mark.usefixtures("sealed_office")


def officer(*permissions: str, body: str = "dukcapil") -> Client:
    person = testing.a_person()
    browser = Client(HTTP_HOST="localhost")
    testing.sign_in(browser, person.id, post=testing.a_post(person.id, *permissions, body=body))
    return browser


def test_an_officer_of_the_body_revokes_with_a_reason() -> None:
    document = issue()
    browser = officer(api.REVOKE)
    page = browser.get(f"/desk/documents/{document.id}/revoke/")
    assert "Mengapa dokumen ini dicabut?" in page.content.decode()
    done = browser.post(
        f"/desk/documents/{document.id}/revoke/", {"reason": "court_order", "sure": "yes"}, follow=True
    )
    assert "Dokumen sudah dicabut" in done.content.decode()
    assert api.verify(document.code).reason == "court_order"


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({}, {"reason", "sure"}),
        ({"reason": "court_order"}, {"sure"}),
        ({"reason": "x", "sure": "yes"}, {"reason"}),
    ],
)
def test_nothing_is_revoked_without_reason_and_confirmation(fields: dict[str, str], broken: set[str]) -> None:
    document = issue()
    answer = officer(api.REVOKE).post(f"/desk/documents/{document.id}/revoke/", fields)
    assert answer.status_code == 422
    assert set(re.findall(r'href="#(\w+)"', answer.content.decode())) >= broken
    assert api.verify(document.code).status == "valid"


def test_an_officer_of_another_body_finds_no_such_document() -> None:
    document = issue()
    browser = officer(api.REVOKE, body="dinsos")
    for answer in (
        browser.get(f"/desk/documents/{document.id}/revoke/"),
        browser.post(f"/desk/documents/{document.id}/revoke/", {"reason": "court_order", "sure": "yes"}),
    ):
        assert answer.status_code == 404
    assert api.verify(document.code).status == "valid"


def test_an_officer_without_the_permission_is_refused() -> None:
    document = issue()
    assert officer("casework:case:read").get(f"/desk/documents/{document.id}/revoke/").status_code == 403
