"""The mail server keeps what it gets, whole, and misbehaves when told to."""

import email
import email.policy
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "pendopo_partners.mail", "--listen", f"127.0.0.1:{free}", "--folder"]
    server = subprocess.Popen(
        [*command, str(tmp_path / "mail")], env=os.environ | {"PENDOPO_PRODUCTION": "0"}
    )
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", free), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield free
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = (
        "hall@contoh.invalid",
        "ibu@contoh.example",
        "Kabar baik – selesai",
    )
    made.set_content("Permohonan Anda selesai.\n.\nTitik di awal baris.\n")
    return made


def test_a_message_is_kept_whole(port: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message())
    (file,) = (tmp_path / "mail").glob("*.eml")
    kept = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert kept["Subject"] == "Kabar baik – selesai"
    assert kept["X-Envelope-To"] == "ibu@contoh.example"
    assert kept.get_content().splitlines()[1:] == [".", "Titik di awal baris."]
    assert list((tmp_path / "mail").glob("*.half")) == []


def test_it_misbehaves_on_command_and_recovers(port: int, tmp_path: Path) -> None:
    order = tmp_path / "mail" / "answer"
    order.write_text("451 4.3.0 coba lagi nanti\n")
    with smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            client.send_message(message())
        order.unlink()
        client.send_message(message())
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
