"""Mutual TLS 1.3 between gateways: who is on the other end, decided before a byte is sent.

Both ends present certificates under the exchange's authorities, checked strictly (RFC 5280) on every
Python version. A name in a certificate means nothing here. The asking side refuses a server whose leaf is
not registered for the gateway it dials, inside the handshake; the answering side takes the leaf's hash
from the connection and looks it up for each request, so that a certificate taken from the registry stops
counting on connections that are open.
"""

import ssl
from functools import cached_property
from hashlib import sha256
from typing import override

from aiohttp import web

from pendopo_gateway import logs
from pendopo_gateway.config import Config

type Certificates = frozenset[str]


def server_context(config: Config) -> ssl.SSLContext:
    """TLS for the listener: clients without a certificate of the authorities are dropped."""
    context = _context(ssl.PROTOCOL_TLS_SERVER, config)
    context.sslobject_class = _Accepted
    return context


def client_context(config: Config, certificates: Certificates) -> ssl.SSLContext:
    """TLS for dialling one gateway, whose leaf must be one of the registered ones (hex SHA-256)."""

    class Pinned(ssl.SSLObject):
        """Checks the leaf when the handshake is through, before application data."""

        @override
        def do_handshake(self) -> None:
            super().do_handshake()
            if leaf_hash(self) not in certificates:
                raise ssl.SSLCertVerificationError("the peer's certificate is not the registered one")

    context = _context(ssl.PROTOCOL_TLS_CLIENT, config)
    context.sslobject_class = Pinned
    return context


def leaf_hash(connection: ssl.SSLObject) -> str:
    """Lower-case hex SHA-256 of the other end's leaf certificate; empty when it has none."""
    der = connection.getpeercert(binary_form=True)
    return sha256(der).hexdigest() if der else ""


def peer_certificate(request: web.Request) -> str:
    """Hash of the certificate with which the asking gateway connected; empty when there is none."""
    transport = request.transport
    connection = transport.get_extra_info("ssl_object") if transport else None
    return connection.leaf if isinstance(connection, _Accepted) else ""


class _Accepted(ssl.SSLObject):
    """Says in the log why a handshake failed: the asking side sees a closed connection only."""

    @cached_property
    def leaf(self) -> str:
        """Hash of the certificate shown in the handshake: TLS 1.3 has no other moment to show one."""
        return leaf_hash(self)

    @override
    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            logs.warning("peer.handshake_failed", reason=error.reason or type(error).__name__)
            raise


def _context(protocol: ssl._SSLMethod, config: Config) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(cafile=config.authorities)
    context.load_cert_chain(config.certificate, config.private_key)
    return context
