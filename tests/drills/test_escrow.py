"""Key escrow in earnest: escrow, lose the root key, recover, and everything opens again."""

from pathlib import Path

import pytest

from pendopo.entrypoints import deployments, servers
from pendopo.entrypoints.drills import restore
from pendopo.entrypoints.drills.comparing import Finding
from pendopo.entrypoints.memory import PORT_NAMES, Ports
from pendopo.entrypoints.stack import PreparationError, run_verbs
from pendopo.keys import escrow
from pendopo.keys.errors import EscrowError
from tests.drills.conftest import Drilled

pytestmark = [
    pytest.mark.slow,
    pytest.mark.fault,
    pytest.mark.xdist_group("drills"),
    pytest.mark.timeout(900),
]

PASSPHRASE = "kawung lumbung saksi embun pasar tangga"


def opened(drilled: Drilled) -> tuple[dict[str, int], list[Finding]]:
    (hall,) = [one for one in restore.deployments_of(drilled.place) if one.name == "hall"]
    return restore.open_all(hall)


def test_a_lost_root_key_comes_back_from_escrow_and_everything_opens(drilled: Drilled, aside: Path) -> None:
    (hall,) = [one for one in restore.deployments_of(drilled.place) if one.name == "hall"]
    key = hall.folder / "root.key"
    words, file = aside / "words", aside / "root-key.escrow"
    words.write_text(PASSPHRASE)
    with servers.running_server(drilled.place, None):
        before, nothing = opened(drilled)
        run_verbs(hall, [["keys", "escrow", "--out", str(file), "--passphrase-file", str(words)]])
        kept = key.read_bytes()
        key.unlink()
        try:
            lost, found = opened(drilled)
            with pytest.raises(EscrowError):
                escrow.recover(file, f"{PASSPHRASE} lagi", to=key)
            assert not key.exists()
            key.touch(mode=0o600)
            key.write_bytes(bytes(32))
            with pytest.raises(EscrowError):
                escrow.recover(file, PASSPHRASE, to=key)
            assert key.read_bytes() == bytes(32)
            _, wrong = opened(drilled)
            key.unlink()
            escrow.recover(file, PASSPHRASE, to=key)
            after, again = opened(drilled)
        finally:
            key.write_bytes(kept)
            key.chmod(0o600)
    assert nothing == again == []
    assert before == after
    assert before["subject"] > 0
    assert lost == {}
    assert [one.code for one in found] == ["does_not_open"]
    assert {"signing_key_does_not_open", "subject_does_not_open", "file_does_not_open"} <= {
        one.code for one in wrong
    }


def test_a_hall_without_its_root_key_says_so_instead_of_making_another(drilled: Drilled, aside: Path) -> None:
    (hall,) = [one for one in restore.deployments_of(drilled.place) if one.name == "hall"]
    key = hall.folder / "root.key"
    kept = key.read_bytes()
    key.unlink()
    try:
        with servers.running_server(drilled.place, None), pytest.raises(PreparationError, match="ROOT_KEY"):
            run_verbs(hall, [["keys", "list"]])
        ports = Ports(dict.fromkeys(PORT_NAMES, 9))
        with pytest.raises(deployments.RootKeyLostError, match="keys recover"):
            deployments.hall(drilled.place, ports, hall.settings["PENDOPO_DATABASE_URL"])
        assert not key.exists()
    finally:
        key.write_bytes(kept)
        key.chmod(0o600)
