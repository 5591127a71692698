"""YAML as it is written: every scalar stays text, so that ``1.30`` is exact, and no key stands twice."""

from typing import Final

import yaml

type Plain = str | list["Plain"] | dict[str, "Plain"]
type Place = tuple[str | int, ...]

# libyaml reads ten times as fast; the wheels of PyYAML carry it.
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class UnreadableYamlError(ValueError):
    """The text is no YAML of the kind we allow; the message is a sentence with its line."""


def read(text: str) -> Plain:
    """Return lists, dicts and texts; raise :class:`UnreadableYamlError` for anything else."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "unreadable"
        message = f"line {line}: not YAML: {problem}"
        raise UnreadableYamlError(message) from error
    if node is None:
        message = "line 1: the file is empty"
        raise UnreadableYamlError(message)
    return _convert(node)


def _convert(node: yaml.Node) -> Plain:
    match node:
        case yaml.MappingNode():
            return _mapping(node)
        case yaml.SequenceNode():
            return [_convert(item) for item in node.value]
        case _:
            return str(node.value)


def _mapping(node: yaml.MappingNode) -> dict[str, Plain]:
    result: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            message = f"line {key_node.start_mark.line + 1}: the key “{key}” stands twice"
            raise UnreadableYamlError(message)
        result[key] = _convert(value_node)
    return result
