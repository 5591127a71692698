"""Visible text: one YAML table a room and language, ``<room>/text/id.yaml`` and ``en.yaml``.

Keys are nested by dots and begin with the room's name. Indonesian is the source; a key that English
lacks falls back to Indonesian and is found by a test. Values are ``str.format`` templates; ``one``/``other``
below a key choose by the parameter ``n``.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml
from django.apps import apps

LANGUAGES = ("id", "en")
PACKAGE = Path(__file__).parents[1]
PURE_ROOMS = ("kernel", "rules")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reading ten times as fast, where PyYAML was built with libyaml: each process reads all tables."""


class MissingTextError(LookupError):
    """No language has the key."""


def _flatten(prefix: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _flatten(f"{prefix}.{key}", below)
    else:
        yield prefix, str(value)


def read_table(path: Path, room: str) -> dict[str, str]:
    """Return the flat keys of one file, each beginning with the room's name."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), _LOADER) or {}  # noqa: S506  # both are the safe one
    return dict(_flatten(room, loaded))


def _installed() -> dict[str, Path]:
    return {config.label: Path(config.path) for config in apps.get_app_configs()}


def _all() -> dict[str, Path]:
    return {path.parent.name: path.parent for path in PACKAGE.glob("*/text")}


@cache
def table(language: str) -> dict[str, str]:
    """Return all installed rooms' text in one language; every room's where Django has not started."""
    rooms = {name: PACKAGE / name for name in PURE_ROOMS}
    rooms |= _installed() if apps.apps_ready else _all()
    merged: dict[str, str] = {}
    for room, folder in rooms.items():
        path = folder / "text" / f"{language}.yaml"
        if path.is_file():
            merged |= read_table(path, room)
    return merged


def has_text(key: str, language: str = "id") -> bool:
    """Say whether the key exists in the language."""
    return key in table(language) or f"{key}.other" in table(language)


def t(key: str, lang: str = "id", /, **parameters: object) -> str:
    """Return the sentence for ``key``; raise :class:`MissingTextError` when no language has it."""
    chosen = key
    if "n" in parameters and f"{key}.other" in table("id"):
        chosen = f"{key}.one" if parameters["n"] == 1 and f"{key}.one" in table(lang) else f"{key}.other"
    for language in (lang, *LANGUAGES):
        template = table(language).get(chosen)
        if template is not None:
            return template.format_map(parameters) if parameters else template
    raise MissingTextError(key)
