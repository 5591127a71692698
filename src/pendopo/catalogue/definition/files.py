"""The files of a definition as text, whether they lie in a folder or in a published version."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pendopo.catalogue.definition.base import LANGUAGES
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.errors import DefinitionInvalid
from pendopo_wire import canonical

type Files = Mapping[str, str]
"""Text by path relative to the definition, with forward slashes, in the order of the paths."""

PARTS: Final = ("service.yaml", "data.yaml", "pages.yaml", "evidence.yaml", "flow.yaml")
"""Files that every definition has, beside its texts."""

TEXTS: Final = tuple(f"text/{language}.yaml" for language in LANGUAGES)

LARGEST_FILE: Final = 512 * 1024
MOST_FILES: Final = 200
DEPTH: Final = 2
"""A folder and a file: definitions are no deeper."""

_FOLDERS: Final = {
    "tables": (".csv",),
    "outputs": (".typ", ".yaml"),
    "text": (".yaml",),
    "tests": (".yaml",),
}


def read_folder(folder: Path) -> Files:
    """Read a definition folder. Raises DefinitionInvalid for files that have no business there."""
    if not (folder / "service.yaml").is_file():
        raise DefinitionInvalid((Fault(str(folder / "service.yaml"), 0, "", "there is no such file"),))
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith("."):
            continue
        name = path.relative_to(folder).as_posix()
        reason = _refusal(path, name)
        if reason:
            faults.append(Fault(name, 0, "", reason))
            continue
        try:
            found[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            faults.append(Fault(name, 0, "", "not UTF-8 text"))
    faults.extend(
        Fault(name, 0, "", "this file is missing") for name in (*PARTS, *TEXTS) if name not in found
    )
    if len(found) > MOST_FILES:
        faults.append(Fault("", 0, "", f"more than {MOST_FILES} files"))
    if faults:
        raise DefinitionInvalid(tuple(faults))
    return found


def _refusal(path: Path, name: str) -> str:
    parts = name.split("/")
    belongs = name in PARTS or (len(parts) == DEPTH and path.suffix in _FOLDERS.get(parts[0], ()))
    if path.is_symlink():
        return "links are not allowed"
    if not belongs:
        return "this file has no place in a definition"
    if path.stat().st_size > LARGEST_FILE:
        return f"larger than {LARGEST_FILE} bytes"
    return ""


def manifest(files: Files) -> bytes:
    """Return the canonical list of paths and SHA-256 hashes: what is hashed and signed for a version."""
    entries = [[name, hashlib.sha256(files[name].encode()).hexdigest()] for name in sorted(files)]
    return canonical.dumps(entries)


def digest(files: Files) -> str:
    """Return the hash of a version: SHA-256 of its manifest, in hexadecimal."""
    return hashlib.sha256(manifest(files)).hexdigest()


def named(files: Files, folder: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of the files in one folder."""
    yield from ((name, text) for name, text in files.items() if name.startswith(f"{folder}/"))
