"""``text/{id,en}.yaml``: every visible sentence of a service, by dotted key."""

import string
from collections.abc import Mapping

from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.yaml_lines import Data, Document, Path

type Texts = Mapping[str, str]


def flatten(document: Document) -> tuple[dict[str, str], list[Fault]]:
    """Return sentences by dotted key, and faults for what is no sentence."""
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    _walk(document, document.data, (), texts, faults)
    return texts, faults


def _walk(document: Document, data: Data, path: Path, texts: dict[str, str], faults: list[Fault]) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            _walk(document, value, (*path, key), texts, faults)
        return
    if not isinstance(data, str) or not data.strip():
        faults.append(document.fault(path, "a sentence in quotes is expected"))
        return
    try:
        parameters(data)
    except ValueError as error:
        faults.append(document.fault(path, f"braces do not match: {error}"))
        return
    texts[".".join(str(part) for part in path)] = data.strip()


def parameters(sentence: str) -> frozenset[str]:
    """Return the names in braces. Raises ValueError when they do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)
