"""Fixtures that casework and desk share."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pendopo.agencies import api as agencies
from pendopo.casework.testing import office as offices
from pendopo.casework.testing.office import Office, Someone
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Service
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.settings import current
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView
from pendopo.keys import api as keys
from pendopo_partners.authority import open_authority

OFFICER = ("casework:case:read", "casework:case:verify", "casework:case:return", "casework:case:decide")


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer in a post."""

    subject: SubjectView
    post: agencies.Post
    actor: Actor


@pytest.fixture
def office() -> Iterator[Office]:
    """A population office that answers; ``down`` and ``refuse`` make it misbehave."""
    found, server = offices.serve()
    before = os.environ["PENDOPO_GATEWAY_URL"]
    os.environ["PENDOPO_GATEWAY_URL"] = found.url
    current.cache_clear()
    yield found
    server.shutdown()
    server.server_close()
    os.environ["PENDOPO_GATEWAY_URL"] = before
    current.cache_clear()


@pytest.fixture
def service(db: None) -> Service:  # noqa: ARG001  # asked for its effect
    """The published birth certificate, and the body that issues it with a certified seal."""
    keys.ensure("definition", "Ed25519")
    keys.ensure("document-qr", "Ed25519")
    people.a_body("pemda-contoh")
    people.a_body("dukcapil")
    return catalogue.publish(current().definitions_dir / "services" / "dukcapil" / "akta-kelahiran")


@pytest.fixture
def sealed(service: Service, tmp_path: Path) -> None:  # noqa: ARG001  # asked for its effect
    """A certified seal for the population office."""
    keys.ensure("seal:dukcapil", "ES256")
    request = keys.certificate_request("seal:dukcapil", "Segel CONTOH", organisation="Dukcapil CONTOH")
    keys.install_certificate("seal:dukcapil", open_authority(tmp_path).issue_for_seal(request))


def activated(someone: Someone) -> SubjectView:
    """Give a person of the register a Digital ID."""
    return people.a_person(someone.nik, someone.name, email=None)


def person(subject: SubjectView) -> Actor:
    """Return the actor of a signed-in person."""
    return Actor(ActorKind.PERSON, subject_id=subject.id, assurance=2)


@pytest.fixture
def sari(service: Service) -> SubjectView:  # noqa: ARG001  # asked for its effect
    """A married mother with a Digital ID."""
    return activated(offices.SARI)


def appointed(serial: int, name: str, *permissions: str, body: str = "dukcapil") -> Officer:
    """Return an officer of a body with these permissions."""
    subject = people.a_person(people.a_nik(serial), name, email=None)
    post = people.a_post(subject.id, *permissions, body=body)
    return Officer(subject, post, people.officer(subject.id, post))


@pytest.fixture
def officer(service: Service) -> Officer:  # noqa: ARG001  # asked for its effect
    """An officer of the population office who may do everything with cases."""
    return appointed(901, "Bambang Petugas", *OFFICER)


@pytest.fixture
def decider(service: Service) -> Officer:  # noqa: ARG001  # asked for its effect
    """Another officer of the population office: who verified may not decide."""
    return appointed(903, "Dewi Pejabat", *OFFICER)


@pytest.fixture
def foreign_officer(service: Service) -> Officer:  # noqa: ARG001  # asked for its effect
    """An officer of another body, with the same permissions there."""
    return appointed(902, "Citra Dinsos", *OFFICER, body="dinsos")


__all__ = [
    "OFFICER",
    "Officer",
    "activated",
    "appointed",
    "decider",
    "foreign_officer",
    "office",
    "officer",
    "person",
    "sari",
    "sealed",
    "service",
]
