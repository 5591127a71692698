"""Every address with who may call it, and every permission with the addresses that ask for it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from pendopo.agencies.permissions import Permission
from pendopo.entrypoints.reference.rooms import TOLD_BY_CODE, first_sentence, room_of, table
from pendopo.foundation.http import Access, Audience, access_of

HEAD = f"""# Routes

{TOLD_BY_CODE}
`person` is somebody signed in, `officer` somebody signed in who works in a post; the level is the lowest
level of sign-in, the permission is asked of the post. A `service` brings a bearer of its own. Pages stand
under the addresses below in Indonesian and under `/en/` in English. What is not listed answers 404; a view
that states nothing is refused.
"""
PERMISSIONS_HEAD = f"""# Permissions

{TOLD_BY_CODE}
A post carries permissions, each named `scope:resource:action`. A permission opens nothing across bodies:
rows are also limited to the body of the post, and the action behind a page checks again.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """One address as the URL table has it."""

    address: str
    room: str
    summary: str
    access: Access | None


def table_of_routes() -> list[Route]:
    """Return every address of the profile that Django is set up with, by address."""
    return sorted(_routes(get_resolver()), key=lambda route: route.address)


def page() -> str:
    """Return the page: one table a room."""
    rooms: dict[str, list[Route]] = defaultdict(list)
    for route in table_of_routes():
        rooms[route.room].append(route)
    return HEAD + "".join(f"\n## {room}\n\n{_table(rooms[room])}" for room in sorted(rooms))


def permissions_page() -> str:
    """Return the page of permissions; one that no address asks for says so."""
    asked: dict[str, list[str]] = defaultdict(list)
    for route in table_of_routes():
        if route.access and route.access.permission:
            asked[route.access.permission].append(f"`{route.address}`")
    rows = [(f"`{one.value}`", ", ".join(asked[one.value]) or "no page; actions only") for one in Permission]
    return f"{PERMISSIONS_HEAD}\n{table(('permission', 'asked at'), rows)}"


def _routes(resolver: URLResolver, prefix: str = "/") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        address = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            view = entry.callback
            room = room_of(view)  # a REST operation is the library's own object: its document tells the rest
            yield Route(
                address, room or "REST interfaces", first_sentence(view) if room else "", access_of(view)
            )
        else:
            yield from _routes(entry, address)


def _table(routes: list[Route]) -> str:
    return table(
        ("address", "who", "what it does, and why no session is asked"),
        [(f"`{route.address}`", _who(route.access), _about(route)) for route in routes],
    )


def _who(access: Access | None) -> str:
    if access is None:
        return "nobody"
    needs = [access.audience.value]
    if access.audience in {Audience.PERSON, Audience.OFFICER}:
        needs.append(f"level {access.assurance}")
    if access.permission:
        needs.append(f"`{access.permission}`")
    return ", ".join(needs)


def _about(route: Route) -> str:
    reason = route.access.reason if route.access else ""
    return " ".join(filter(None, [route.summary, f"({reason})" if reason else ""]))
