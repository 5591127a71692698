"""YAML as it is written: every scalar stays text, so that ``1.30`` is exact, and no key stands twice."""

from typing import Final

import yaml

type Plain = str | list["Plain"] | dict[str, "Plain"]
type Place = tuple[str | int, ...]

# libyaml reads ten times as fast; the wheels of PyYAML carry it.
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


MOST: Final = 100_000
"""Values of a file once its aliases are written out; the largest instrument has some thousands."""


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
    except RecursionError as error:
        message = "line 1: lists or mappings stand too deep in each other"
        raise UnreadableYamlError(message) from error
    if node is None:
        message = "line 1: the file is empty"
        raise UnreadableYamlError(message)
    try:
        return _Written().out(node)
    except RecursionError as error:
        message = "line 1: lists or mappings stand too deep in each other, or an alias within itself"
        raise UnreadableYamlError(message) from error


class _Written:
    """Nodes written out as values and counted: a few lines of aliases to aliases can stand for billions."""

    def __init__(self) -> None:
        self._count = 0

    def out(self, node: yaml.Node) -> Plain:
        self._count += 1
        if self._count > MOST:
            message = (
                f"line {node.start_mark.line + 1}: more than {MOST} values; an alias stands for too many"
            )
            raise UnreadableYamlError(message)
        match node:
            case yaml.MappingNode():
                return self._mapping(node)
            case yaml.SequenceNode():
                return [self.out(item) for item in node.value]
            case _:
                return str(node.value)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Plain]:
        result: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                message = f"line {line}: a key is a word, no list and no mapping"
                raise UnreadableYamlError(message)
            key = str(key_node.value)
            if key in result:
                message = f"line {line}: the key “{key}” stands twice"
                raise UnreadableYamlError(message)
            result[key] = self.out(value_node)
        return result
