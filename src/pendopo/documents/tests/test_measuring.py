"""Each measure of issued documents, lowered by what can go wrong and restored by putting it right."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from pendopo.agencies.api import Body
from pendopo.documents import jobs
from pendopo.documents.models import Content, IssuedDocument
from pendopo.documents.tests.builders import issue
from pendopo.foundation import timestamps
from pendopo.foundation.clock import now
from pendopo.foundation.testing.measures import measured, value_of
from pendopo.foundation.testing.timestamps import Tsa, running
from pendopo.identity.testing import a_body
from pendopo_partners.authority import Authority

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(minutes=11)


@pytest.fixture
def tsa(authority: Authority, tmp_path: Path) -> Iterator[Tsa]:
    timestamps._patience.clear()
    with running(authority, tmp_path / "tsa") as found:
        yield found


def test_a_silent_authority_lowers_stamped_until_it_answers(sealed_office: Body, tsa: Tsa) -> None:
    issue()
    assert value_of("documents.stamped") is None, "its minute has not passed"
    tsa.order("not-found")
    with time_machine.travel(now() + LATER, tick=True):
        jobs.stamp_waiting()
        assert value_of("documents.stamped") == 0
        tsa.behave()
        timestamps._patience.clear()
        assert jobs.stamp_waiting() == 1
        found = measured("documents.stamped")
        assert found is not None
        assert (float(found.value), found.of) == (100, 1)
        assert value_of("documents.stamped", agency=sealed_office.id) == 100
        assert value_of("documents.stamped", agency=a_body("dinsos").id) is None


def test_a_document_whose_bytes_changed_or_are_gone_lowers_whole(sealed_office: Body) -> None:
    first, second = issue(), issue()
    assert value_of("documents.whole") == 100
    held = Content.objects.get(id=IssuedDocument.objects.get(id=first.id).content_id)
    sealed = bytes(held.sealed)
    Content.objects.filter(id=held.id).update(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert value_of("documents.whole") == 50
    Content.objects.filter(id=held.id).delete()
    assert value_of("documents.whole") == 50
    Content.objects.create(id=held.id, sealed=sealed)
    assert value_of("documents.whole") == 100
    IssuedDocument.objects.filter(id=second.id).update(sha256=b"0" * 32)
    assert value_of("documents.whole") == 50
    IssuedDocument.objects.filter(id=second.id).update(sha256=bytes.fromhex(second.sha256))
    assert value_of("documents.whole") == 100
