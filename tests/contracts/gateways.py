"""Two real gateways as processes, with keys of the example authority, for a test's registry folder."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pendopo_partners.authority import Authority, new_key, open_authority

HALL = "ID-DEMO/GOV/PEMDA-CONTOH"
OFFICE = "ID-DEMO/GOV/DUKCAPIL-CONTOH"
CLIENT = f"{HALL}/PENDOPO"
SERVICE = f"{OFFICE}/KEPENDUDUKAN/population-v1"
READY_WITHIN_SECONDS = 20


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(slots=True)
class Site:
    """One gateway: its files, its ports, its process while it runs."""

    member: str
    folder: Path
    system_port: int
    peer_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its information system asks."""
        return f"http://127.0.0.1:{self.system_port}"

    @property
    def peer_address(self) -> str:
        """Where other gateways dial."""
        return f"127.0.0.1:{self.peer_port}"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "gateway.log"

    def start(self) -> None:
        """Start the process and wait until it listens."""
        command = [sys.executable, "-m", "pendopo_gateway", "--config", str(self.folder / "gateway.toml")]
        source = str(Path(__file__).parents[2] / "src")
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": source}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, env=environment)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(self.log.read_text())

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/readyz", timeout=1).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def stop(self) -> None:
        """Ask it to end and wait."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=15)
            self.process = None


@dataclass(slots=True)
class Pair:
    """The hall's gateway and the office's, the registry folder that both obey, and the hall's token."""

    hall: Site
    office: Site
    registry: Path
    hall_token: Path


def make_pair(folder: Path, office_url: str, provider_token: str) -> Pair:
    """Write keys, certificates and configuration of both gateways; start nothing."""
    authority = open_authority(folder / "authority")
    registry = folder / "registry"
    registry.mkdir()
    hall = _site(folder / "hall", HALL, authority)
    office = _site(folder / "office", OFFICE, authority)
    hall_token = _secret(hall.folder / "is-token", secrets.token_hex(32))
    _secret(office.folder / "provider-token", provider_token)
    _configure(
        hall,
        authority,
        registry,
        f'[[clients]]\nname = "pendopo"\ntoken_file = "is-token"\nsubsystems = ["{CLIENT}"]\n',
    )
    _configure(
        office,
        authority,
        registry,
        f'[[services]]\nservice = "{SERVICE}"\nbase_url = "{office_url}/population/v1"\n'
        'token_file = "provider-token"\n[limits]\nservice_seconds = 1.5\n',
    )
    return Pair(hall, office, registry, hall_token)


@contextmanager
def running(pair: Pair) -> Iterator[Pair]:
    """Both gateways, started now and stopped at the end."""
    try:
        pair.office.start()
        pair.hall.start()
        yield pair
    finally:
        pair.hall.stop()
        pair.office.stop()


def _site(folder: Path, member: str, authority: Authority) -> Site:
    folder.mkdir()
    tls = new_key(folder / "tls-key.pem")
    chain = authority.issue_for_gateway(f"{member}/GW1", member, tls.public_key())
    (folder / "tls-chain.pem").write_text(chain)
    signing = new_key(folder / "signing-key.pem").public_key()
    (folder / "signing-public.pem").write_bytes(
        signing.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return Site(member, folder, free_port(), free_port())


def _configure(site: Site, authority: Authority, registry: Path, own: str) -> None:
    (site.folder / "gateway.toml").write_text(f"""\
member = "{site.member}"
server = "GW1"
data_dir = "data"
[information_system]
listen = "127.0.0.1:{site.system_port}"
[peer]
listen = "{site.peer_address}"
certificate = "tls-chain.pem"
private_key = "tls-key.pem"
authorities = "{authority.root_file}"
[signing]
private_key = "signing-key.pem"
[registry]
snapshot = "{registry / "snapshot.note"}"
anchor = "{registry / "anchor.vkey"}"
{own}""")


def _secret(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path
