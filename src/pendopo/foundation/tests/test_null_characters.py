"""A NUL in what somebody sends is bad input like any other, and no failure of ours."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
UNPROCESSABLE = 422


@pytest.mark.parametrize(
    "address", ["/services/?q=a%00", "/services/?%00=a", "/id/authorize?client_id=%00", "/track/%00/"]
)
def test_in_an_address(address: str) -> None:
    """Also for a program, whose answer is a problem document."""
    assert Client().get(address).status_code == UNPROCESSABLE


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/track/", {"number": "\0", "code": "x"}),
        ("/id/token", {"grant_type": "authorization_code", "code": "x", "client_id": "\0"}),
    ],
)
def test_in_a_form(address: str, fields: dict[str, str]) -> None:
    """Whether or not the view takes forms of other sites."""
    assert Client().post(address, fields).status_code == UNPROCESSABLE


def test_other_words_pass() -> None:
    """What people type is not touched."""
    assert Client().get("/services/?q=akta").status_code == 200
