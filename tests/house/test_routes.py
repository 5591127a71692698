"""Every address states who may call it; the whole table is a snapshot, so none appears unseen."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from pendopo.foundation.http import Audience, access_of

SNAPSHOT = Path(__file__).with_name("routes.txt")


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback
        else:
            yield from _patterns(entry, prefix + str(entry.pattern))


def _table() -> list[str]:
    lines = []
    for route, view in _patterns(get_resolver()):
        stated = access_of(view)
        if stated is None:
            lines.append(f"/{route}  UNSTATED")
            continue
        needs = [stated.audience.value]
        if stated.audience in {Audience.PERSON, Audience.OFFICER}:
            needs.append(f"level {stated.assurance}")
        if stated.permission:
            needs.append(stated.permission)
        lines.append(f"/{route}  {' · '.join(needs)}")
    return sorted(lines)


def test_every_route_states_who_may_call_it() -> None:
    assert [line for line in _table() if line.endswith("UNSTATED")] == []


def test_the_route_table_is_the_one_that_was_reviewed() -> None:
    table = "\n".join(_table()) + "\n"
    if os.environ.get("PENDOPO_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(table)
    assert table == SNAPSHOT.read_text(), "read the difference, then run with PENDOPO_UPDATE_SNAPSHOTS=1"
