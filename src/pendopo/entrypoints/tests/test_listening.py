"""A server starts where nobody else listens, and says so in a sentence where somebody does."""

import socket

import pytest

from pendopo.entrypoints import cli, listening
from pendopo.entrypoints.listening import NotListeningError


def test_a_port_that_another_server_would_share_is_refused() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(NotListeningError, match=f"port {number} .* another with --port"):
            listening.require_free("127.0.0.1", number, patience=0)
    listening.require_free("127.0.0.1", number)


def test_a_host_that_is_not_here_is_refused() -> None:
    with pytest.raises(NotListeningError, match="on 192"):
        listening.require_free("192.0.2.1", 8000, patience=0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["serve", "web", "--port", "99999"], "99999 is no port: 1 to 65535"),
        (["serve", "web", "--port", "http"], "http is no port: 1 to 65535"),
        (["serve", "live", "--port", "0"], "0 is no port: 1 to 65535"),
        (["serve", "worker", "--metrics-port", "-1"], "-1 is no port: 1 to 65535"),
        (["serve", "web", "--workers", "0"], "0 is too few or no number: at least 1"),
        (["serve", "web", "--threads", "many"], "many is too few or no number: at least 1"),
        (["docs", "serve", "--port", "99999"], "99999 is no port: 1 to 65535"),
    ],
)
def test_a_number_that_is_none_is_told_by_the_option(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main(words)
    assert sentence in capsys.readouterr().err
