"""Querysets stay behind the door: pages and APIs ask ``queries`` and ``actions``."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "pendopo"
EDGES = sorted(path for part in ("pages", "rest") for path in SRC.glob(f"*/{part}/**/*.py"))


def _managers(source: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]


@pytest.mark.parametrize("path", EDGES, ids=lambda path: str(path.relative_to(SRC)))
def test_an_edge_uses_no_manager(path: Path) -> None:
    assert _managers(path.read_text(encoding="utf-8")) == []


def test_a_planted_manager_is_found() -> None:
    assert _managers("def view(request):\n    return Case.objects.all()\n") == [2]
