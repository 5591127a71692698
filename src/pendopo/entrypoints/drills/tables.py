"""What a database says, table by table: rows counted, contents hashed in one order, sequences, definitions.

Every row is taken as PostgreSQL's own text of it, with fixed settings for times and numbers, ordered by its
primary key (by the whole row where there is none) in code-point order, so that two servers of different
locales agree. No table is left out: both sides read the same exported snapshot, so nothing is volatile.
Sequences alone know no snapshot; a restored one may be ahead of the instant, never behind it.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'iso_8601'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL xmloption = 'content'",
)
TABLES = """
    SELECT c.relname, array(
        SELECT a.attname::text FROM pg_index i JOIN pg_attribute a
        ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum))
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    ORDER BY c.relname COLLATE "C"
"""
DEFINITIONS = """
    SELECT line FROM (
        SELECT format('column %s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
            a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
            AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT format('function %s %s', proname, md5(prosrc)) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    ) AS all_lines
"""


CASTS = re.compile(r"::(character varying|text|bpchar)(\(\d+\))?(\[\])?")
BRACKETS = str.maketrans("", "", "()")


@dataclass(frozen=True, slots=True)
class Table:
    """Number of rows and SHA-256 over them."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Database:
    """Everything that a database says."""

    tables: dict[str, Table]
    sequences: dict[str, int]
    definitions: frozenset[str]

    @property
    def definitions_sha256(self) -> str:
        """SHA-256 over the definitions in order."""
        return hashlib.sha256("\n".join(sorted(self.definitions)).encode()).hexdigest()


def read(connection: psycopg.Connection) -> Database:
    """Read a whole database in the connection's present transaction."""
    for setting in SETTINGS:
        connection.execute(setting)
    names = connection.execute(TABLES).fetchall()
    return Database(
        tables={name: _table(connection, name, key) for name, key in names},
        sequences=_sequences(connection),
        definitions=_definitions(connection),
    )


def read_at(url: str) -> Database:
    """Read a database in a transaction of its own."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = read(connection)
        connection.rollback()
        return found


def _table(connection: psycopg.Connection, name: str, key: list[str]) -> Table:
    digest = hashlib.sha256()
    rows = 0
    for line in _lines(connection, name, key):
        digest.update(line)
        rows += line.count(b"\n")  # COPY writes a line end inside a value as \n in letters
    return Table(rows, digest.hexdigest())


def _lines(connection: psycopg.Connection, name: str, key: list[str]) -> Iterator[bytes]:
    order: list[sql.Composable] = [
        sql.SQL('t.{}::text COLLATE "C"').format(sql.Identifier(column)) for column in key
    ]
    query = sql.SQL("COPY (SELECT t::text FROM {} t ORDER BY {}) TO STDOUT").format(
        sql.Identifier("public", name), sql.SQL(", ").join(order or [sql.SQL('t::text COLLATE "C"')])
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            yield bytes(block)


def _sequences(connection: psycopg.Connection) -> dict[str, int]:
    found = connection.execute(
        "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"
    )
    return {str(name): int(value) for name, value in found.fetchall()}


def _definitions(connection: psycopg.Connection) -> frozenset[str]:
    """Columns, constraints, indexes, triggers and functions, one a line.

    PostgreSQL words an expression otherwise once it was dumped and read again: casts move in and out of
    arrays and parentheses come and go. Both are left out of the comparison.
    """
    lines = (str(line) for (line,) in connection.execute(DEFINITIONS).fetchall())
    return frozenset(CASTS.sub("", line).translate(BRACKETS) for line in lines)
