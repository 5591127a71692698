"""A person with a Digital ID and a way to ask for a page as that person."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.http import View
from pendopo.kernel.ids import uuid7
from pendopo.ledger import api as ledger

HALL = "ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO"
POPULATION = "ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    id: UUID
    pseudonym: str

    def opens(self, view: View, path: str = "/", lang: str = "id", **arguments: object) -> HttpResponse:
        """Call a view as this person."""
        answer = view(self._request(path, lang), **arguments)
        assert isinstance(answer, HttpResponse)
        return answer

    def _request(self, path: str, lang: str) -> HttpRequest:
        request = RequestFactory().get(path)
        request.actor = Actor(ActorKind.PERSON, self.id, 2)  # type: ignore[attr-defined]  # by the middleware
        request.language = lang  # type: ignore[attr-defined]  # by the middleware
        return request


@pytest.fixture
def person(db: None) -> Person:
    return make_person()


@pytest.fixture
def stranger(db: None) -> Person:
    return make_person()


def make_person() -> Person:
    subject_id = uuid7()
    apps.get_model("identity", "Subject").objects.create(
        id=subject_id,
        nik_index=subject_id.bytes * 2,
        nik=b"",
        name=b"",
        pseudonym=f"p-{subject_id.hex}",
        proofing=3,
        activated_at=now(),
    )
    return Person(subject_id, f"p-{subject_id.hex}")


type Look = Callable[..., UUID]


@pytest.fixture
def look(db: None) -> Look:
    """Return a function that records a look through the exchange; more keywords replace its parts."""

    def record(
        *subjects: Person,
        by: Person | None = None,
        ago: dt.timedelta | None = None,
        issue: str = "2026-11-000412",
    ) -> UUID:
        return ledger.record_access(
            ledger.AccessEntry(
                message_id=str(uuid7()),
                at=now() - (ago or dt.timedelta()),
                subjects=tuple(subject.pseudonym for subject in subjects),
                purpose="civil-registration.birth",
                legal_basis="uu-23-2006",
                fields=("address", "name", "birth_date"),
                consumer=HALL,
                provider=POPULATION,
                service="population-v1",
                user=by.pseudonym if by else None,
                issue=issue,
                status=200,
                side="consumer",
                statement="a.b.c",
            )
        )

    return record
