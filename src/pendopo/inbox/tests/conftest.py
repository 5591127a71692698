"""People and a real mail server for the tests of the inbox."""

import datetime as dt
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.kernel.ids import uuid7


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server that runs; ``folder`` holds what it took, one file a message."""

    port: int
    folder: Path

    def messages(self) -> list[str]:
        return [path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.eml"))]

    def order(self, answer: str) -> None:
        (self.folder / "answer").write_text(answer)

    def behave(self) -> None:
        (self.folder / "answer").unlink()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    port, folder = _free_port(), tmp_path / "mail"
    folder.mkdir()
    command = [sys.executable, "-m", "pendopo_partners.mail", "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--folder", str(folder)], env=dict(os.environ))
    try:
        _wait_for(port)
        yield Post(port, folder)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError


@pytest.fixture
def person(db: None) -> Callable[..., UUID]:
    """Return a function that makes a person with a Digital ID, with or without a contact address."""

    def make(email: str | None = None) -> UUID:
        subject_id = uuid7()
        apps.get_model("identity", "Subject").objects.create(
            id=subject_id,
            nik_index=subject_id.bytes + subject_id.bytes,
            nik=b"",
            name=b"",
            pseudonym=subject_id.hex,
            proofing=1,
            activated_at=now(),
        )
        if email is not None:
            contact_id = uuid7()
            apps.get_model("identity", "Contact").objects.create(
                id=contact_id,
                subject_id=subject_id,
                email=crypto.seal(email, context=f"identity.contact.email:{contact_id}"),
                changed_at=now(),
            )
        return subject_id

    return make


@pytest.fixture
def replaced(db: None) -> Callable[..., UUID]:
    """Return a function that gives a person an address that was replaced and still hears of changes."""

    def make(subject_id: UUID, email: str, *, days: int = 30) -> UUID:
        former_id = uuid7()
        apps.get_model("identity", "FormerContact").objects.create(
            id=former_id,
            subject_id=subject_id,
            email=crypto.seal(email, context=f"identity.formercontact.email:{former_id}"),
            until=now() + dt.timedelta(days=days),
        )
        return former_id

    return make


@pytest.fixture
def deliver(db: None) -> Callable[[], int]:
    """Return a function that delivers what is due until nothing is, as the worker does."""
    from pendopo.foundation.outbox import deliver_due

    def run() -> int:
        total = 0
        while tried := deliver_due():
            total += tried
        return total

    return run
