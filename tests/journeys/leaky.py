"""The hall with a leak planted in front of it: what the isolation race has to catch. No product code is here.

``PENDOPO_PLANTED_LEAK=cache``: answers are kept by address, without the person in the key.
``PENDOPO_PLANTED_LEAK=global``: who is calling is kept in a variable that all threads share.
"""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from pendopo.entrypoints.wsgi import application as hall

type Start = Callable[..., Any]

_kept: dict[str, tuple[str, list[tuple[str, str]], list[bytes]]] = {}
_caller = {"cookie": ""}


def _cached(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path not in _kept:
        said: list[Any] = []

        def note(
            status: str, headers: list[tuple[str, str]], _error: Any = None
        ) -> Callable[[bytes], object]:
            said[:] = [status, headers]
            return lambda _part: None

        body = list(hall(environ, note))
        _kept[path] = (said[0], said[1], body)
    status, headers, body = _kept[path]
    start(status, headers)
    return body


def _shared(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    _caller["cookie"] = environ.get("HTTP_COOKIE", "")
    time.sleep(0.001)
    return hall(environ | {"HTTP_COOKIE": _caller["cookie"]}, start)


application = {"cache": _cached, "global": _shared}[os.environ["PENDOPO_PLANTED_LEAK"]]
