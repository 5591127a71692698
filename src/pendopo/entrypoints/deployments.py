"""The two deployments of the demonstration and the environment that each of their processes gets.

``hall`` is the regency's; ``population`` is the population office, with its own database, role, root key
and gateway. What they share is what two real offices would share: the exchange, and the key that turns a
NIK into the pseudonym under which both log (never given to a gateway).
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pendopo.entrypoints import databases
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.memory import Ports
from pendopo.entrypoints.places import CHECKOUT, Place, make_folder
from pendopo.entrypoints.secret_files import key_file, password_file, token_file

type Name = Literal["hall", "population"]
NAMES: tuple[Name, ...] = ("hall", "population")
EXCHANGE_CLIENT = "ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO"
MAIL_FROM = "Pendopo Contoh <pendopo@contoh.invalid>"
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPYCACHEPREFIX", "PYTHONUNBUFFERED")
"""Of the caller's environment a process of ours sees only these; proxies and tokens are not its business."""


class RootKeyLostError(FrontDoorError):
    """A deployment that worked before has no root key any more; a new one would open nothing."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment: its folder and its settings (``PENDOPO_…``)."""

    name: Name
    folder: Path
    settings: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of a process."""
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return kept | self.settings | {"DJANGO_SETTINGS_MODULE": "pendopo.entrypoints.settings"}

    def save(self) -> None:
        """Write the settings for the verbs that run later; they contain a password, so 0600."""
        file = settings_file(self.folder.parent, self.name)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(json.dumps(self.settings, indent=1))


def settings_file(state: Path, name: Name) -> Path:
    """Return where a deployment's settings lie."""
    return state / name / "settings.json"


def saved_settings(state: Path, name: Name) -> dict[str, str] | None:
    """Return the settings that ``save`` wrote, or ``None``."""
    try:
        loaded = json.loads(settings_file(state, name).read_text())
    except (OSError, ValueError):
        return None
    return {str(key): str(value) for key, value in loaded.items()}


def database_of(here: Place, name: Name, *, shared_server: bool) -> databases.Database:
    """Return name and password of a deployment's database.

    On a server of others the instance is in the name.
    """
    folder = make_folder(here.state / name)
    password = password_file(folder / "database.password").read_text()
    full = f"pendopo_{here.instance.replace('-', '_')}_{name}" if shared_server else name
    return databases.Database(full, password)


def hall(here: Place, ports: Ports, database_url: str) -> Deployment:
    """Return the hall's deployment; makes its folder and secrets."""
    folder = make_folder(here.state / "hall")
    return Deployment(
        "hall",
        folder,
        _common(here, folder, database_url)
        | {
            "PENDOPO_PROFILE": "hall",
            "PENDOPO_INSTANCE": here.instance,
            "PENDOPO_BASE_URL": f"http://localhost:{ports['hall']}",
            "PENDOPO_LIVE_URL": f"http://localhost:{ports['hall-live']}",
            "PENDOPO_AGENCY": "pemda-contoh",
            "PENDOPO_GATEWAY_URL": f"http://{ports.address('hall-gateway')}",
            "PENDOPO_GATEWAY_TOKEN_FILE": str(token_file(here.state / "gateways" / "hall" / "is-token")),
            "PENDOPO_EXCHANGE_CLIENT": EXCHANGE_CLIENT,
            "PENDOPO_SMTP_HOST": "127.0.0.1",
            "PENDOPO_SMTP_PORT": str(ports["smtp"]),
            "PENDOPO_MAIL_FROM": MAIL_FROM,
            "PENDOPO_TSA_URL": f"http://{ports.address('tsa')}/",
            "PENDOPO_TSA_TRUST_FILE": str(folder / "ca" / "root.pem"),
        },
    )


def population(here: Place, ports: Ports, database_url: str) -> Deployment:
    """Return the population office's deployment; makes its folder and secrets."""
    folder = make_folder(here.state / "population")
    provider_token = token_file(here.state / "gateways" / "population" / "provider-token")
    return Deployment(
        "population",
        folder,
        _common(here, folder, database_url)
        | {
            "PENDOPO_PROFILE": "register",
            "PENDOPO_INSTANCE": f"{here.instance}-p",
            "PENDOPO_BASE_URL": f"http://localhost:{ports['register']}",
            "PENDOPO_AGENCY": "dukcapil",
            "PENDOPO_PROVIDER_TOKEN_FILE": str(provider_token),
        },
    )


def _root_key(folder: Path) -> Path:
    """Return the root key's file, made on the first day only. Raises ``RootKeyLostError``."""
    file = folder / "root.key"
    if not file.exists() and settings_file(folder.parent, _name(folder)).exists():
        message = (
            f"{file} is gone. Put it back from escrow (./pendopo keys recover ESCROW --to {file}), "
            "or restore a backup; a new key would open nothing"
        )
        raise RootKeyLostError(message)
    return key_file(file)


def _name(folder: Path) -> Name:
    return "hall" if folder.name == "hall" else "population"


def _common(here: Place, folder: Path, database_url: str) -> dict[str, str]:
    for gateway in NAMES:
        make_folder(here.state / "gateways" / gateway)
    return {
        "PENDOPO_STATE_DIR": str(folder),
        "PENDOPO_HOME": str(here.state),
        "PENDOPO_DATABASE_URL": database_url,
        "PENDOPO_ROOT_KEY_FILE": str(_root_key(folder)),
        "PENDOPO_SUBJECT_KEY_FILE": str(key_file(here.state / "subject.key")),
        "PENDOPO_CHECKPOINT_DIR": str(make_folder(folder / "checkpoints")),
        "PENDOPO_DEFINITIONS_DIR": str(CHECKOUT / "definitions"),
        "PENDOPO_REGISTRY_DIR": str(make_folder(here.state / "registry")),
        "PENDOPO_DEMO": "1",
        "PENDOPO_LOG_FORMAT": "json",
    }
