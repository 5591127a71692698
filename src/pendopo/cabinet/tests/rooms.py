"""Short ways that the tests of pages share."""

import re
from collections.abc import Callable

from django.db import connections
from django.http import HttpResponseBase
from django.test import Client

from pendopo.cabinet import errors
from pendopo.cabinet.actions import bodies
from pendopo.cabinet.testing.house import House, person
from pendopo.foundation.actor import SYSTEM
from pendopo.identity import testing as people

HTML = {"Accept": "text/html"}


def seated(house: House, seat: str, serial: int = 1) -> Client:
    """Put a person with a Digital ID in a seat and sign them in."""
    who = people.a_person(people.a_nik(serial), f"Anggota {serial}", email=None)
    bodies.seat_person(house.body.code, seat, who.id, actor=SYSTEM)
    house.people[seat] = person(who.id)
    client = Client(headers=HTML)
    people.sign_in(client, who.id)
    return client


def stranger(serial: int = 9) -> Client:
    """Sign in somebody who holds no seat anywhere."""
    who = people.a_person(people.a_nik(serial), "Orang Lain", email=None)
    client = Client(headers=HTML)
    people.sign_in(client, who.id)
    return client


def words(answer: HttpResponseBase) -> str:
    """Return what a page says, without its tags."""
    page = bytes(getattr(answer, "content", b"")).decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def page(client: Client, address: str, status: int = 200) -> str:
    """Open a page and return what it says."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return words(answer)


def field(client: Client, address: str, name: str) -> str:
    """Return what a hidden field of a page holds."""
    shown = client.get(address).content.decode()
    found = re.search(rf'name="{name}" value="([^"]*)"', shown)
    assert found, (address, name)
    return found[1]


def outcome(act: Callable[[], object]) -> str:
    """Act in a thread of one's own; return the code of the refusal, or ``done``."""
    try:
        act()
    except errors.CabinetError as error:
        return error.code
    finally:
        connections.close_all()
    return "done"
