"""The population office's real interface behind two real gateways, and the ways in which it can fail.

Between the gateways' service side and the office stands a front (``tests.contracts.front``): it hands
questions on, and may answer in the office's place or change what the office said. The office acts all the
same, as it does in life when only its answer goes wrong.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pendopo.exchange.actions.add_server import ServerFiles, add_server
from pendopo.exchange.actions.load import load
from pendopo.exchange.gateway import http_client
from pendopo.exchange.snapshots import write_snapshot
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.settings import current
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView
from pendopo.registers import queries
from pendopo.registers.actions.seed import seed, villages
from pendopo.registers.models import Birth
from pendopo.registers.synthetic import make
from pendopo.registers.synthetic.people import Cast, CastMother
from tests.contracts.front import Front, Reply, office_front, office_server
from tests.contracts.gateways import Pair, Site, make_pair, running

AWAY, UNUSABLE = "population", "population_answer"
LARGER_THAN_ANY_GATEWAY_TAKES = 11 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Standing:
    """Gateways, front and people."""

    pair: Pair
    front: Front
    cast: Cast

    def births_of(self, mother: CastMother) -> int:
        """How many births of a mother the register holds."""
        return Birth.objects.filter(mother=queries.find(mother.nik)).count()

    def children_of(self, mother: CastMother) -> int:
        """How many children of a mother the register knows, however they came into it."""
        row = queries.find(mother.nik)
        assert row is not None
        return row.children_of_mother.count()

    def mend(self) -> None:
        """Let everything answer as it should."""
        self.front.mood, self.front.twist = "pass", None


@contextmanager
def standing(folder: Path) -> Iterator[Standing]:
    """Start it on the present database; what the office enters is committed and is the caller's to remove."""
    with pytest.MonkeyPatch.context() as patch, office_server() as office:
        seed(people=240)
        with office_front(office) as front:
            pair = _pair(folder, front)
            patch.setenv("PENDOPO_GATEWAY_URL", pair.hall.url)
            patch.setenv("PENDOPO_GATEWAY_TOKEN_FILE", str(pair.hall_token))
            current.cache_clear()
            try:
                with running(pair):
                    yield Standing(pair, front, make.cast(villages()))
            finally:
                http_client().close()
    current.cache_clear()


def _pair(folder: Path, front: Front) -> Pair:
    token_file = current().provider_token_file
    assert token_file is not None
    pair = make_pair(folder, f"http://127.0.0.1:{front.port}", token_file.read_text().strip())
    load(SYSTEM)
    for site in (pair.hall, pair.office):
        files = ServerFiles(
            (site.folder / "tls-chain.pem").read_bytes(), (site.folder / "signing-public.pem").read_bytes()
        )
        add_server(f"{site.member}/GW1", site.peer_address, files, SYSTEM)
    write_snapshot(pair.registry)
    return pair


def digital_id(mother: CastMother) -> SubjectView:
    """Give a mother of the register a Digital ID."""
    person = queries.find(mother.nik)
    assert person is not None
    return people.a_person(mother.nik, queries.name_of(person), email=None)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to fail: how to begin it, how to end it, and what people should be told meanwhile."""

    told: str
    begin: Callable[[Standing], None]
    end: Callable[[Standing], None] = Standing.mend
    acts: bool = True
    """Whether the office carries a command out although its answer is lost or spoilt."""


def _twist(change: Callable[[Reply], Reply]) -> Callable[[Standing], None]:
    def begin(there: Standing) -> None:
        there.front.twist = change

    return begin


def _said(body: bytes) -> Callable[[Standing], None]:
    return _twist(lambda reply: replace(reply, body=body))


def _changed(change: Callable[[dict[str, object]], None]) -> Callable[[Standing], None]:
    def twisted(reply: Reply) -> Reply:
        said = json.loads(reply.body)
        change(said)
        return replace(reply, body=json.dumps(said).encode())

    return _twist(twisted)


def _status(status: int) -> Callable[[Standing], None]:
    problem = {"Content-Type": "application/problem+json"}
    return _twist(lambda _reply: Reply(status, problem, b'{"code": "registers.failed"}'))


def _slowly(reply: Reply) -> Reply:
    time.sleep(2.0)  # the gateway waits 1.5 s
    return reply


def _lost(there: Standing) -> None:
    there.front.mood = "late-answer-lost"


def _refused(there: Standing) -> None:
    there.front.mood = "cut"


def _without_subjects(reply: Reply) -> Reply:
    kept = {name: value for name, value in reply.headers.items() if name.lower() != "x-exchange-subjects"}
    return replace(reply, headers=kept)


def _gateway_down(there: Standing) -> None:
    there.pair.office.stop()


def _gateway_up(there: Standing) -> None:
    there.pair.office.start()


def _wrong_key(there: Standing) -> None:
    """The office's gateway signs with a key that nobody registered for it."""
    site = there.pair.office
    key = site.folder / "signing-key.pem"
    key.rename(site.folder / "registered-key.pem")
    key.touch(mode=0o600)
    key.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    _restart(site)


def _right_key(there: Standing) -> None:
    site = there.pair.office
    (site.folder / "registered-key.pem").rename(site.folder / "signing-key.pem")
    _restart(site)


def _restart(site: Site) -> None:
    site.stop()
    site.start()


WAYS: Mapping[str, Way] = {
    "its gateway is down": Way(AWAY, _gateway_down, _gateway_up, acts=False),
    "it hangs up": Way(AWAY, _refused, acts=False),
    "it hangs up after acting": Way(AWAY, _lost),
    "it is slower than anybody waits": Way(AWAY, _twist(_slowly)),
    "status 503": Way(AWAY, _status(503)),
    "status 500": Way(UNUSABLE, _status(500)),
    "cut JSON": Way(UNUSABLE, _twist(lambda reply: replace(reply, body=reply.body[: len(reply.body) // 2]))),
    "no JSON": Way(UNUSABLE, _said(b"<html>maintenance</html>")),
    "an empty answer": Way(UNUSABLE, _said(b"")),
    "another schema": Way(UNUSABLE, _changed(lambda said: said.update(surprise=1))),
    "a huge answer": Way(UNUSABLE, _said(b" " * LARGER_THAN_ANY_GATEWAY_TAKES)),
    "an answer that names nobody": Way(UNUSABLE, _twist(_without_subjects)),
    "an answer signed by a key that is not its own": Way(UNUSABLE, _wrong_key, _right_key),
}
"""How an office can fail, and whether that is "away" or "answered something that we cannot use"."""

__all__ = ["AWAY", "UNUSABLE", "WAYS", "Standing", "Way", "digital_id", "standing"]
