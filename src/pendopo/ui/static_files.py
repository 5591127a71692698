"""Serves the built assets: names that carry their hash, so a browser may keep them for good.

The build is small (a few style sheets, icons, scripts of sign-in), so it is read into memory once and read
again when the build writes a new manifest. Only names that the manifest lists are answered: no path of the
file system is ever made from an address. A proxy in front may serve ``ui/static/build`` itself; this is the
answer without one.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.http import HttpRequest, HttpResponse

from pendopo.foundation.static import BUILD

type Handler = Callable[[HttpRequest], HttpResponse]

PREFIX = "/static/"
FOR_GOOD = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/vnd.microsoft.icon",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
# In the order in which we would rather answer.
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file: its type, its bytes, and the same bytes compressed, by content coding."""

    media_type: str
    body: bytes
    compressed: dict[str, bytes]

    def best(self, accepted: str) -> tuple[str, bytes]:
        """Return content coding ("" for none) and body for an ``Accept-Encoding`` (RFC 9110, 12.5.3)."""
        wanted = _accepted_codings(accepted)
        for coding, body in self.compressed.items():
            if coding in wanted:
                return coding, body
        return "", self.body


def _accepted_codings(header: str) -> set[str]:
    accepted = set()
    for part in header.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        refused = any(p.replace(" ", "").rstrip("0").rstrip(".") in {"q=", "q=0"} for p in parameters)
        if coding and not refused:
            accepted.add(coding)
    return accepted


def _read(path: Path) -> Asset:
    compressed = {
        coding: beside.read_bytes()
        for coding, ending in ENCODINGS
        if (beside := path.with_name(path.name + ending)).is_file()
    }
    return Asset(TYPES.get(path.suffix, "application/octet-stream"), path.read_bytes(), compressed)


class Shelf:
    """The assets of one build folder, by hashed name; follows a rebuild."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet: the folder may be built later."""
        self.folder = folder
        self._assets: dict[str, Asset] = {}
        self._read_at = 0
        self._lock = Lock()

    def asset(self, name: str) -> Asset | None:
        """Return a built file, or None when no build lists the name."""
        manifest = self.folder / "manifest.json"
        try:
            changed = manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if changed != self._read_at:
            with self._lock:
                names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
                self._assets = {built: _read(self.folder / built) for built in names.values()}
                self._read_at = changed
        return self._assets.get(name)


class StaticFilesMiddleware:
    """Answers ``/static/…`` before sessions, languages and databases are looked at."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler; the shelf is filled at the first request."""
        self.get_response = get_response
        self.shelf = Shelf(BUILD)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer an asset, or hand on."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        return self._answer(request, request.path_info.removeprefix(PREFIX))

    def _answer(self, request: HttpRequest, name: str) -> HttpResponse:
        asset = self.shelf.asset(name)
        if asset is None:
            return HttpResponse("not found\n", status=404, content_type="text/plain; charset=utf-8")
        coding, body = asset.best(request.headers.get("Accept-Encoding", ""))
        response = HttpResponse(b"" if request.method == "HEAD" else body, content_type=asset.media_type)
        response["Content-Length"] = str(len(body))
        response["Cache-Control"] = FOR_GOOD
        response["Vary"] = "Accept-Encoding"
        response["X-Content-Type-Options"] = "nosniff"
        if coding:
            response["Content-Encoding"] = coding
        return response
