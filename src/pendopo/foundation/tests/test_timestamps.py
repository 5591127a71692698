"""Time stamps: what is believed, and every answer that is not."""

import hashlib
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms

from pendopo.foundation import timestamps
from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.foundation.testing.timestamps import Tsa, configured, running
from pendopo_partners.authority import Authority, new_key, open_authority
from pendopo_partners.timestamps import Signer, open_signer

DIGEST = hashlib.sha256(b"a document").digest()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def tsa(authority: Authority, tmp_path: Path) -> Iterator[Tsa]:
    with running(authority, tmp_path / "tsa") as found:
        yield found


def test_a_stamp_carries_the_digest_and_the_time(tsa: Tsa) -> None:
    before = now()
    stamp = timestamps.stamp(DIGEST)
    assert abs(stamp.at - before) < timedelta(seconds=5)
    assert timestamps.verified(stamp.token, DIGEST) == stamp.at


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("wrong-nonce", "nonce"),
        ("no-nonce", "nonce"),
        ("wrong-imprint", "imprint"),
        ("refuse", "rejected"),
        ("garbage", "readable"),
    ],
)
def test_a_wrong_answer_is_not_believed_and_a_right_one_follows(tsa: Tsa, order: str, why: str) -> None:
    tsa.order(order)
    with pytest.raises(timestamps.TimestampRefused, match=why):
        timestamps.stamp(DIGEST)
    tsa.behave()
    timestamps.stamp(DIGEST)


def test_silence_and_slowness_are_bounded(tsa: Tsa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timestamps, "TIMEOUT_SECONDS", 0.3)
    tsa.order("slow 2")
    with pytest.raises(timestamps.TimestampUnavailable, match="ReadTimeout"):
        timestamps.stamp(DIGEST)
    tsa.order("not-found")
    with pytest.raises(timestamps.TimestampUnavailable, match="404"):
        timestamps.stamp(DIGEST)


def test_nobody_there(authority: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with configured(f"http://127.0.0.1:{port}/", authority), pytest.raises(timestamps.TimestampUnavailable):
        timestamps.stamp(DIGEST)


def test_without_the_setting_nothing_is_asked() -> None:
    assert current().tsa_url is None
    assert not timestamps.is_configured()
    with pytest.raises(timestamps.TimestampUnavailable):
        timestamps.stamp(DIGEST)


def test_a_stranger_is_not_believed(authority: Authority, tmp_path: Path) -> None:
    with running(open_authority(tmp_path / "other"), tmp_path / "tsa") as stranger:
        token = timestamps.stamp(DIGEST).token
        with (
            configured(stranger.url, authority),
            pytest.raises(timestamps.TimestampRefused, match="not trusted"),
        ):
            timestamps.stamp(DIGEST)
    with configured("http://127.0.0.1:9/", authority), pytest.raises(timestamps.TimestampRefused):
        timestamps.verified(token, DIGEST)


def test_a_certificate_of_the_same_authority_for_another_use_is_not_believed(
    authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "tsa").mkdir()
    key = new_key(tmp_path / "tsa" / "tsa.key.pem")
    chain = authority.issue_for_gateway("ID-DEMO/GOV/X/GW1", "X", key.public_key())
    (tmp_path / "tsa" / "tsa.pem").write_text(chain)
    with running(authority, tmp_path / "tsa"), pytest.raises(timestamps.TimestampRefused):
        timestamps.stamp(DIGEST)


def test_a_changed_token_is_not_believed(tsa: Tsa) -> None:
    token = timestamps.stamp(DIGEST).token
    with pytest.raises(timestamps.TimestampRefused, match="imprint"):
        timestamps.verified(token, bytes(32))
    content = cms.ContentInfo.load(token)
    info = content["content"]["encap_content_info"]["content"].parsed
    at = token.index(info["gen_time"].contents) + len(info["gen_time"].contents) - 2
    changed = token[:at] + (b"0" if token[at : at + 1] != b"0" else b"1") + token[at + 1 :]
    with pytest.raises(timestamps.TimestampRefused):
        timestamps.verified(changed, DIGEST)
    for broken in (b"", token[:-1], b"x" * 40, token + b"x"):
        with pytest.raises(timestamps.TimestampRefused):
            timestamps.verified(broken, DIGEST)


def test_a_clock_far_away_is_not_believed(tsa: Tsa, monkeypatch: pytest.MonkeyPatch) -> None:
    later = now() + timedelta(hours=1)
    monkeypatch.setattr(timestamps, "now", lambda: later)
    with pytest.raises(timestamps.TimestampRefused, match="time"):
        timestamps.stamp(DIGEST)


def test_only_sha256_is_asked_for(authority: Authority, tmp_path: Path) -> None:
    signer: Signer = open_signer(authority, tmp_path / "tsa")
    assert signer.chain
    with pytest.raises(ValueError, match="SHA-256"):
        timestamps.stamp(b"short")


def test_a_loop_pauses_after_a_failure_and_works_again() -> None:
    tries = []

    def work() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise timestamps.TimestampUnavailable
        return 7

    assert timestamps.patiently("test", work) == 0
    assert timestamps.patiently("test", work) == 0
    assert len(tries) == 1
    timestamps._patience["test"] = (1, 0.0)
    assert timestamps.patiently("test", work) == 7
    assert "test" not in timestamps._patience
