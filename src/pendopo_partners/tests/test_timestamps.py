"""The time-stamping authority, judged by OpenSSL; what it refuses; how it misbehaves when told to."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from asn1crypto import algos, core, tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from pendopo_partners import ProductionRefusedError
from pendopo_partners.authority import open_authority
from pendopo_partners.timestamps import POLICY, QUERY, REPLY, open_signer

DATA = b"a sealed document"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


@dataclass(frozen=True, slots=True)
class Tsa:
    """One that runs."""

    url: str
    root: Path
    folder: Path

    def ask(self, request: bytes, media_type: str = QUERY) -> bytes:
        post = urllib.request.Request(self.url, data=request, headers={"Content-Type": media_type})
        with urllib.request.urlopen(post, timeout=20) as answer:
            assert answer.headers["Content-Type"] == REPLY
            return bytes(answer.read())


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tsa]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    here = tmp_path_factory.mktemp("tsa")
    open_authority(here / "ca", crl_base=f"http://127.0.0.1:{port}/crl")
    folders = ["--authority", str(here / "ca"), "--folder", str(here / "tsa")]
    command = [sys.executable, "-m", "pendopo_partners.timestamps", "--listen", f"127.0.0.1:{port}", *folders]
    server = subprocess.Popen(command, env=os.environ | {"PENDOPO_PRODUCTION": "0"})
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Tsa(f"http://127.0.0.1:{port}/", here / "ca" / "root.pem", here / "tsa")
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


def query(**changes: object) -> bytes:
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "hashed_message": hashlib.sha256(DATA).digest(),
    }
    values = {"version": 1, "message_imprint": imprint, "nonce": 12345, "cert_req": True}
    return bytes(tsp.TimeStampReq(values | changes).dump())


def info(answer: bytes) -> tsp.TSTInfo:
    token = tsp.TimeStampResp.load(answer)["time_stamp_token"]
    return token["content"]["encap_content_info"]["content"].parsed


def failure(answer: bytes) -> object:
    status = core.Sequence.load(answer)[0].dump()
    return tsp.PKIStatusInfo.load(status)["fail_info"].native


def openssl(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", "ts", *words], capture_output=True, text=True, check=False)


@needs_openssl
@pytest.mark.conformance
def test_openssl_accepts_an_answer_to_its_own_question(tsa: Tsa, tmp_path: Path) -> None:
    data, question, reply = tmp_path / "data", tmp_path / "q.tsq", tmp_path / "r.tsr"
    data.write_bytes(DATA)
    made = openssl("-query", "-data", str(data), "-sha256", "-cert", "-out", str(question))
    assert made.returncode == 0, made.stderr
    reply.write_bytes(tsa.ask(question.read_bytes()))
    checked = openssl("-verify", "-in", str(reply), "-queryfile", str(question), "-CAfile", str(tsa.root))
    assert "Verification: OK" in checked.stdout, checked.stderr
    data.write_bytes(b"another document")
    checked = openssl("-verify", "-in", str(reply), "-data", str(data), "-CAfile", str(tsa.root))
    assert checked.returncode != 0
    assert "message imprint mismatch" in checked.stderr


@needs_openssl
@pytest.mark.conformance
def test_openssl_verifies_the_chain_against_the_revocation_lists(tsa: Tsa, tmp_path: Path) -> None:
    lists = []
    for name in ("root", "timestamps"):
        with urllib.request.urlopen(f"{tsa.url}crl/{name}.crl", timeout=20) as answer:
            (tmp_path / f"{name}.crl").write_bytes(answer.read())
        lists += ["-CRLfile", str(tmp_path / f"{name}.crl")]
    chain = tsa.folder / "tsa.pem"
    command = ["openssl", "verify", "-crl_check_all", "-CAfile", str(tsa.root), *lists]
    command += ["-untrusted", str(chain), "-purpose", "timestampsign", str(chain)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_the_certificate_is_for_time_stamps_only_and_says_where_revocation_is_told(tsa: Tsa) -> None:
    leaf = x509.load_pem_x509_certificates((tsa.folder / "tsa.pem").read_bytes())[0]
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    points = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert str(points[0].full_name).count("/crl/timestamps.crl") == 1


def test_it_echoes_the_nonce_and_sends_certificates_only_when_asked(tsa: Tsa) -> None:
    assert info(tsa.ask(query()))["nonce"].native == 12345
    bare = tsp.TimeStampResp.load(tsa.ask(query(nonce=None, cert_req=False)))["time_stamp_token"]["content"]
    assert bare["certificates"].native is None
    assert bare["encap_content_info"]["content"].parsed["nonce"].native is None


@pytest.mark.parametrize(
    ("request_der", "bit"),
    [
        (b"", "bad_data_format"),
        (b"not asn.1 at all", "bad_data_format"),
        (query() + b"\x00", "bad_data_format"),
        (query(req_policy="1.2.3"), "unaccepted_policy"),
        (
            query(message_imprint={"hash_algorithm": {"algorithm": "md5"}, "hashed_message": bytes(16)}),
            "bad_alg",
        ),
        (
            query(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(20)}),
            "bad_data_format",
        ),
    ],
)
def test_what_it_refuses(tsa: Tsa, request_der: bytes, bit: str) -> None:
    assert failure(tsa.ask(request_der)) == {bit}


def test_its_own_policy_may_be_asked_for(tsa: Tsa) -> None:
    assert info(tsa.ask(query(req_policy=POLICY)))["policy"].native == POLICY


def test_other_media_types_and_paths_are_refused(tsa: Tsa) -> None:
    with pytest.raises(urllib.error.HTTPError, match="415"):
        tsa.ask(query(), "application/json")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{tsa.url}crl/nobody.crl", timeout=20)
    with pytest.raises(urllib.error.HTTPError, match="413"):
        tsa.ask(bytes(70_000))


def test_it_misbehaves_on_command_and_recovers(tsa: Tsa) -> None:
    order = tsa.folder / "answer"
    try:
        order.write_text("wrong-nonce\n")
        assert info(tsa.ask(query()))["nonce"].native == 12346
        order.write_text("no-nonce")
        assert info(tsa.ask(query()))["nonce"].native is None
        order.write_text("wrong-imprint")
        assert (
            info(tsa.ask(query()))["message_imprint"]["hashed_message"].native
            != hashlib.sha256(DATA).digest()
        )
        order.write_text("refuse")
        assert failure(tsa.ask(query())) == {"system_failure"}
        order.write_text("garbage")
        assert tsa.ask(query()) == b"garbage"
        order.write_text("slow 1")
        start = time.monotonic()
        tsa.ask(query())
        assert time.monotonic() - start >= 1
        order.write_text("not-found")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            tsa.ask(query())
    finally:
        order.unlink()
    assert info(tsa.ask(query()))["nonce"].native == 12345


def test_key_and_chain_stay_the_same(tsa: Tsa) -> None:
    authority = open_authority(tsa.root.parent)
    assert open_signer(authority, tsa.folder).chain == open_signer(authority, tsa.folder).chain
    assert (tsa.folder / "tsa.key.pem").stat().st_mode & 0o077 == 0


def test_an_older_authority_gets_the_missing_issuer(tmp_path: Path) -> None:
    before = open_authority(tmp_path / "ca").root_file.read_bytes()
    for file in (tmp_path / "ca").glob("issuing-timestamps*"):
        file.unlink()
    authority = open_authority(tmp_path / "ca")
    assert authority.root_file.read_bytes() == before
    leaf, issuing = open_signer(authority, tmp_path / "tsa").chain
    leaf.verify_directly_issued_by(issuing)


def test_it_does_not_work_for_production(tmp_path: Path) -> None:
    words = [
        "--listen",
        "127.0.0.1:1",
        "--authority",
        str(tmp_path / "ca"),
        "--folder",
        str(tmp_path / "tsa"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pendopo_partners.timestamps", *words],
        env=os.environ | {"PENDOPO_PRODUCTION": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ProductionRefusedError.__name__ in done.stderr
    assert not (tmp_path / "ca").exists()
