"""Addresses of built assets: the build writes ``manifest.json``, which maps names to hashed files."""

import json
from functools import lru_cache
from pathlib import Path

BUILD = Path(__file__).parents[1] / "ui" / "static" / "build"


class AssetsNotBuiltError(RuntimeError):
    """The manifest is missing or lacks a file; ``./pendopo up`` builds the assets."""


def manifest() -> dict[str, str]:
    """Return asset name → hashed file name below the build folder; a rebuild is noticed at once."""
    path = BUILD / "manifest.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError as error:
        message = f"{path} is missing; run ./pendopo assets"
        raise AssetsNotBuiltError(message) from error
    return _read(path, changed)


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> dict[str, str]:  # noqa: ARG001  # the time is the cache's key
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def address(name: str) -> str:
    """Return the public address of an asset such as ``ui/style.css``."""
    try:
        return "/static/" + manifest()[name]
    except KeyError as error:
        message = f"{name} is not in the asset manifest; run ./pendopo assets"
        raise AssetsNotBuiltError(message) from error
