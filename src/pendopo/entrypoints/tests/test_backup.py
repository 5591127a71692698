"""Saving and restoring: everything comes back, nothing broken is taken for whole, nothing is written over."""

import io
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from pendopo.entrypoints import backup, cli, databases, sealed_stream
from pendopo.entrypoints.backup import BackupError, Source
from pendopo.entrypoints.postgres import temporary_server
from pendopo.entrypoints.sealed_stream import StreamBrokenError

PASSPHRASE = "kopi tubruk di pendopo"


@dataclass(frozen=True)
class Instance:
    """A state folder with two databases on one server."""

    folder: Path
    urls: dict[str, str]
    superuser: str


@pytest.fixture(scope="module")
def superuser() -> Iterator[str]:
    with temporary_server() as url:
        yield url


@pytest.fixture
def instance(superuser: str, tmp_path: Path) -> Iterator[Instance]:
    urls = {}
    for name in ("hall", "population"):
        database = databases.Database(name, f"secret of {name}")
        databases.ensure(superuser, database)
        urls[name] = databases.role_url(superuser, database)
        with psycopg.connect(urls[name]) as connection:
            connection.execute("CREATE TABLE kept (of text, n bigint GENERATED ALWAYS AS IDENTITY)")
            connection.execute("INSERT INTO kept (of) SELECT %s FROM generate_series(1, 1000)", [name])
    folder = tmp_path / "state"
    (folder / "hall" / "files").mkdir(parents=True)
    (folder / "postgres").mkdir()
    (folder / "postgres" / "data").write_bytes(b"not saved")
    (folder / "hall" / "root.key").write_bytes(bytes(range(32)))
    (folder / "hall" / "files" / "a.pdf").write_bytes(b"%PDF" * 700_000)
    (folder / "subject.key").write_bytes(b"s" * 32)
    yield Instance(folder, urls, superuser)
    for name in urls:
        databases.drop(superuser, name)


