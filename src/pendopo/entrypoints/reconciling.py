"""Do hall and register still speak of the same commands? Asked after a restore that took them from two times.

Both sides are read by the key of each command, which holds a case's id and the number of a child, nothing
personal. What follows for each state:

* pending in the hall, answered by the register: the hall sends the same key again and gets the same answer;
* pending in the hall, unknown to the register: on its way;
* done and answered: agreed;
* done in the hall, unknown to the register: **lost in the register**, which is older than the hall: a
  certificate is out and no entry stands behind it;
* unknown to the hall, answered by the register: the hall is older: an entry stands and no case behind it;
* rejected: an officer has the case already.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from pendopo.entrypoints.instants import one_instant

HALL = "SELECT key, state FROM casework_registercommand"
REGISTER = "SELECT key, status FROM registers_command WHERE client = %s"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Keys of commands by what follows from them, each sorted."""

    agreed: int
    sent_again: tuple[str, ...]
    on_their_way: tuple[str, ...]
    lost_in_register: tuple[str, ...]
    unknown_to_hall: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nobody has to do anything."""
        return not self.lost_in_register and not self.unknown_to_hall


def reconcile(urls: Mapping[str, str], client: str) -> Agreement:
    """Compare the databases ``hall`` and ``population``; ``client`` is the hall's name in the exchange."""
    with one_instant(urls) as instant:
        hall = _read(instant.connections["hall"], HALL)
        register = _read(instant.connections["population"], REGISTER, client)
    return compare(hall, register)


def compare(hall: Mapping[str, object], register: Mapping[str, object]) -> Agreement:
    """Sort the keys of both sides; ``hall`` gives states, ``register`` the status of its answer."""

    def keys(state: str, *, answered: bool) -> tuple[str, ...]:
        return tuple(sorted(key for key in hall if hall[key] == state and (key in register) is answered))

    return Agreement(
        agreed=len(keys("done", answered=True)),
        sent_again=keys("pending", answered=True),
        on_their_way=keys("pending", answered=False),
        lost_in_register=keys("done", answered=False),
        unknown_to_hall=tuple(sorted(register.keys() - hall.keys())),
    )


def _read(connection: psycopg.Connection, query: str, *values: str) -> dict[str, object]:
    return {str(key): value for key, value in connection.execute(query, values).fetchall()}
