"""Every error with its code and HTTP status, and the sentence that people read."""

from collections import defaultdict
from collections.abc import Iterator

from pendopo.entrypoints.reference.rooms import TOLD_BY_CODE, first_sentence, is_tested_code, room_of, table
from pendopo.foundation.text import table as sentences
from pendopo.kernel.errors import PendopoError

HEAD = f"""# Error codes

{TOLD_BY_CODE}
Machines get a problem document (RFC 9457) with `type` = `urn:pendopo:error:CODE`, `status`, `code` and a
reference; people get the sentence, here in English. A code never changes its meaning; a code that is gone
is not used again.
"""


def page() -> str:
    """Return the page: one table a room, by code."""
    rooms: dict[str, list[type[PendopoError]]] = defaultdict(list)
    for error in all_errors():
        rooms[room_of(error)].append(error)
    english = sentences("en")
    return HEAD + "".join(f"\n## {room}\n\n{_table(rooms[room], english)}" for room in sorted(rooms) if room)


def all_errors() -> list[type[PendopoError]]:
    """Return every error that states its own code, by code; the modules that define them must be loaded."""
    found = {error for error in _below(PendopoError) if "code" in vars(error)}
    return sorted(found, key=lambda one: (one.code, one.__name__))


def _below(parent: type[PendopoError]) -> Iterator[type[PendopoError]]:
    for child in parent.__subclasses__():
        if not is_tested_code(child):
            yield child
        yield from _below(child)


def _table(errors: list[type[PendopoError]], english: dict[str, str]) -> str:
    rows = [
        (f"`{error.code}`", str(error.status), first_sentence(error), _sentence(error, english))
        for error in errors
    ]
    return table(("code", "status", "meaning", "sentence"), rows)


def _sentence(error: type[PendopoError], english: dict[str, str]) -> str:
    """Return the sentence; of those that count something the one for many."""
    return english.get(error.text_key) or english.get(f"{error.text_key}.other", "")
