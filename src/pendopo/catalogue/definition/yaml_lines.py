"""YAML with line numbers, and less of YAML than YAML allows.

Only ``true`` and ``false`` are booleans (a choice may be called ``no``), only ISO dates are dates, a time
such as ``10:30`` stays text. No anchors, no tags, no key twice: each would let a reviewer read another thing
than the machine.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final

import yaml

from pendopo.catalogue.definition.faults import Fault

type Data = str | int | bool | dt.date | list["Data"] | dict[str, "Data"] | None
type Path = tuple[str | int, ...]

# libyaml reads ten times as fast; the wheels of PyYAML carry it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER: Final = re.compile(r"^-?(0|[1-9][0-9]*)$")
_DATE: Final = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_MOMENT: Final = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Document:
    """A file as plain data, with the line of each value."""

    file: str
    data: Data = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of the value at ``path``, or of its nearest parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, message: str) -> Fault:
        """Make a fault at a value."""
        return Fault(self.file, self.line(path), ".".join(str(part) for part in path), message)


def read(file: str, text: str) -> Document:
    """Read a document. Faults are collected in the result, never raised."""
    document = Document(file)
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "unreadable"
        document.faults.append(Fault(file, mark.line + 1 if mark else 0, "", f"not YAML: {problem}"))
        return document
    if re.search(r"(?m)^[^#\"']*[:\-]\s+[&*][A-Za-z]", text):
        document.faults.append(Fault(file, 0, "", "anchors and aliases are not allowed"))
        return document
    if node is not None:
        document.data = _convert(document, node, ())
    return document


def _convert(document: Document, node: yaml.Node, path: Path) -> Data:
    document.lines[path] = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            return _mapping(document, node, path)
        case yaml.SequenceNode():
            return [_convert(document, item, (*path, index)) for index, item in enumerate(node.value)]
        case yaml.ScalarNode():
            return _scalar(document, node, path)
        case _:
            document.faults.append(document.fault(path, "unknown kind of YAML node"))
            return None


def _mapping(document: Document, node: yaml.MappingNode, path: Path) -> dict[str, Data]:
    result: dict[str, Data] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            line = key_node.start_mark.line + 1
            document.faults.append(
                Fault(document.file, line, ".".join(map(str, (*path, key))), "key given twice")
            )
        result[key] = _convert(document, value_node, (*path, key))
    return result


def _scalar(document: Document, node: yaml.ScalarNode, path: Path) -> Data:
    text = str(node.value)
    if node.style or node.tag not in _PLAIN_TAGS:
        if not node.style:
            document.faults.append(document.fault(path, f"tag {node.tag} is not allowed"))
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    try:
        if _DATE.match(text):
            return dt.date.fromisoformat(text)
        if _MOMENT.match(text):
            return dt.datetime.fromisoformat(text)
    except ValueError:
        document.faults.append(document.fault(path, f"{text} is no date"))
    return text


_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)
