"""Addresses of built assets: the build writes ``manifest.json``, which maps names to hashed files."""

import json
from functools import cache
from pathlib import Path

BUILD = Path(__file__).parents[1] / "ui" / "static" / "build"


class AssetsNotBuiltError(RuntimeError):
    """The manifest is missing or lacks a file; ``./pendopo up`` builds the assets."""


@cache
def manifest() -> dict[str, str]:
    """Return asset name → hashed file name below the build folder."""
    path = BUILD / "manifest.json"
    if not path.is_file():
        message = f"{path} is missing; run ./pendopo assets"
        raise AssetsNotBuiltError(message)
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def address(name: str) -> str:
    """Return the public address of an asset such as ``ui/style.css``."""
    try:
        return "/static/" + manifest()[name]
    except KeyError as error:
        message = f"{name} is not in the asset manifest; run ./pendopo assets"
        raise AssetsNotBuiltError(message) from error
