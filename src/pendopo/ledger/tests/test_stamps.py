"""Time stamps on checkpoints: made when possible, verified when present."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pendopo.foundation import timestamps
from pendopo.foundation.settings import current
from pendopo.foundation.testing.timestamps import Tsa, running
from pendopo.ledger import api, checkpoints, jobs, stamps
from pendopo.ledger.tests.builders import entry
from pendopo_partners.authority import open_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def tsa(_own_checkpoint_folder: None, tmp_path: Path) -> Iterator[Tsa]:
    timestamps._patience.clear()
    with running(open_authority(tmp_path / "ca"), tmp_path / "tsa") as found:
        yield found


def grow(times: int = 1) -> None:
    for number in range(times):
        before = api.latest_checkpoint().size
        api.record_access(entry("somebody", message_id=f"m-{before}-{number}"))
        api.sequence()


def newest() -> Path:
    return [path for path in checkpoints.outside(current().checkpoint_dir) if path.name != "latest"][-1]


def codes(report: api.VerificationReport) -> set[str]:
    return {finding.code for finding in report.findings}


def test_the_newest_checkpoint_is_stamped_once_and_counts_in_the_verification(tsa: Tsa) -> None:
    assert jobs.stamp_newest() == 0, "there is nothing yet"
    grow(3)
    assert jobs.stamp_newest() == 1
    assert jobs.stamp_newest() == 0
    grow()
    assert jobs.stamp_newest() == 1
    report = api.verify()
    assert (report.ok, report.stamps, report.checkpoints) == (True, 2, 4)


@pytest.mark.conformance
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_verifies_a_stamp_with_the_files_alone(tsa: Tsa) -> None:
    grow()
    jobs.stamp_newest()
    token = newest().with_name(newest().name + stamps.SUFFIX)
    words = ["-verify", "-token_in", "-in", str(token), "-data", str(newest())]
    command = ["openssl", "ts", *words, "-CAfile", str(tsa.authority.root_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done.stderr


def test_a_missing_authority_stops_nothing(tsa: Tsa) -> None:
    tsa.order("not-found")
    grow(2)
    assert jobs.stamp_newest() == 0
    report = api.verify()
    assert (report.ok, report.stamps) == (True, 0)
    tsa.behave()
    timestamps._patience.clear()
    assert jobs.stamp_newest() == 1


def test_a_stamp_of_another_checkpoint_or_of_a_stranger_is_found(tsa: Tsa, tmp_path: Path) -> None:
    grow()
    first = newest()
    jobs.stamp_newest()
    grow()
    shutil.copy(f"{first}{stamps.SUFFIX}", f"{newest()}{stamps.SUFFIX}")
    assert codes(api.verify()) == {"time_stamp_wrong"}
    Path(f"{newest()}{stamps.SUFFIX}").unlink()
    with running(open_authority(tmp_path / "stranger"), tmp_path / "stranger-tsa"):
        assert jobs.stamp_newest() == 1
    report = api.verify()
    assert codes(report) == {"time_stamp_wrong"}
    assert report.stamps == 1
    Path(f"{newest()}{stamps.SUFFIX}").write_bytes(b"no token")
    assert codes(api.verify()) == {"time_stamp_wrong"}


def test_without_a_trust_anchor_stamps_are_not_counted(tsa: Tsa, monkeypatch: pytest.MonkeyPatch) -> None:
    grow()
    jobs.stamp_newest()
    # Undone before the fixture takes its own settings away, or it would bring them back.
    with monkeypatch.context() as patched:
        for name in ("PENDOPO_TSA_URL", "PENDOPO_TSA_TRUST_FILE"):
            patched.delenv(name)
        current.cache_clear()
        report = api.verify()
    assert (report.ok, report.stamps) == (True, 0)
