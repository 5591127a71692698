"""Statements written once: rows read and inserted without building SQL again, and writes sent together.

Django builds the text of a statement anew each time it is asked; for what every request does that was a third
of its processor time. Here the text is made once a process, of the model's own columns, so that a migration
has no second place to change. For the few statements that are asked all the time; elsewhere a queryset is
clearer. No signal of Django is sent, and nothing is validated: a value has its column's own type.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model
from psycopg import RawCursor

type Values = Sequence[Any]
type Convert = Callable[..., Any]

REMEMBERED = 50
"""With more values psycopg reads the text of a statement anew each time, in Python, to find its ``%s``."""
_PLACE = re.compile("%s")


@dataclass(slots=True)
class _Gathered:
    """What waits to be written at the end of a block; ``depth``: how many transactions are open around it."""

    depth: int
    statements: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)


_gathered: ContextVar[_Gathered | None] = ContextVar("gathered", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Send what is written inside the block as one statement, at its end; nothing after an error.

    For writes that do not need each other: none sees what another wrote, whoever reads inside the block sees
    none of them, and a row may be written once. A block within a block is part of the outer one. What is
    written below a savepoint of its own goes at once, because it may be rolled back alone.
    """
    if _gathered.get() is not None:
        yield
        return
    waiting = _Gathered(len(connection.savepoint_ids))
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    if waiting.statements:
        _execute(tuple(waiting.statements), waiting.values)


def write(sql: str, values: Values) -> None:
    """Run an INSERT, UPDATE or DELETE without result and without a WITH of its own, or let it join others."""
    waiting = _gathered.get()
    if waiting is None or any(connection.savepoint_ids[waiting.depth :]):
        _execute((sql,), values)
        return
    waiting.statements.append(sql)
    waiting.values += values


def insert(row: Model) -> None:
    """Insert a new row with its values as they are; see :func:`write` for when."""
    sql, names, prepared = _insertion(type(row))
    values = vars(row)
    found = [values[name] for name in names]
    for place, prepare in prepared:
        found[place] = prepare(found[place], connection)
    write(sql, found)
    row._state.adding = False  # noqa: SLF001  # what saving does
    row._state.db = connection.alias  # noqa: SLF001  # same


def first[M: Model](model: type[M], rest: str, values: Values) -> M | None:
    """Return the first row of a model, or None; ``rest`` is a constant that goes on from the WHERE."""
    found = one(_selection(model, rest), values)
    return None if found is None else row_of(model, found)


def columns(model: type[Model], alias: str) -> str:
    """Return the columns of a model as a SELECT names them, for :func:`row_of`."""
    return ", ".join(f'{alias}."{one.column}"' for one in _fields(model))


def width(model: type[Model]) -> int:
    """Return how many values of a joined row belong to this model."""
    return len(_fields(model))


def row_of[M: Model](model: type[M], values: Values) -> M:
    """Return the row that :func:`columns` read."""
    names, conversions = _reading(model)
    found = list(values)
    for place, convert in conversions:
        found[place] = convert(found[place])
    return model.from_db(connection.alias, names, found)


def one(sql: str, values: Values) -> Values | None:
    """Run a statement and return its first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: Values | None = cursor.fetchone()
    return found


def _execute(statements: tuple[str, ...], values: Values) -> None:
    sql = _joined(statements)
    # Who watches statements (a test that counts them) shows their values, which takes the usual placeholders.
    if len(values) <= REMEMBERED or connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        return
    connection.ensure_connection()
    raw: Any = RawCursor(connection.connection)
    with connection.make_cursor(raw) as cursor:
        cursor.execute(_numbered(sql), values)


@lru_cache(maxsize=256)
def _joined(statements: tuple[str, ...]) -> str:
    *before, last = statements
    named = ", ".join(f"w{place} AS ({sql})" for place, sql in enumerate(before))
    return f"WITH {named} {last}" if before else last


@lru_cache(maxsize=256)
def _numbered(sql: str) -> str:
    """Return the statement with PostgreSQL's own placeholders: ``$1`` and so on for each ``%s``."""
    numbers = count(1)
    return _PLACE.sub(lambda _: f"${next(numbers)}", sql)


@cache
def _selection(model: type[Model], rest: str) -> str:
    return f'SELECT {columns(model, "t")} FROM "{_table(model)}" AS t {rest}'  # noqa: S608  # a constant


@cache
def _insertion(model: type[Model]) -> tuple[str, tuple[str, ...], tuple[tuple[int, Convert], ...]]:
    fields = _fields(model)
    names = ", ".join(f'"{one.column}"' for one in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f'INSERT INTO "{_table(model)}" ({names}) VALUES ({places})'  # noqa: S608  # the model's own names
    documents = [
        (place, one.get_db_prep_save) for place, one in enumerate(fields) if isinstance(one, JSONField)
    ]
    return sql, tuple(one.attname for one in fields), tuple(documents)


@cache
def _reading(model: type[Model]) -> tuple[tuple[str, ...], tuple[tuple[int, Convert], ...]]:
    fields = _fields(model)
    conversions = [(place, convert) for place, one in enumerate(fields) for convert in _conversions(one)]
    return tuple(one.attname for one in fields), tuple(conversions)


def _conversions(one: "Field[Any, Any]") -> list[Convert]:
    """Return what Django applies to a value of this column when it reads one."""
    column = one.get_col(_table(one.model))
    found = [*connection.ops.get_db_converters(column), *one.get_db_converters(connection)]
    return [lambda value, convert=convert: convert(value, column, connection) for convert in found]


def _fields(model: type[Model]) -> "Sequence[Field[Any, Any]]":
    return model._meta.concrete_fields  # noqa: SLF001  # Django's public metadata


def _table(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  # same
