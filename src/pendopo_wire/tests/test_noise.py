"""Readers and noise: whatever comes in, a reader returns a value or raises a ``WireError``, nothing else."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo_wire import access, canonical, checkpoint, note, signatures
from pendopo_wire.errors import WireError
from pendopo_wire.identifiers import ServiceId, SubsystemId
from pendopo_wire.paths import Endpoint, Target
from pendopo_wire.signatures import Request, Response, Window
from pendopo_wire.snapshot import Snapshot, sign
from pendopo_wire.tests.registry import ANCHOR, ANCHOR_KEY, ANCHOR_NAME, new_keys, snapshot

KEYS = new_keys()
SIGNED = sign(snapshot(KEYS), name=ANCHOR_NAME, key=ANCHOR_KEY)
PIECES = [*'/%A+{é\n\x00\ud800"', "/r1/", "..", "%2e", "\n\n— ", "AAAA", "\\u", "sig=:"]
noise = st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda text: access.verify(text, lambda _keyid: KEYS.hall.public_key()), id="access"),
        pytest.param(lambda text: canonical.loads(text.encode("utf-8", "replace")), id="canonical"),
        pytest.param(checkpoint.parse_text, id="checkpoint"),
        pytest.param(note.parse_verifier_key, id="verifier key"),
        pytest.param(lambda text: note.verified_text(text, ANCHOR), id="note"),
        pytest.param(ServiceId.parse, id="service"),
        pytest.param(SubsystemId.parse, id="subsystem"),
        pytest.param(Target.parse, id="target"),
        pytest.param(lambda text: Endpoint.checked("GET", text), id="endpoint"),
        pytest.param(lambda text: Snapshot.load(text, ANCHOR), id="snapshot"),
    ],
)
@given(text=noise)
def test_noise_is_refused_in_one_way(read: Callable[[str], object], text: str) -> None:
    with suppress(WireError):
        read(text)


@given(name=st.sampled_from((*signatures.REQUEST_HEADERS, "signature", "signature-input")), value=noise)
def test_noise_in_a_header_is_refused_in_one_way(name: str, value: str) -> None:
    headers = {"x-road-client": "a", "x-road-id": "b", "content-digest": signatures.content_digest(b"")}
    headers |= {"signature-input": "sig=()", "signature": "sig=:AA==:", name: value}
    request = Request("GET", "https://h/", tuple(headers.items()))
    response = Response(200, request.headers)
    with pytest.raises(WireError):
        signatures.verify_request(request, b"", keys=lambda _keyid: None, window=Window(now=0))
    with pytest.raises(WireError):
        signatures.verify_response(response, b"", request, keys=lambda _keyid: None, window=Window(now=0))


@given(position=st.integers(0, len(SIGNED) - 1), character=st.sampled_from('aZ0\n{}",:—= '))
def test_one_changed_character_never_passes_for_the_same_snapshot(position: int, character: str) -> None:
    changed = SIGNED[:position] + character + SIGNED[position + 1 :]
    if changed == SIGNED:
        return
    with pytest.raises(WireError):
        Snapshot.load(changed, ANCHOR)
