"""What a migration may do to tables that a running release uses: ``violations(source)``.

Rules, for tables that the same migration does not make itself: nothing is taken away or renamed (a release
later a contracting migration may: it says ``CONTRACTS_AFTER = "v1.2.0"``, the last release that used it); a
new column is null or has a default in the database, because the release before goes on inserting without it;
an index is made CONCURRENTLY, a constraint NOT VALID first; SQL by hand neither drops nor locks.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TAKES_AWAY = frozenset(
    {
        "DeleteModel",
        "RemoveField",
        "RenameField",
        "RenameModel",
        "RemoveConstraint",
        "RemoveIndex",
        "AlterModelTable",
    }
)
LOCKS = {"AddIndex": "AddIndexConcurrently", "AddConstraint": "AddConstraintNotValid"}
SQL_LOCKS = re.compile(
    r"\bDROP\s+(TABLE|COLUMN|TYPE|SCHEMA)|\bTRUNCATE\b|\bALTER\s+COLUMN\b.*\bTYPE\b|\bSET\s+NOT\s+NULL\b|\bLOCK\s+TABLE\b"
    r"|\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)|\bVACUUM\s+FULL\b|\bRENAME\b",
    re.IGNORECASE | re.DOTALL,
)
RELEASE = re.compile(r"v\d+\.\d+\.\d+")

BEFORE_THE_RULE = {
    "documents/0002_time_stamps": "made before the rule; its table was empty in every hall",
    "documents/0003_unkept_files": "a partial index over no row: every row that is there has null",
}
"""Migrations whose plain indexes were looked at by a person."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that a migration must not do, by line."""

    line: int
    rule: str


def violations(source: str) -> list[Violation]:
    """Read one migration's source; order as in the file."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    new = {_text(call, "name").lower() for call in calls if _name(call) == "CreateModel"}
    contracts = _contracts(tree)
    found = [found for call in calls for found in _judge(call, new, is_contracting=contracts)]
    if any("Concurrently" in _name(call) for call in calls) and not _says_not_atomic(tree):
        found.append(Violation(1, "CONCURRENTLY needs atomic = False"))
    return sorted(found, key=lambda one: one.line)


def _judge(call: ast.Call, new: set[str], *, is_contracting: bool) -> Iterator[Violation]:
    name, model = _name(call), (_text(call, "model_name") or _text(call, "name")).lower()
    if name in TAKES_AWAY and not is_contracting:
        yield Violation(call.lineno, f"{name} in a release that does not say CONTRACTS_AFTER")
    if name in LOCKS and model not in new:
        yield Violation(call.lineno, f"{name} locks writers out; use {LOCKS[name]}")
    if name == "AddField" and model not in new and not _is_harmless(_value(call, "field")):
        yield Violation(call.lineno, "AddField without null or db_default: the release before cannot insert")
    if name == "AlterField" and model not in new and not is_contracting:
        yield Violation(call.lineno, "AlterField rewrites or locks; add a column and contract later")
    if name == "RunSQL" and not is_contracting and SQL_LOCKS.search(_literals(call)):
        yield Violation(call.lineno, "RunSQL drops, renames or locks")


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _value(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def _text(call: ast.Call, name: str) -> str:
    value = _value(call, name)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _is_harmless(field: ast.expr | None) -> bool:
    if not isinstance(field, ast.Call):
        return False
    null = _value(field, "null")
    is_null = isinstance(null, ast.Constant) and null.value is True
    return is_null or _value(field, "db_default") is not None or _name(field) == "ManyToManyField"


def _literals(call: ast.Call) -> str:
    nodes = (
        node
        for word in (*call.args[:1], *[w.value for w in call.keywords if w.arg == "sql"])
        for node in ast.walk(word)
    )
    return "\n".join(
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _assigned(tree: ast.AST, name: str) -> object:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets):
            return node.value.value if isinstance(node.value, ast.Constant) else None
    return None


def _contracts(tree: ast.AST) -> bool:
    return bool(RELEASE.fullmatch(str(_assigned(tree, "CONTRACTS_AFTER"))))


def _says_not_atomic(tree: ast.AST) -> bool:
    return _assigned(tree, "atomic") is False


def migrations(rooms: Path) -> Iterator[tuple[str, Path]]:
    """Yield ``room/name`` and file of every migration after a room's first."""
    for file in sorted(rooms.glob("*/migrations/[0-9]*.py")):
        if not file.stem.startswith("0001_"):
            yield f"{file.parts[-3]}/{file.stem}", file
