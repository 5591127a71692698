"""The registry snapshot that this gateway believes: read from a file, taken anew when the file changes.

A file that is not signed by the anchor, contradicts itself or is older than what is held is left alone
and reported; the held snapshot stays until it expires. An expired snapshot is as good as none. A restart
forgets the held version: how old a registry can be played back is bounded by its expiry.
"""

from datetime import UTC, datetime
from pathlib import Path

from pendopo_gateway import logs
from pendopo_wire.errors import WireError
from pendopo_wire.note import Verifier
from pendopo_wire.snapshot import Snapshot


class Registry:
    """Holds the newest good snapshot."""

    def __init__(self, path: Path, anchor: Verifier) -> None:
        self._path = path
        self._anchor = anchor
        self._seen: tuple[int, int, int] | None = None
        self._held: Snapshot | None = None

    def current(self) -> Snapshot | None:
        """The snapshot to go by, or ``None`` when there is none in force."""
        held = self._held
        return held if held is not None and held.is_current(datetime.now(UTC)) else None

    def refresh(self) -> None:
        """Look at the file and take it when it changed and is good."""
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            if seen == self._seen:
                return
            self._seen = seen
            self._take(Snapshot.load(self._path.read_text(encoding="utf-8"), self._anchor))
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError, WireError) as error:
            logs.warning("registry.refused", reason=str(error))

    def _take(self, snapshot: Snapshot) -> None:
        if self._held is not None and snapshot.version < self._held.version:
            logs.warning("registry.refused", reason="older than the one held", version=snapshot.version)
            return
        self._held = snapshot
        logs.info("registry.taken", version=snapshot.version, expires_at=snapshot.expires_at.isoformat())
