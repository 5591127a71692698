"""HTTP as the gateway sends it: nothing added, nothing followed, nothing decoded, everything bounded.

Two clients, one for peers (mutual TLS, pinned) and one for the information systems that this gateway
serves. Both keep connections alive. A failure says whether anything may have reached the other side.
"""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import aiohttp
import msgspec
from yarl import URL

from pendopo_gateway import tls
from pendopo_gateway.config import Config
from pendopo_wire.signatures import Header
from pendopo_wire.snapshot import Server

_AUTOMATIC_HEADERS = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_CHUNK = 65_536
_IDLE_SECONDS = 15.0
_MOST_CONNECTIONS = 256


class NotSentError(Exception):
    """No connection: the other side has seen nothing."""


class AnswerLostError(Exception):
    """The message went out; no whole answer came back."""


class AnswerLateError(AnswerLostError):
    """The answer did not come in time."""


class AnswerTooLargeError(AnswerLostError):
    """The answer is longer than the limit."""


class Message(msgspec.Struct, frozen=True):
    """What is to be sent. ``uri`` is taken literally, its percent-encoding included."""

    method: str
    uri: str
    headers: Sequence[Header]
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    headers: tuple[Header, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a connection and a whole exchange may take, and how large an answer may be."""

    connect_seconds: float
    seconds: float
    body_bytes: int


class Client:
    """A pool of kept-alive connections with one set of bounds."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, keepalive_timeout=_IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_AUTOMATIC_HEADERS,
            timeout=aiohttp.ClientTimeout(total=bounds.seconds, sock_connect=bounds.connect_seconds),
        )

    async def send(self, message: Message, context: ssl.SSLContext | None = None) -> Answer:
        """Send a message and read the whole answer. Raises ``NotSentError`` or an ``AnswerLostError``."""
        try:
            async with self._session.request(
                message.method,
                URL(message.uri, encoded=True),
                headers=list(message.headers),
                data=message.body or None,
                ssl=context or True,
                allow_redirects=False,
            ) as response:
                return Answer(response.status, tuple(response.headers.items()), await self._read(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(type(error).__name__) from error
        except TimeoutError as error:
            raise AnswerLateError from error
        except (aiohttp.ClientError, OSError) as error:
            raise AnswerLostError(type(error).__name__) from error

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        if (length := response.content_length) is not None and length <= self._bounds.body_bytes:
            return await response.read()
        parts, size = [], 0
        async for part in response.content.iter_chunked(_CHUNK):
            size += len(part)
            if size > self._bounds.body_bytes:
                raise AnswerTooLargeError
            parts.append(part)
        return b"".join(parts)


class PeerClient:
    """Sends to other gateways; one TLS context for each set of certificates that a gateway may show."""

    def __init__(self, config: Config) -> None:
        limits = config.limits
        self._config = config
        self._client = Client(Bounds(limits.peer_connect_seconds, limits.peer_seconds, limits.body_bytes))
        self._contexts: dict[tuple[str, ...], ssl.SSLContext] = {}

    async def send(self, server: Server, message: Message) -> Answer:
        """Send to a gateway; the connection is made only if its certificate is the registered one."""
        return await self._client.send(message, self._context(server))

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    def _context(self, server: Server) -> ssl.SSLContext:
        key = (str(server.id), *server.tls_certificates)
        if key not in self._contexts:
            self._contexts[key] = tls.client_context(self._config, frozenset(server.tls_certificates))
        return self._contexts[key]


@dataclass(frozen=True, slots=True)
class Clients:
    """Both clients of a gateway."""

    peers: PeerClient
    services: Client

    @classmethod
    def of(cls, config: Config) -> Self:
        """Make both; needs a running event loop."""
        limits = config.limits
        bounds = Bounds(limits.service_connect_seconds, limits.service_seconds, limits.body_bytes)
        return cls(PeerClient(config), Client(bounds))

    async def close(self) -> None:
        """Close both."""
        await asyncio.gather(self.peers.close(), self.services.close())
