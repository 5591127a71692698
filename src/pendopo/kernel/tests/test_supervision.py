"""What the supervisor hears."""

import socket
from pathlib import Path

import pytest

from pendopo.kernel import supervision


def test_the_supervisor_hears_that_we_are_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        supervision.tell(supervision.READY)
        assert listening.recv(100) == b"READY=1"


def test_without_a_supervisor_or_after_its_end_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    supervision.tell(supervision.READY)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    supervision.tell(supervision.ALIVE)
