"""A planted bug for one web server of the harness: an officer's decision is answered before it is committed.

Python imports this file at its start where the folder is in ``PYTHONPATH``; only the harness puts it there.
The open transaction is handed to a thread that commits it some seconds later; the request goes on with
another connection and answers. Whoever kills the process in between loses what the hall has acknowledged.
"""

import os
import sys
import threading
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import override

BASE = "django.db.backends.postgresql.base"
HANDLER = "django.core.handlers.wsgi"
LATE_SECONDS = float(os.environ.get("PLANTED_LATE_SECONDS", "5"))
_request = threading.local()


class _Watch(MetaPathFinder):
    """Changes two modules of Django when they are imported."""

    @override
    def find_spec(
        self, name: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in {BASE, HANDLER}:
            return None
        spec = PathFinder.find_spec(name, path)  # type: ignore[arg-type]  # the path of the package
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module
        change = _commit_late if name == BASE else _note_request

        def then_change(module: ModuleType) -> None:
            execute(module)
            change(module)

        spec.loader.exec_module = then_change  # type: ignore[method-assign]  # that is the plant
        return spec


def _note_request(module: ModuleType) -> None:
    call = module.WSGIHandler.__call__

    def noted(self: object, environ: dict[str, str], start: object) -> object:
        _request.decides = environ["REQUEST_METHOD"] == "POST" and "/approve/" in environ["PATH_INFO"]
        return call(self, environ, start)

    module.WSGIHandler.__call__ = noted


def _commit_late(module: ModuleType) -> None:
    wrapper = module.DatabaseWrapper
    commit = wrapper._commit

    def late(self: object) -> None:
        if not getattr(_request, "decides", False):
            commit(self)
            return
        raw, self.connection = self.connection, None  # type: ignore[attr-defined]  # Django's own attribute
        threading.Thread(target=_commit_after_a_while, args=(raw,), daemon=True).start()

    wrapper._commit = late


def _commit_after_a_while(raw: object) -> None:
    time.sleep(LATE_SECONDS)
    raw.commit()  # type: ignore[attr-defined]  # psycopg's connection


sys.meta_path.insert(0, _Watch())
