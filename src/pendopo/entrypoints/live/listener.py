"""Hears ``NOTIFY cabinet_live`` and wakes the hub; comes back by itself when the database was away."""

import asyncio
from uuid import UUID

import psycopg
from django.db import connections

from pendopo.cabinet.actions.live import CHANNEL
from pendopo.entrypoints.live.hub import Hub
from pendopo.foundation.logs import get

AGAIN_SECONDS = 1.0

log = get(__name__)


class Listener:
    """One connection that only listens."""

    def __init__(self, hub: Hub) -> None:
        """Listen for a hub."""
        self.hub = hub
        self.hears = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("live_listener_lost", reason=type(error).__name__)
            self.hears.clear()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(_address(), autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.hears.set()
            self.hub.wake(None)  # whatever happened while nobody listened
            async for notice in connection.notifies():
                self.hub.wake(_session_of(notice.payload))


def _address() -> str:
    """Return where the rows are that are read here; by Django's word, which tests change."""
    known = connections["default"].settings_dict
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {names[key]: known[key] for key in names if known.get(key)}
    options = {key: value for key, value in known["OPTIONS"].items() if isinstance(value, str)}
    return psycopg.conninfo.make_conninfo("", **given, **options)


def _session_of(payload: str) -> UUID | None:
    """Read ``<session> <seq>``; for anything else every session is looked at."""
    try:
        return UUID(payload.partition(" ")[0])
    except ValueError:
        return None
