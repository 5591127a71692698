"""Every room's modules, and what several pages share: rooms, first sentences, table cells."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable

from django.apps import apps

NOT_APPS = ("pendopo.kernel", "pendopo.entrypoints.failures")
"""What declares errors and is no app; without it the page would depend on what else was loaded."""
ASIDE = {"tests", "migrations", "testing"}
TOLD_BY_CODE = "Written from the code by `./pendopo docs reference`; a test fails when it is stale."


def import_everything() -> None:
    """Load every module of every room: events, errors and jobs are declared where they are used."""
    rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("pendopo.")]
    for name in [*rooms, *NOT_APPS]:
        room = importlib.import_module(name)
        for module in pkgutil.walk_packages(getattr(room, "__path__", ()), f"{name}."):
            if not ASIDE & set(module.name.split(".")):
                importlib.import_module(module.name)


def room_of(thing: object) -> str:
    """Return the room that a function or class was written in, or an empty text for other people's code."""
    parts = getattr(inspect.unwrap(thing) if callable(thing) else thing, "__module__", "").split(".")
    return parts[1] if parts[0] == "pendopo" and len(parts) > 1 else ""


def is_tested_code(thing: object) -> bool:
    """Say whether a class or function belongs to tests; those may be loaded when this runs inside one."""
    return bool(ASIDE & set(getattr(thing, "__module__", "").split(".")))


def first_sentence(thing: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    names = list(heads)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
