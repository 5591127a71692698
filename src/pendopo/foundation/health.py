"""``/livez``: this process answers. ``/readyz``: it can also do its work."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from pendopo.foundation import outbox
from pendopo.foundation.clock import now
from pendopo.foundation.crypto import SealBrokenError, derived_key
from pendopo.foundation.http import Audience, access

LONGEST_OUTBOX_WAIT = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold before work is sent here; ``probe`` returns a reason, or None when well."""

    name: str
    probe: Callable[[], str | None]


def _database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "the database does not answer"
    return None


def _migrations() -> str | None:
    try:
        waiting = sorted(_of_this_release() - set(MigrationRecorder(connection).applied_migrations()))
    except DatabaseError:
        return "the database does not answer"
    if not waiting:
        return None
    first, *others = (".".join(one) for one in waiting)
    return f"{len(waiting)} migrations wait: {first}{' …' if others else ''}"


@cache
def _of_this_release() -> frozenset[tuple[str, str]]:
    """Read what this process needs from its files, once: a process never learns a newer migration."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _root_key() -> str | None:
    try:
        derived_key("health")
    except (OSError, SealBrokenError):
        return "the root key cannot be read"
    return None


_checks = [Check("database", _database), Check("migrations", _migrations), Check("root-key", _root_key)]


def register_check(name: str, probe: Callable[[], str | None]) -> None:
    """Add a room's own condition for readiness."""
    _checks.append(Check(name, probe))


def _outbox_age() -> float:
    since = outbox.waiting_since()
    return 0.0 if since is None else (now() - since).total_seconds()


@access(Audience.PUBLIC, reason="supervisors ask without a session; the answer holds no data")
def livez(_request: HttpRequest) -> HttpResponse:
    """Answer as long as the process runs."""
    return JsonResponse({"status": "ok"})


@access(Audience.PUBLIC, reason="supervisors ask without a session; the answer holds names of checks only")
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when every check is well, else 503 with the reasons."""
    results = {check.name: check.probe() for check in _checks}
    broken = {name: reason for name, reason in results.items() if reason}
    body: dict[str, object] = {
        "status": "unready" if broken else "ok",
        "checks": {name: reason or "ok" for name, reason in results.items()},
    }
    if "database" not in broken and "migrations" not in broken:
        body["outbox_oldest_seconds"] = round(_outbox_age(), 1)
    return JsonResponse(body, status=503 if broken else 200)