def empty_place(instance: Instance, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    for name in instance.urls:
        databases.drop(instance.superuser, name)
        databases.ensure(instance.superuser, databases.Database(name, f"secret of {name}"))
    folder = tmp_path / "new"
    folder.mkdir()
    return folder, instance.urls


@pytest.mark.parametrize("passphrase", [PASSPHRASE, None], ids=["sealed", "plain"])
def test_everything_comes_back(instance: Instance, tmp_path: Path, passphrase: str | None) -> None:
    archive = tmp_path / "archive"
    saved = backup.save(Source(instance.folder, instance.urls), archive, passphrase)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert (saved.databases, saved.files) == (("hall", "population"), 3)
    assert (b"s" * 32 in archive.read_bytes()) is (passphrase is None)
    folder, urls = empty_place(instance, tmp_path)
    assert backup.restore(archive, folder, urls, passphrase).made_at == saved.made_at
    for name, url in urls.items():
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT of, count(*), max(n) FROM kept GROUP BY of").fetchall()
        assert rows == [(name, 1000, 1000)]
    assert (folder / "hall" / "root.key").read_bytes() == bytes(range(32))
    assert (folder / "hall" / "files" / "a.pdf").stat().st_size == 2_800_000
    assert not (folder / "postgres").exists()


def test_an_archive_is_never_written_over(instance: Instance, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.write_text("something dear")
    with pytest.raises(BackupError, match="exists already"):
        backup.save(Source(instance.folder, instance.urls), archive, PASSPHRASE)
    assert archive.read_text() == "something dear"


def test_a_failing_dump_leaves_no_archive(instance: Instance, tmp_path: Path) -> None:
    urls = instance.urls | {"population": databases.of_database(instance.urls["hall"], "population")}
    with pytest.raises((BackupError, psycopg.OperationalError), match="permission denied"):
        backup.save(Source(instance.folder, urls), tmp_path / "archive", PASSPHRASE)
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


def test_a_changed_member_is_noticed(instance: Instance, tmp_path: Path) -> None:
    archive, changed = tmp_path / "archive", tmp_path / "changed"
    backup.save(Source(instance.folder, instance.urls), archive, None)
    with tarfile.open(archive) as old, tarfile.open(changed, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = content.read()
            new.addfile(member, io.BytesIO(bytes(32) if member.name == "files/subject.key" else data))
    folder, urls = empty_place(instance, tmp_path)
    with pytest.raises(BackupError, match=r"damaged: files/subject\.key"):
        backup.restore(changed, folder, urls, None)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside", "/etc/outside"])
def test_a_member_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    archive, work = tmp_path / "archive", tmp_path / "work"
    work.mkdir()
    with tarfile.open(archive, "w") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(BackupError):
        backup.unpack(archive, work, None)
    assert not (tmp_path / "outside").exists()


def test_a_sealed_archive_needs_its_passphrase(instance: Instance, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    backup.save(Source(instance.folder, instance.urls), archive, PASSPHRASE)
    for wrong in (None, "teh poci di pendopo"):
        work = tmp_path / f"work-{wrong is None}"
        work.mkdir()
        with pytest.raises(BackupError, match="passphrase"):
            backup.unpack(archive, work, wrong)


def test_a_wrong_passphrase_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PENDOPO_STATE_DIR", raising=False)
    monkeypatch.setenv("PENDOPO_HOME", str(tmp_path / "home"))
    archive, words = tmp_path / "archive", tmp_path / "words"
    archive.write_bytes(sealed(bytes(sealed_stream.CHUNK + 5)))
    words.write_text("teh poci di pendopo")
    assert cli.main(["db", "restore", str(archive), "--passphrase-file", str(words)]) == 2
    assert "wrong passphrase" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("size", [0, 1, sealed_stream.CHUNK, sealed_stream.CHUNK + 1])
def test_a_passphrase_is_proved_by_the_first_chunk(size: int) -> None:
    archive = io.BytesIO(sealed(bytes(size)))
    sealed_stream.prove(archive, PASSPHRASE)
    assert sealed_stream.is_sealed(archive)
    with pytest.raises(StreamBrokenError):
        sealed_stream.prove(archive, "teh poci di pendopo")


def sealed(data: bytes) -> bytes:
    target = io.BytesIO()
    sealed_stream.seal(io.BytesIO(data), target, PASSPHRASE)
    return target.getvalue()


def unsealed(data: bytes) -> bytes:
    target = io.BytesIO()
    sealed_stream.unseal(io.BytesIO(data), target, PASSPHRASE)
    return target.getvalue()


@pytest.mark.parametrize(
    "size", [0, 1, sealed_stream.CHUNK - 1, sealed_stream.CHUNK, 2 * sealed_stream.CHUNK + 5]
)
def test_a_stream_comes_back_at_every_size(size: int) -> None:
    data = bytes(size)
    assert unsealed(sealed(data)) == data


def test_a_stream_cut_at_a_chunk_is_noticed() -> None:
    whole = sealed(bytes(2 * sealed_stream.CHUNK + 5))
    head = len(sealed_stream.MAGIC) + sealed_stream.SALT
    with pytest.raises(StreamBrokenError):
        unsealed(whole[: head + sealed_stream.CHUNK + sealed_stream.TAG])


def test_chunks_cannot_be_exchanged() -> None:
    whole = sealed(bytes(3 * sealed_stream.CHUNK))
    head, step = len(sealed_stream.MAGIC) + sealed_stream.SALT, sealed_stream.CHUNK + sealed_stream.TAG
    first, second = whole[head : head + step], whole[head + step : head + 2 * step]
    with pytest.raises(StreamBrokenError):
        unsealed(whole[:head] + second + first + whole[head + 2 * step :])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql:///hall?host=/run/postgresql", "postgresql:///hall?host=/run/postgresql"),
        ("postgresql://hall:p%40ss@127.0.0.1:5432/hall", "postgresql://hall@127.0.0.1:5432/hall"),
        ("postgresql://hall@db.example/hall", "postgresql://hall@db.example/hall"),
    ],
)
def test_a_database_is_named_without_its_password_also_at_a_socket(given: str, shown: str) -> None:
    assert backup.without_password(given) == shown
