"""The front door: finding a Python, a stale environment, help, unknown words, preparedness."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pendopo.entrypoints import bootstrap, cli, instance, preparedness
from pendopo.entrypoints.instance import InstanceBusyError, NotOursError
from pendopo.entrypoints.memory import PORT_NAMES, Ports
from pendopo.entrypoints.places import CHECKOUT, NAME_FILE, Place
from pendopo.entrypoints.verbs.up import shell_language

DOOR = CHECKOUT / "pendopo"
PORTS = Ports({name: 9000 + number for number, name in enumerate(PORT_NAMES)})


def knock(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(DOOR), *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


def test_a_python_that_is_none_is_refused_with_a_sentence() -> None:
    told = knock("--help", PATH=os.environ["PATH"], PENDOPO_PYTHON="/bin/sh")
    assert told.returncode == 2
    assert "PENDOPO_PYTHON is /bin/sh" in told.stderr


def test_a_named_python_opens_the_door() -> None:
    told = knock("--help", PATH="/usr/bin:/bin", PENDOPO_PYTHON=sys.executable)
    assert told.returncode == 0, told.stderr
    assert "./pendopo up" in told.stdout


def test_help_names_every_verb_and_every_room() -> None:
    text = cli.overview()
    for verb in ("up", "dev", "test", "check", "init", "serve", "db backup", "db restore"):
        assert f"./pendopo {verb}" in text
    for room, _ in cli.room_summaries():
        assert f"./pendopo {room}" in text


def test_an_unknown_word_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["nonsense"]) == 2
    assert "there is no verb “nonsense”" in capsys.readouterr().err


def test_what_goes_wrong_before_django_is_told_in_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pendopo.entrypoints.cli"]
    words = tmp_path / "words"
    words.write_text("satu dua tiga empat lima enam")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment |= {"PENDOPO_HOME": str(tmp_path / "home")}
    for arguments, code, sentence in (
        (("keys", "recover", "nothing", "--to", "x", "--passphrase-file", str(words)), 1, "keys.escrow"),
        (("keys", "recover", "nothing", "--to", "x"), 1, "--passphrase-file FILE"),
        (("keys", "recover", "nothing", "--to", "x", "--passphrase-file", "words"), 2, "words: No such file"),
        (("db", "restore", "no-archive"), 2, "no-archive: No such file"),
    ):
        told = subprocess.run(
            [*command, *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path / "..",
            stdin=subprocess.DEVNULL,
        )
        assert told.returncode == code, told.stderr
        assert sentence in told.stderr
        assert "Traceback" not in told.stderr
    assert not (tmp_path / "home").exists()


def test_init_names_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PENDOPO_BASE_URL", raising=False)
    assert cli.main(["init", "--body", "x", "--name-id", "X", "--name-en", "X"]) == 2
    assert "PENDOPO_BASE_URL" in capsys.readouterr().err


def test_only_commands_that_test_need_the_test_group() -> None:
    assert "test" in bootstrap.groups_for(["test", "--fast"])
    assert bootstrap.groups_for(["up"]) == bootstrap.RUNTIME_GROUPS
    assert bootstrap.groups_for([]) == bootstrap.RUNTIME_GROUPS
    for verb in bootstrap.VERB_GROUPS:
        assert bootstrap.groups_for([verb, "--help"]) == bootstrap.RUNTIME_GROUPS


def test_an_environment_is_stale_when_a_lock_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = {group: bootstrap.lock_digest(group) for group in ("runtime", "gateway")}
    (tmp_path / "stamp").write_text(json.dumps(noted | {"gateway": "another"}))
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    monkeypatch.delenv("PENDOPO_PYTHON", raising=False)
    assert bootstrap.stale(("runtime", "gateway", "assets")) == ["gateway", "assets"]


def test_an_installer_that_fails_is_told_without_addresses() -> None:
    script = "import sys; sys.exit('no route to https://user:secret@mirror.example/simple/x')"
    with pytest.raises(bootstrap.BootstrapError) as told:
        bootstrap.run([sys.executable, "-c", script])
    assert "mirror.example" not in str(told.value)
    assert "no route to [registry]" in str(told.value)


def test_what_was_prepared_is_not_prepared_again_until_something_changes(tmp_path: Path) -> None:
    stamp = preparedness.stamp(tmp_path, PORTS)
    assert not stamp.is_good()
    stamp.set()
    assert preparedness.stamp(tmp_path, PORTS).is_good()
    moved = Ports(PORTS.by_name | {"hall": 1})
    assert not preparedness.stamp(tmp_path, moved).is_good()
    stamp.file.write_text(stamp.file.read_text().replace('"at": 1', '"at": 0'))
    assert not preparedness.stamp(tmp_path, PORTS).is_good()
    stamp.file.write_text("{")
    assert not stamp.is_good()


def test_an_instance_is_held_by_one(tmp_path: Path) -> None:
    here = Place("x", tmp_path / "state")
    with instance.held(here), pytest.raises(InstanceBusyError, match="already running"), instance.held(here):
        pass


def test_fresh_empties_only_what_we_made(tmp_path: Path) -> None:
    ours, strange = Place("x", tmp_path / "ours"), Place("y", tmp_path / "strange")
    with instance.held(ours):
        (ours.state / "hall").mkdir()
        (ours.state / "hall" / "root.key").write_bytes(b"k")
        instance.forget(ours)
        assert sorted(entry.name for entry in ours.state.iterdir()) == sorted(
            [instance.MARK, instance.LOCK, NAME_FILE]
        )
    strange.state.mkdir()
    (strange.state / "diary.txt").write_text("dear")
    with pytest.raises(NotOursError):
        instance.forget(strange)
    assert (strange.state / "diary.txt").read_text() == "dear"


def test_a_folder_with_things_of_others_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "passwd").write_text("root")
    with pytest.raises(NotOursError, match="not Pendopo's"), instance.held(Place("x", tmp_path)):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["passwd"]


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("PENDOPO_HOME", "/proc/nope", "/proc/nope cannot be made"),
        ("PENDOPO_HOME", str(CHECKOUT), "holds things that are not Pendopo's"),
        ("PENDOPO_INSTANCE", "Bad Name!", "PENDOPO_INSTANCE must be"),
        ("PENDOPO_DATABASE_URL", "postgresql://x@127.0.0.1:1/y", "refused"),
        ("PENDOPO_DATABASE_URL", "a secret password", "no address of a PostgreSQL server"),
    ],
)
def test_a_wrong_environment_is_told_in_one_sentence(
    setting: str, value: str, sentence: str, tmp_path: Path
) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"PENDOPO_HOME": str(tmp_path / "home"), setting: value}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-m", "pendopo.entrypoints.cli", "up", "--once", "--no-walk"]
    told = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert told.returncode == 2, told.stderr
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr
    assert "secret" not in told.stderr


def test_migrate_refuses_a_room_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate", "--room", "nowhere"]) == 2
    assert "no room “nowhere” has a database" in capsys.readouterr().err


def test_the_story_is_told_in_the_shells_language() -> None:
    assert shell_language({"LANG": "en_GB.UTF-8"}) == "en"
    assert shell_language({"LC_ALL": "id_ID.UTF-8", "LANG": "en_US.UTF-8"}) == "id"
    assert shell_language({"LC_ALL": "", "LANG": "C.UTF-8"}) == shell_language({}) == "id"


def test_a_person_of_the_demonstration_is_told_with_password_and_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PENDOPO_HOME", str(tmp_path))
    assert cli.main(["demo-code"]) == 2
    assert "no demonstration here yet" in capsys.readouterr().err
    person = {"role": "midwife", "name": "M", "sign_in": "1", "password": "p", "totp_secret": "ONSWG4TFOQ"}
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall" / "demo-people.json").write_text(json.dumps({"officers": [], "members": [person]}))
    assert cli.main(["demo-code", "1"]) == 0
    assert re.match(r"1  p +\d{6}  M, midwife\n", capsys.readouterr().out)
    assert cli.main(["demo-code", "2"]) == 2


def test_a_word_too_many_is_told_with_the_usage_of_its_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["up", "--bogus"])
    assert capsys.readouterr().err.startswith("usage: ./pendopo up [-h] [--once]")


@pytest.mark.parametrize("verb", ["up", "dev", "test", "check", "docs", "bench", "migrate"])
def test_a_verb_says_what_it_is_for(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([verb, "--help"])
    assert f"./pendopo {verb}" in capsys.readouterr().out.partition("\n\n")[2]
