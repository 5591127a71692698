"""What the tests of the Digital ID share: people, a served hall, a software authenticator."""

import os
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import override
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from pendopo.foundation.settings import current
from pendopo.identity import testing
from pendopo.identity.actions import credentials
from pendopo.identity.client import flow, registration
from pendopo.identity.records import SubjectView

PASSWORD = "kuda lari pagi hujan"
SECRET = b"12345678901234567890"


@pytest.fixture
def sari(db: None) -> SubjectView:
    """An activated person without credentials."""
    return testing.a_person()


@pytest.fixture
def with_password(sari: SubjectView) -> SubjectView:
    """The same person with password and authenticator."""
    credentials.store_password(sari.id, PASSWORD)
    credentials.store_totp(sari.id, SECRET, 0)
    return sari


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    """A hall on a real port, with its provider and its client registered; yields the base address."""
    before = os.environ["PENDOPO_BASE_URL"]
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    os.environ["PENDOPO_BASE_URL"] = f"http://localhost:{server.server_port}"
    _forget()
    registration.ensure()
    yield os.environ["PENDOPO_BASE_URL"]
    server.shutdown()
    thread.join()
    server.server_close()
    os.environ["PENDOPO_BASE_URL"] = before
    _forget()


def _forget() -> None:
    current.cache_clear()
    flow._http.cache_clear()
