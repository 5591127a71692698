"""An archive becomes an instance again: two new databases, files and keys, and settings for the new place."""

from pathlib import Path

from pendopo.entrypoints import backup, databases, deployments, instance, memory, servers
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import NAME_FILE, Place, make_folder, state_root


class NotEmptyError(FrontDoorError):
    """Restore puts nothing over what is there."""


def require_empty(folder: Path, allowed: tuple[str, ...] = ()) -> None:
    """Raise ``NotEmptyError`` when something else than these names lies in a folder."""
    found = [entry.name for entry in folder.iterdir() if entry.name not in allowed]
    if found:
        message = (
            f"{folder} is not empty, and restore puts nothing over what is there; "
            "name an empty folder with PENDOPO_HOME (a deployment of yours: PENDOPO_STATE_DIR)"
        )
        raise NotEmptyError(message)


def restore_instance(
    here: Place, archive: Path, passphrase: str | None, *, given: str | None = servers.GIVEN
) -> backup.Contents:
    """Put an archive into an empty, held place; ``given`` is a server to use instead of an embedded one.

    Makes both databases anew; at the end their roles get the passwords that the archive brought.
    """
    require_empty(here.state, (instance.MARK, instance.LOCK, NAME_FILE))
    (here.state / NAME_FILE).unlink()
    with servers.running_server(here, given) as server:
        urls: dict[str, str] = {}
        for name in deployments.NAMES:
            database = deployments.database_of(here, name, shared_server=server.is_shared)
            if not databases.ensure(server.superuser_url, database):
                message = f"the database {database.name} exists already; restore needs an empty place"
                raise NotEmptyError(message)
            urls[name] = databases.role_url(server.superuser_url, database)
            (here.state / name / "database.password").unlink()
            (here.state / name).rmdir()
        contents = backup.restore(archive, here.state, urls, passphrase)
        for name in deployments.NAMES:
            restored = deployments.database_of(here, name, shared_server=server.is_shared)
            databases.ensure(server.superuser_url, restored)
            urls[name] = databases.role_url(server.superuser_url, restored)
        _save_settings(here.state, urls)
    return contents


def _save_settings(state: Path, urls: dict[str, str]) -> None:
    """Write the settings for this place: the archive's name the folders, and the databases, of the old one.

    Ports that the old place uses now, or that its release did not know, are chosen anew. The name of the
    restored instance is read again, for the archive brought it.
    """
    here = Place((state / NAME_FILE).read_text().strip(), state)
    with memory.held_ports(state, make_folder(state_root() / "ports")) as ports:
        deployments.hall(here, ports, urls["hall"]).save()
        deployments.population(here, ports, urls["population"]).save()
