"""Files of the two demonstration gateways: keys, certificates from the example authority, configuration.

Two members, two gateways, each with its own TLS key and its own signing key; they know each other only
through the registry's signed snapshot.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from pendopo.entrypoints.deployments import EXCHANGE_CLIENT, Name
from pendopo.entrypoints.memory import PortName, Ports
from pendopo.entrypoints.places import make_folder
from pendopo_partners.authority import Authority, new_key, read_key

MEMBERS: dict[Name, str] = {"hall": "ID-DEMO/GOV/PEMDA-CONTOH", "population": "ID-DEMO/GOV/DUKCAPIL-CONTOH"}
ORGANISATIONS: dict[Name, str] = {
    "hall": "Pemerintah Kabupaten CONTOH",
    "population": "Dinas Kependudukan CONTOH",
}
METRICS: dict[Name, PortName] = {"hall": "hall-gateway-metrics", "population": "population-gateway-metrics"}
LISTENERS: dict[Name, tuple[PortName, PortName]] = {
    "hall": ("hall-gateway", "hall-peer"),
    "population": ("population-gateway", "population-peer"),
}
POPULATION_SERVICE = "ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN/population-v1"


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: where its files lie and how others find it."""

    name: Name
    folder: Path
    peer_address: str

    @property
    def server_id(self) -> str:
        """Identifier of the gateway in the exchange."""
        return f"{MEMBERS[self.name]}/GW1"

    @property
    def configuration(self) -> Path:
        """The file that ``serve gateway --config`` reads."""
        return self.folder / "gateway.toml"

    @property
    def certificate(self) -> Path:
        """TLS chain, leaf first."""
        return self.folder / "tls-chain.pem"

    @property
    def signing_public_key(self) -> Path:
        """Public half of the key that signs messages, PEM."""
        return self.folder / "signing-public.pem"


def prepare(state: Path, name: Name, ports: Ports, authority: Authority) -> Gateway:
    """Return a gateway whose keys, certificate and configuration are in place; safe to repeat."""
    folder = make_folder(state / "gateways" / name)
    gateway = Gateway(name, folder, ports.address(LISTENERS[name][1]))
    _ensure_tls(gateway, authority)
    _ensure_signing_key(gateway)
    gateway.configuration.write_text(_configuration(state, gateway, ports, authority))
    return gateway


def registry_folder(state: Path) -> Path:
    """Where the exchange's operator publishes the snapshot and its anchor."""
    return make_folder(state / "registry")


def _ensure_tls(gateway: Gateway, authority: Authority) -> None:
    if gateway.certificate.exists():
        return
    key = new_key(gateway.folder / "tls-key.pem")
    chain = authority.issue_for_gateway(gateway.server_id, ORGANISATIONS[gateway.name], key.public_key())
    gateway.certificate.write_text(chain)


def _ensure_signing_key(gateway: Gateway) -> None:
    private = gateway.folder / "signing-key.pem"
    key = read_key(private) if private.exists() else new_key(private)
    gateway.signing_public_key.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def _configuration(state: Path, gateway: Gateway, ports: Ports, authority: Authority) -> str:
    registry = registry_folder(state)
    own, _ = LISTENERS[gateway.name]
    common = f"""\
# Written by ./pendopo up at each start.
member = "{MEMBERS[gateway.name]}"
server = "GW1"
data_dir = "data"

[information_system]
listen = "{ports.address(own)}"

[peer]
listen = "{gateway.peer_address}"
certificate = "{gateway.certificate}"
private_key = "{gateway.folder / "tls-key.pem"}"
authorities = "{authority.root_file}"

[signing]
private_key = "{gateway.folder / "signing-key.pem"}"

[registry]
snapshot = "{registry / "snapshot.note"}"
anchor = "{registry / "anchor.vkey"}"

[metrics]
listen = "{ports.address(METRICS[gateway.name])}"
"""
    return common + (_client(gateway) if gateway.name == "hall" else _service(gateway, ports))


def _client(gateway: Gateway) -> str:
    return f"""
[[clients]]
name = "pendopo"
token_file = "{gateway.folder / "is-token"}"
subsystems = ["{EXCHANGE_CLIENT}"]
"""


def _service(gateway: Gateway, ports: Ports) -> str:
    return f"""
[[services]]
service = "{POPULATION_SERVICE}"
base_url = "http://{ports.address("register")}/population/v1"
token_file = "{gateway.folder / "provider-token"}"
"""
