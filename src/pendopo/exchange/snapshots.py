"""The registry as gateways need it: one signed text, rebuilt before it grows old.

Gateways obey the newest snapshot that the anchor's key signed and refuse all traffic when it has expired; so
the worker signs a new one each hour, and at once when something changed.
"""

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pendopo.exchange import models
from pendopo.exchange.errors import ExchangeError
from pendopo.exchange.purposes import load_purposes
from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.keys import api as keys
from pendopo_wire import note, snapshot
from pendopo_wire.errors import WireError
from pendopo_wire.identifiers import MemberId, ServerId, ServiceId, SubsystemId
from pendopo_wire.paths import Endpoint

KEY_PURPOSE = "registry"
LIFE = dt.timedelta(hours=24)
RENEW_AFTER = dt.timedelta(hours=1)
SNAPSHOT_FILE = "snapshot.note"
ANCHOR_FILE = "anchor.vkey"


class RegistryEmpty(ExchangeError):
    """Nothing was loaded yet: run ``./pendopo exchange load`` first."""

    code = "exchange.registry_empty"
    status = 409
    text_key = "exchange.errors.registry_empty"


class RegistryInconsistent(ExchangeError):
    """The registry contradicts itself, so no gateway would accept it."""

    code = "exchange.registry_inconsistent"
    status = 409
    text_key = "exchange.errors.registry_inconsistent"


@dataclass(frozen=True, slots=True)
class Written:
    """Where a snapshot went."""

    version: int
    expires_at: dt.datetime
    snapshot: Path
    anchor: Path


def build_snapshot(moment: dt.datetime | None = None) -> snapshot.Snapshot:
    """The registry as it stands, unsigned. Raises :class:`RegistryEmpty`, :class:`RegistryInconsistent`."""
    issued_at = (moment or now()).replace(microsecond=0)
    members = models.Member.objects.order_by("identifier")
    if not members:
        raise RegistryEmpty
    table = load_purposes(current().definitions_dir)
    try:
        return snapshot.Snapshot(
            instance=members[0].identifier.split("/")[0],
            version=_next_version(),
            issued_at=issued_at,
            expires_at=issued_at + LIFE,
            members=tuple(snapshot.Member(MemberId.parse(row.identifier), row.name_id) for row in members),
            servers=_servers(),
            subsystems=_subsystems(),
            services=_services(),
            legal_bases=tuple(
                snapshot.LegalBasis(basis.code, basis.citation) for basis in table.legal_bases.values()
            ),
            purposes=tuple(
                snapshot.Purpose(
                    item.code,
                    item.name("id"),
                    item.name("en"),
                    tuple(basis.code for basis in item.legal_bases),
                )
                for item in table.purposes.values()
            ),
            agreements=_agreements(),
        )
    except WireError as error:
        raise RegistryInconsistent(str(error)) from error


def write_snapshot(folder: Path) -> Written:
    """Sign the registry and put it with its anchor into a folder, each file by rename."""
    keys.ensure(KEY_PURPOSE, "Ed25519")
    key = keys.signer(KEY_PURPOSE).private_key
    if not isinstance(key, Ed25519PrivateKey):
        raise keys.WrongAlgorithmError(purpose=KEY_PURPOSE)
    built = build_snapshot()
    name = f"{built.instance}/registry"
    text = snapshot.sign(built, name=name, key=key)
    models.IssuedSnapshot.objects.create(
        version=built.version,
        expires_at=built.expires_at,
        digest=hashlib.sha256(text.encode()).digest(),
        content=content_digest(built),
    )
    anchor = note.verifier_key(name, key.public_key())
    return Written(
        version=built.version,
        expires_at=built.expires_at,
        anchor=_replace(folder / ANCHOR_FILE, anchor.strip() + "\n"),
        snapshot=_replace(folder / SNAPSHOT_FILE, text),
    )


def renew_snapshot(folder: Path) -> Written | None:
    """Write a new snapshot when the last is an hour old, missing, or no longer what the registry says."""
    last = models.IssuedSnapshot.objects.order_by("-version").first()
    fresh = (
        last is not None
        and (folder / SNAPSHOT_FILE).is_file()
        and last.expires_at - LIFE + RENEW_AFTER > now()
        and bytes(last.content) == content_digest(build_snapshot())
    )
    return None if fresh else write_snapshot(folder)


def content_digest(built: snapshot.Snapshot) -> bytes:
    """Digest of everything but version and times: equal when the registry says the same."""
    parts = (
        built.members,
        built.servers,
        built.subsystems,
        built.services,
        built.legal_bases,
        built.purposes,
        built.agreements,
    )
    return hashlib.sha256(repr(parts).encode()).digest()


def _next_version() -> int:
    """Milliseconds, and more than any earlier version even when the clock stepped back."""
    last = models.IssuedSnapshot.objects.order_by("-version").values_list("version", flat=True).first() or 0
    return max(last + 1, int(now().timestamp() * 1000))


def _servers() -> tuple[snapshot.Server, ...]:
    return tuple(
        snapshot.Server(
            ServerId.parse(row.identifier), row.address, tuple(row.tls_certificates), tuple(row.signing_keys)
        )
        for row in models.Server.objects.order_by("identifier")
    )


def _subsystems() -> tuple[snapshot.Subsystem, ...]:
    rows = models.Subsystem.objects.select_related("member").prefetch_related("member__servers")
    return tuple(
        snapshot.Subsystem(
            SubsystemId.parse(row.identifier),
            row.name_id,
            tuple(sorted(ServerId.parse(server.identifier) for server in row.member.servers.all())),
        )
        for row in rows.order_by("identifier")
    )


def _services() -> tuple[snapshot.Service, ...]:
    rows = models.Service.objects.prefetch_related("endpoints").order_by("identifier")
    return tuple(
        snapshot.Service(ServiceId.parse(row.identifier), row.name_id, _endpoints(row.endpoints.all()))
        for row in rows
    )


def _endpoints(rows: Iterable[models.Endpoint]) -> tuple[Endpoint, ...]:
    return tuple(sorted(Endpoint.checked(row.method, row.path) for row in rows))


def _agreements() -> tuple[snapshot.Agreement, ...]:
    zone = ZoneInfo(current().time_zone)
    table = load_purposes(current().definitions_dir).purposes
    rows = models.Agreement.objects.filter(withdrawn_at=None).select_related("client", "service")
    return tuple(
        snapshot.Agreement(
            id=f"{row.document}/{row.purpose}",
            client=SubsystemId.parse(row.client.identifier),
            service=ServiceId.parse(row.service.identifier),
            endpoints=_endpoints(row.endpoints.all()),
            purpose=row.purpose,
            legal_bases=tuple(basis.code for basis in table[row.purpose].legal_bases),
            valid_from=dt.datetime.combine(row.valid_from, dt.time(), zone),
            valid_until=dt.datetime.combine(row.valid_to + dt.timedelta(days=1), dt.time(), zone),
        )
        for row in rows.prefetch_related("endpoints").order_by("document", "purpose")
    )


def _replace(path: Path, text: str) -> Path:
    """Write a file so that a reader sees the old text or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # Gateways may run under another user; nothing in these files is secret.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
