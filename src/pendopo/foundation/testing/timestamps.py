"""A real time-stamping authority inside a test, known to the settings while it runs."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pendopo.foundation.settings import current
from pendopo_partners.authority import Authority
from pendopo_partners.timestamps import Server


@dataclass(frozen=True, slots=True)
class Tsa:
    """One that runs: its address, its authority, and the folder where orders are left."""

    url: str
    authority: Authority
    folder: Path

    def order(self, answer: str) -> None:
        """Make it misbehave; the words are those of ``pendopo_partners.timestamps``."""
        (self.folder / "answer").write_text(answer)

    def behave(self) -> None:
        """Let it work again."""
        (self.folder / "answer").unlink(missing_ok=True)


@contextmanager
def running(authority: Authority, folder: Path, port: int = 0) -> Iterator[Tsa]:
    """Serve on loopback and yield; the settings of this process name it inside the block."""
    server = Server(("127.0.0.1", port), authority, folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        with configured(url, authority):
            yield Tsa(url, authority, folder)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def configured(url: str, authority: Authority) -> Iterator[None]:
    """Name an address as the authority inside the block, whether anybody answers there or not."""
    values = {"PENDOPO_TSA_URL": url, "PENDOPO_TSA_TRUST_FILE": str(authority.root_file)}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    current.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        current.cache_clear()
