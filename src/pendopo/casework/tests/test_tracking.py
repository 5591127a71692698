"""Following a case without signing in: what opens it, what it shows, and how often one may guess."""

import pytest
from django.test import Client

from pendopo.casework import api as casework
from pendopo.casework.api import Receipt
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import person
from pendopo.casework.testing.office import Office
from pendopo.identity.api import SubjectView

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(office: Office, sari: SubjectView) -> Receipt:
    """A sent application."""
    return walk.sent(person(sari))


def test_number_and_code_open_the_state_and_nothing_else(receipt: Receipt) -> None:
    """No name, no answer, no document; not kept by caches."""
    answer = Client().post("/track/", {"number": receipt.number, "code": receipt.tracking_code.lower()})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "sudah kami terima" in text
    for secret in ("Sari", "Wulandari", "Bunga", "Agus", receipt.tracking_code):
        assert secret not in text
    assert answer["Cache-Control"] == "private, no-store"


def test_the_link_of_the_receipt_opens_the_same(receipt: Receipt) -> None:
    """Without signing in, on any device."""
    answer = Client().get(f"/track/{receipt.token}/")
    assert receipt.number in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("number", "code"),
    [("2026-11-999999", None), (None, "AAAAA-AAAAA"), ("'; drop table", "x"), ("0", "\x01")],
)
def test_a_wrong_pair_is_refused_without_telling_which(
    receipt: Receipt, number: str | None, code: str | None
) -> None:
    """An unknown number and a wrong code get the same sentence."""
    sent = {"number": number or receipt.number, "code": code or receipt.tracking_code}
    answer = Client().post("/track/", sent)
    assert answer.status_code == 422
    assert "tidak cocok" in answer.content.decode()


@pytest.mark.parametrize("change", ["x", "~", "0", ""])
def test_a_forged_link_is_refused(receipt: Receipt, change: str) -> None:
    """Any change to the signed part, or another's id with a borrowed signature."""
    forged = receipt.token[:-2] + change
    assert Client().get(f"/track/{forged}/").status_code == 404
    borrowed = "0" * 32 + receipt.token[32:]
    assert Client().get(f"/track/{borrowed}/").status_code == 404


def test_guessing_is_limited_per_number(receipt: Receipt) -> None:
    """After ten tries even the right code waits."""
    client = Client()
    for _ in range(10):
        client.post("/track/", {"number": receipt.number, "code": "AAAAA-AAAAA"})
    answer = client.post("/track/", {"number": receipt.number, "code": receipt.tracking_code})
    assert answer.status_code == 429


def test_empty_fields_are_asked_for() -> None:
    """Both are named."""
    text = Client().post("/track/", {}).content.decode()
    assert "Ketik nomor permohonan" in text
    assert "Ketik kode lacak" in text


def test_the_code_is_not_kept_in_the_clear(receipt: Receipt) -> None:
    """The database holds a keyed index and a sealed copy for the receipt."""
    from pendopo.casework.models import Case

    row = Case.objects.get()
    plain = receipt.tracking_code.replace("-", "").encode()
    assert plain not in bytes(row.tracking_code)
    assert plain not in bytes(row.tracking_index)
    assert casework.track(receipt.number, receipt.tracking_code, address="192.0.2.1").number == receipt.number
