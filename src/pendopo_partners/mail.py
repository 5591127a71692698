"""An SMTP server that delivers to a folder.

``python -m pendopo_partners.mail --listen 127.0.0.1:2525 --folder DIR``

Every message becomes one ``.eml`` file, written whole before the sender hears ``250``. It can misbehave on
command: a file ``DIR/answer`` with an SMTP answer in it (``451 4.3.0 try later``) makes it give that answer
instead of taking the message, until the file is gone.
"""

import argparse
import asyncio
import datetime as dt
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session

from pendopo_partners import refuse_production

SIZE_LIMIT = 10_000_000
ACCEPTED = "250 2.0.0 taken"


@dataclass(frozen=True, slots=True)
class Folder:
    """The handler that aiosmtpd calls; ``path`` must exist."""

    path: Path

    async def handle_DATA(  # noqa: N802  # aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Store the message, or give the answer that was ordered."""
        ordered = self.path / "answer"
        if ordered.exists():
            return ordered.read_text().strip()
        content = envelope.original_content or b""
        await asyncio.to_thread(self._store, _with_envelope(content, envelope))
        return ACCEPTED

    def _store(self, message: bytes) -> None:
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        final = self.path / f"{stamp}-{uuid4().hex[:8]}.eml"
        half = final.with_suffix(".half")
        with half.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        half.rename(final)


def _with_envelope(content: bytes, envelope: Envelope) -> bytes:
    """Note the envelope in front: sender and receivers of a message need not stand in its own headers."""
    lines = [f"X-Envelope-From: {envelope.mail_from}", *(f"X-Envelope-To: {to}" for to in envelope.rcpt_tos)]
    return "".join(f"{line}\r\n" for line in lines).encode() + content


async def serve(host: str, port: int, folder: Path) -> None:
    """Take mail until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    handler = Folder(folder)
    server = await loop.create_server(
        lambda: SMTP(
            handler, hostname="mail.contoh", ident="CONTOH", data_size_limit=SIZE_LIMIT, enable_SMTPUTF8=True
        ),
        host,
        port,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


def main() -> None:
    """Read the command line and serve."""
    refuse_production()
    parser = argparse.ArgumentParser(
        prog="pendopo_partners.mail", description="SMTP server that keeps mail in a folder"
    )
    parser.add_argument("--listen", required=True, metavar="HOST:PORT")
    parser.add_argument("--folder", required=True, type=Path)
    options = parser.parse_args()
    host, _, port = options.listen.rpartition(":")
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(serve(host, int(port), options.folder))


if __name__ == "__main__":
    main()
