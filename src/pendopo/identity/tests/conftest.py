"""What the tests of the Digital ID share: people, a served hall, a software authenticator."""

import os
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import override
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from pendopo.foundation.settings import current
from pendopo.identity import testing
from pendopo.identity.actions import credentials
from pendopo.identity.client import flow, registration
from pendopo.identity.client.keyset import ProviderKeys
from pendopo.identity.records import SubjectView
from pendopo.identity.tests.browser import Hall

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
def served(transactional_db: None) -> Iterator[Hall]:
    """A hall on a real port, with its provider and its client registered."""
    before = os.environ["PENDOPO_BASE_URL"]
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    os.environ["PENDOPO_BASE_URL"] = f"http://localhost:{server.server_port}"
    _forget()
    registration.ensure()
    yield Hall(os.environ["PENDOPO_BASE_URL"])
    server.shutdown()
    thread.join()
    server.server_close()
    os.environ["PENDOPO_BASE_URL"] = before
    _forget()


def _forget() -> None:
    current.cache_clear()
    flow.forget()


@pytest.fixture
def hall(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """A hall in this thread and transaction: HTTP to the letter, but no socket and nothing to clean up.

    Its provider and client are registered; the client's own calls to the provider go the same way.
    """
    registration.ensure()
    transport = httpx.WSGITransport(app=get_wsgi_application())
    caller = httpx.Client(transport=transport)
    monkeypatch.setattr(flow, "_http", lambda: caller)
    monkeypatch.setattr(flow, "_keys", ProviderKeys())
    # As Django's own test client does: the test's transaction must outlive the request.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Hall(current().base_url, transport)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
