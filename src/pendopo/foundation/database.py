"""Database helpers that need a transaction: advisory locks and the connection's URL."""

import hashlib
from urllib.parse import parse_qs, unquote, urlsplit

from django.db import connection, transaction


class NoTransactionError(RuntimeError):
    """A transaction-scoped helper was called outside a transaction."""


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
