"""Database helpers: advisory locks, the connection's URL, whether a pooled connection lives."""

import hashlib
import select
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection, transaction
from psycopg_pool import ConnectionPool


class NoTransactionError(RuntimeError):
    """A transaction-scoped helper was called outside a transaction."""


FRESH_SECONDS = 10.0
_last_looked: WeakKeyDictionary[psycopg.Connection[Any], float] = WeakKeyDictionary()


def still_open(pooled: "psycopg.Connection[Any]") -> None:
    """Raise ``OperationalError`` for a pooled connection that died, so that the pool replaces it.

    A server that ends, or ends the connection, has closed it: then there is something to read where nobody
    asked. Only such a connection, and one that was not handed out for a while (a network may forget it in
    silence), is asked a question, which costs both sides as much as reading a row.
    """
    moment = time.monotonic()
    fresh = moment - _last_looked.get(pooled, -FRESH_SECONDS) < FRESH_SECONDS
    _last_looked[pooled] = moment
    waiting = select.poll()
    waiting.register(pooled.fileno(), select.POLLIN)
    if not fresh or waiting.poll(0):
        ConnectionPool.check_connection(pooled)


def lock(name: str) -> None:
    """Hold an exclusive advisory lock until the surrounding transaction ends.

    Blocks while another transaction holds it. Raises :class:`NoTransactionError` without a transaction,
    where the lock would be released at once.
    """
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(name)])


def try_lock(name: str) -> bool:
    """Take the lock if it is free; say whether it was."""
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(name)])
        row = cursor.fetchone()
    return bool(row and row[0])


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise NoTransactionError


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def django_options(url: str) -> dict[str, object]:
    """Translate a ``postgresql://`` URL (socket directories in ``?host=``) to Django's words."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(query.get("port", [parts.port or ""])[0]),
    }
