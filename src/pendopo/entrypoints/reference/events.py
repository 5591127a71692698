"""Audit events, and the topics of the outbox with who hears them."""

import ast
import importlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pendopo.entrypoints.reference.rooms import ASIDE, TOLD_BY_CODE, table
from pendopo.foundation.audit import catalogue
from pendopo.foundation.outbox import subscriptions

SRC = Path(__file__).parents[3]
AUDIT_HEAD = """# Audit events

Every action writes one row with one of these names. The rows carry identifiers and codes, no
personal data, and each is committed to in the log. A test keeps this page equal to the code.
"""
OUTBOX_HEAD = f"""# Outbox events

{TOLD_BY_CODE}
An event is written in the transaction of the change that it tells of, and delivered at least once
afterwards; a subscriber is idempotent by the event's id. Payloads carry identifiers and codes. A topic that
nobody hears is kept for rooms that are not built yet.
"""


def audit_page() -> str:
    """Return the catalogue of audit events."""
    rows = [(f"`{entry.name}`", entry.meaning) for entry in catalogue() if ".test" not in entry.name]
    return f"{AUDIT_HEAD}\n{table(('event', 'meaning'), rows)}"


def outbox_page() -> str:
    """Return the topics: payload fields as far as they stand at the place of writing, and the subscribers."""
    heard = {topic: names for topic, names in subscriptions().items() if ".test" not in topic}
    written = _written()
    rows = [
        (
            f"`{topic}`",
            ", ".join(f"`{name}`" for name in sorted(written[topic])),
            _names(heard.get(topic, ())),
        )
        for topic in sorted(set(written) | set(heard))
    ]
    return f"{OUTBOX_HEAD}\n{table(('topic', 'written by', 'heard by'), rows)}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _written() -> dict[str, set[str]]:
    """Return topic → modules that hand it to ``emit`` (or to a function of theirs that does)."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted((SRC / "pendopo").rglob("*.py")):
        name = ".".join(file.relative_to(SRC).with_suffix("").parts)
        if ASIDE & set(file.parts) or "emit" not in (text := file.read_text(encoding="utf-8")):
            continue
        for argument in _topics(ast.parse(text)):
            topic = _value(argument, name)
            if topic:
                found[topic].add(name.removeprefix("pendopo."))
    return found


def _topics(tree: ast.Module) -> list[ast.expr]:
    """Return the first arguments of ``emit`` and of the module's own functions that pass theirs on to it."""
    passing = {"emit"}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        first = function.args.args[0].arg if function.args.args else None
        if any(isinstance(one, ast.Name) and one.id == first for one in _first_arguments(function, {"emit"})):
            passing.add(function.name)
    return _first_arguments(tree, passing)


def _first_arguments(tree: ast.AST, functions: set[str]) -> list[ast.expr]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in functions]


def _value(argument: ast.expr, module: str) -> str | None:
    """Return the text that an argument stands for, or None when only running tells."""
    if isinstance(argument, ast.Constant):
        return argument.value if isinstance(argument.value, str) else None
    names = ast.unparse(argument).split(".")
    value: object = importlib.import_module(module)
    for name in names:
        value = getattr(value, name, None)
    return value if isinstance(value, str) else None
