"""One database and one role a deployment, on one server: the hall's role cannot connect to the population's.

The superuser makes them and nothing else; each deployment then knows only its own role's address.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from pendopo.entrypoints.errors import FrontDoorError


class UnreachableServerError(FrontDoorError):
    """Nobody answers at the address of the database server, or nobody is let in with it."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database owned by the role of the same name."""

    name: str
    password: str


def ensure(superuser_url: str, database: Database) -> bool:
    """Make role and database, close them to everybody else, set the password; true when the database is new.

    Needs a role that may create roles and databases. Safe to repeat. Raises ``UnreachableServerError``.
    """
    with _connected(superuser_url) as connection:
        _ensure_role(connection, database)
        is_new = _ensure_database(connection, database)
        name = sql.Identifier(database.name)
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    with psycopg.connect(of_database(superuser_url, database.name), autocommit=True) as inside:
        inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        inside.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(database.name)))
    return is_new


def drop(superuser_url: str, name: str) -> None:
    """Remove a database and its role, also while somebody is connected. Raises ``UnreachableServerError``."""
    with _connected(superuser_url) as connection:
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(identifier))


def role_url(superuser_url: str, database: Database) -> str:
    """Return the address with which the database's own role reaches it."""
    parts = urlsplit(superuser_url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(database.name, safe='')}:{quote(database.password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{host}", path=f"/{database.name}"))


def of_database(url: str, name: str) -> str:
    """Return the same address for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _connected(superuser_url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(superuser_url, autocommit=True)
    except psycopg.OperationalError as error:
        reason = str(error).strip().partition("\n")[0]
        message = f"the database server of PENDOPO_DATABASE_URL cannot be used: {reason}"
        raise UnreachableServerError(message) from None
    except psycopg.ProgrammingError:  # its words repeat the address, with the password
        message = (
            "PENDOPO_DATABASE_URL is no address of a PostgreSQL server: postgresql://USER@HOST:PORT/DATABASE"
        )
        raise UnreachableServerError(message) from None


def _ensure_role(connection: psycopg.Connection, database: Database) -> None:
    name, password = sql.Identifier(database.name), sql.Literal(database.password)
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [database.name]).fetchone()
    verb = sql.SQL("ALTER" if found else "CREATE")
    options = "ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}"
    connection.execute(sql.SQL("{} " + options).format(verb, name, password))


def _ensure_database(connection: psycopg.Connection, database: Database) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name]).fetchone()
    if found:
        return False
    name = sql.Identifier(database.name)
    # A role that is no superuser makes a database for another only while it is a member of it.
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(name, name)
    )
    return True
