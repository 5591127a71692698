"""Browsers of the people of a house, signed in."""

from uuid import UUID

from django.apps import apps
from django.test import Client

from pendopo.cabinet.actions import bodies
from pendopo.cabinet.testing.house import House, person
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.identity import testing as identity


def known(subject_id: UUID) -> None:
    """Let the hall know a person of this id, proofed in person; safe to repeat."""
    apps.get_model("identity", "Subject").objects.get_or_create(
        id=subject_id,
        defaults={
            "nik_index": subject_id.bytes * 2,
            "nik": b"",
            "name": b"",
            "pseudonym": f"p-{subject_id.hex}",
            "proofing": 3,
            "activated_at": now(),
        },
    )


def browser(subject_id: UUID) -> Client:
    """Return a browser in which this person is signed in."""
    known(subject_id)
    client = Client()
    identity.sign_in(client, subject_id)
    return client


def at_seat(house: House, seat: str) -> Client:
    """Return the browser of whoever holds a seat."""
    subject_id = house.actor(seat).subject_id
    if subject_id is None:
        raise LookupError(seat)
    return browser(subject_id)


def named(house: House, seat: str, serial: int = 1) -> Client:
    """Put a person with a name in a seat and return her browser: whoever is shown by name needs one."""
    who = identity.a_person(identity.a_nik(serial), f"Anggota {serial}", email=None)
    bodies.seat_person(house.body.code, seat, who.id, actor=SYSTEM)
    house.people[seat] = person(who.id)
    return browser(who.id)


def seated(house: House, seat: str, serial: int = 1) -> Client:
    """Put a person with a Digital ID and a name in a seat and return their browser, signed in."""
    who = identity.a_person(identity.a_nik(serial), f"Anggota {serial}", email=None)
    bodies.seat_person(house.body.code, seat, who.id, actor=SYSTEM)
    house.people[seat] = person(who.id)
    client = Client(headers={"Accept": "text/html"})
    identity.sign_in(client, who.id)
    return client
