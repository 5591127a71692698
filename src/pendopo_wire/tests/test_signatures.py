"""The signature profile: what it accepts, what it refuses, and what another implementation says of it."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ECDSA_P256_SHA256
from http_message_signatures.exceptions import InvalidSignature

from pendopo_wire import signatures
from pendopo_wire.errors import SignatureError
from pendopo_wire.signatures import Header, Request, Response, Window
from pendopo_wire.tests.registry import HALL, SERVICE, Keys, new_keys
from pendopo_wire.tests.schemas import schemas

NOW = 1_772_424_306
NONCE = "0123456789abcdef0123456789abcdef"
BODY = b'{"fields":["name"]}'
ANSWER = b'{"name":"Siti"}'
WINDOW = Window(now=NOW)
TARGET = f"https://127.0.0.1:8202/r1/{SERVICE}/persons?x=1"


@pytest.fixture(scope="module")
def keys() -> Keys:
    return new_keys()


@pytest.fixture
def find(keys: Keys) -> Callable[[str], EllipticCurvePublicKey | None]:
    known = {keys.hall_id: keys.hall.public_key(), keys.office_id: keys.office.public_key()}
    return known.get


@pytest.fixture
def request_(keys: Keys) -> Request:
    plain = Request(
        "POST",
        TARGET,
        (
            ("X-Road-Client", str(HALL)),
            ("X-Road-Id", "ID-DEMO-1"),
            ("X-Road-UserId", "pseudonym"),
            ("Content-Type", "application/json"),
            ("Content-Digest", signatures.content_digest(BODY)),
            ("X-Exchange-Purpose", "civil-registration.birth"),
            ("X-Exchange-Legal-Basis", "uu-24-2013"),
            ("X-Exchange-Subject", "aaa, bbb"),
            ("Idempotency-Key", "k-1"),
            ("Host", "not covered"),
        ),
    )
    added = signatures.sign_request(
        plain, key=keys.hall, keyid=keys.hall_id, created=NOW, expires=NOW + 60, nonce=NONCE
    )
    return replace(plain, headers=plain.headers + added)


@pytest.fixture
def response(keys: Keys, request_: Request) -> Response:
    plain = Response(
        200,
        (
            ("content-type", "application/json"),
            ("content-digest", signatures.content_digest(ANSWER)),
            ("x-road-id", "ID-DEMO-1"),
            ("x-exchange-subjects", "aaa"),
            ("x-exchange-fields", "name"),
        ),
    )
    added = signatures.sign_response(plain, request_, key=keys.office, keyid=keys.office_id, created=NOW)
    return replace(plain, headers=plain.headers + added)


def changed(headers: tuple[Header, ...], name: str, value: str) -> tuple[Header, ...]:
    assert any(key.lower() == name for key, _value in headers)
    return tuple((key, value if key.lower() == name else old) for key, old in headers)


def without(headers: tuple[Header, ...], name: str) -> tuple[Header, ...]:
    return tuple(header for header in headers if header[0].lower() != name)


def test_a_signed_request_is_accepted(request_: Request, find: signatures.KeyFinder, keys: Keys) -> None:
    verified = signatures.verify_request(request_, BODY, keys=find, window=WINDOW)
    assert (verified.keyid, verified.created, verified.expires) == (keys.hall_id, NOW, NOW + 60)
    assert verified.nonce == NONCE
    assert verified.exchange_id == signatures.request_exchange_id(request_)
    assert len(verified.exchange_id) == 43


def test_parameters_count_in_any_order(keys: Keys, find: signatures.KeyFinder, request_: Request) -> None:
    headers = tuple(header for header in request_.headers if not header[0].startswith("signature"))
    claimed = dict(request_.headers)["signature-input"]
    covered, _semicolon, parameters = claimed.removeprefix("sig=").partition(";")
    turned = ";" + ";".join(reversed(parameters.split(";")))
    lines = [(item, dict_of(request_)[item]) for item in covered.strip("()").split(" ")]
    signature = signatures.sign_raw(keys.hall, signatures.signature_base(lines, turned))
    added = (
        ("signature-input", f"sig={covered}{turned}"),
        ("signature", f"sig=:{b64encode(signature).decode()}:"),
    )
    verified = signatures.verify_request(
        replace(request_, headers=headers + added), BODY, keys=find, window=WINDOW
    )
    assert (verified.created, verified.expires, verified.nonce) == (NOW, NOW + 60, NONCE)
    assert verified.keyid == keys.hall_id


def dict_of(request: Request) -> dict[str, str]:
    """Values of components by their serialised identifiers."""
    headers = {f'"{name.lower()}"': value for name, value in request.headers}
    return headers | {'"@method"': request.method, '"@target-uri"': request.target_uri}


def test_the_name_given_at_signing_is_the_one_that_the_verifier_finds(
    keys: Keys, find: signatures.KeyFinder, request_: Request
) -> None:
    plain = replace(request_, headers=without(without(request_.headers, "signature"), "signature-input"))
    added, name = signatures.sign_and_name_request(
        plain, key=keys.hall, keyid=keys.hall_id, created=NOW, expires=NOW + 60, nonce=NONCE
    )
    signed = replace(plain, headers=plain.headers + added)
    assert name == signatures.verify_request(signed, BODY, keys=find, window=WINDOW).exchange_id


@pytest.mark.parametrize(
    "name", [name for name in signatures.REQUEST_HEADERS if not name.startswith(("if-", "accept"))]
)
def test_no_covered_header_can_be_changed_or_taken_away(
    request_: Request, find: signatures.KeyFinder, name: str
) -> None:
    if name in {"x-road-issue", "content-encoding"}:
        added = replace(request_, headers=(*request_.headers, (name, "smuggled")))
        with pytest.raises(SignatureError):
            signatures.verify_request(added, BODY, keys=find, window=WINDOW)
        return
    for headers in (changed(request_.headers, name, "other"), without(request_.headers, name)):
        with pytest.raises(SignatureError):
            signatures.verify_request(replace(request_, headers=headers), BODY, keys=find, window=WINDOW)


def test_duplicates_are_refused(request_: Request, find: signatures.KeyFinder) -> None:
    for name in ("x-road-client", "x-exchange-purpose", "signature", "signature-input", "content-digest"):
        again = next(header for header in request_.headers if header[0].lower() == name)
        with pytest.raises(SignatureError):
            signatures.verify_request(
                replace(request_, headers=(*request_.headers, again)), BODY, keys=find, window=WINDOW
            )


def test_method_target_and_body_are_bound(request_: Request, find: signatures.KeyFinder) -> None:
    for other in (
        replace(request_, method="PUT"),
        replace(request_, target_uri=TARGET.replace("persons", "births")),
    ):
        with pytest.raises(SignatureError):
            signatures.verify_request(other, BODY, keys=find, window=WINDOW)
    with pytest.raises(SignatureError):
        signatures.verify_request(request_, BODY + b" ", keys=find, window=WINDOW)


@pytest.mark.parametrize(("now", "accepted"), [(-6, False), (-5, True), (0, True), (65, True), (66, False)])
def test_the_time_window(request_: Request, find: signatures.KeyFinder, now: int, accepted: bool) -> None:
    window = Window(now=NOW + now)
    if accepted:
        signatures.verify_request(request_, BODY, keys=find, window=window)
        return
    with pytest.raises(SignatureError):
        signatures.verify_request(request_, BODY, keys=find, window=window)


@pytest.mark.parametrize("life", [0, -1, 61])
def test_a_life_outside_the_profile_is_refused(
    request_: Request, keys: Keys, find: signatures.KeyFinder, life: int
) -> None:
    plain = replace(request_, headers=without(without(request_.headers, "signature"), "signature-input"))
    added = signatures.sign_request(
        plain, key=keys.hall, keyid=keys.hall_id, created=NOW, expires=NOW + life, nonce=NONCE
    )
    with pytest.raises(SignatureError):
        signatures.verify_request(
            replace(plain, headers=plain.headers + added), BODY, keys=find, window=WINDOW
        )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sig=(", "sig1=("),
        (' "content-digest"', ""),
        ('"x-road-client" "x-road-id"', '"x-road-id" "x-road-client"'),
        (";nonce=", ';alg="ecdsa-p256-sha256";nonce='),
        (f";created={NOW}", ""),
        (";tag=", ';tag="x";tag='),
        ('-request"', '-response"'),
        (")", ' "accept")'),
        (";created=", ";created=0"),
        (";expires=", "; expires="),
    ],
)
def test_any_other_spelling_of_the_input_is_refused(
    request_: Request, find: signatures.KeyFinder, old: str, new: str
) -> None:
    value = dict(request_.headers)["signature-input"]
    assert old in value
    forged = replace(
        request_, headers=changed(request_.headers, "signature-input", value.replace(old, new, 1))
    )
    with pytest.raises(SignatureError):
        signatures.verify_request(forged, BODY, keys=find, window=WINDOW)


def test_a_signature_has_one_spelling(request_: Request, find: signatures.KeyFinder) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    value = dict(request_.headers)["signature"]
    forged = value[:-4] + alphabet[alphabet.index(value[-4]) + 1] + value[-3:]
    assert b64decode(forged[5:-1]) == b64decode(value[5:-1])
    headers = changed(request_.headers, "signature", forged)
    with pytest.raises(SignatureError):
        signatures.verify_request(replace(request_, headers=headers), BODY, keys=find, window=WINDOW)


@pytest.mark.parametrize(
    "value", ["", "sig=::", "sig=:AAAA:", "sig=:" + "A" * 86 + "==:", "sig=:" + "/" * 86 + "==:"]
)
def test_values_that_are_no_signature(request_: Request, find: signatures.KeyFinder, value: str) -> None:
    forged = replace(request_, headers=changed(request_.headers, "signature", value))
    with pytest.raises(SignatureError):
        signatures.verify_request(forged, BODY, keys=find, window=WINDOW)


def test_an_unknown_key_is_refused(request_: Request) -> None:
    with pytest.raises(SignatureError):
        signatures.verify_request(request_, BODY, keys=lambda _keyid: None, window=WINDOW)


def test_text_that_would_break_the_base_is_not_signed(request_: Request, keys: Keys) -> None:
    for value in ("a\nb", "é", "a\x00"):
        forged = replace(request_, headers=changed(request_.headers, "x-road-userid", value))
        with pytest.raises(SignatureError):
            signatures.sign_request(
                forged, key=keys.hall, keyid=keys.hall_id, created=NOW, expires=NOW + 60, nonce=NONCE
            )
    with pytest.raises(SignatureError):
        signatures.sign_request(
            request_, key=keys.hall, keyid=keys.hall_id, created=NOW, expires=NOW + 60, nonce='"; x="'
        )


def test_a_response_belongs_to_its_request(
    response: Response, request_: Request, keys: Keys, find: signatures.KeyFinder
) -> None:
    verified = signatures.verify_response(response, ANSWER, request_, keys=find, window=WINDOW)
    assert verified.keyid == keys.office_id
    plain = replace(request_, headers=without(without(request_.headers, "signature"), "signature-input"))
    added = signatures.sign_request(
        plain, key=keys.hall, keyid=keys.hall_id, created=NOW, expires=NOW + 60, nonce=NONCE
    )
    with pytest.raises(SignatureError):
        signatures.verify_response(
            response, ANSWER, replace(plain, headers=plain.headers + added), keys=find, window=WINDOW
        )


def test_a_response_is_bound_to_status_body_and_moment(
    response: Response, request_: Request, find: signatures.KeyFinder
) -> None:
    other = replace(response, status=404)
    hidden = replace(response, headers=without(response.headers, "x-exchange-subjects"))
    for forged in (other, hidden):
        with pytest.raises(SignatureError):
            signatures.verify_response(forged, ANSWER, request_, keys=find, window=WINDOW)
    with pytest.raises(SignatureError):
        signatures.verify_response(response, b"{}", request_, keys=find, window=WINDOW)
    with pytest.raises(SignatureError):
        signatures.verify_response(response, ANSWER, request_, keys=find, window=Window(now=NOW + 66))
    signatures.verify_response_evidence(response, request_, keys=find)


@dataclass
class Asked:
    """A request for ``http_message_signatures``."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass
class Answered:
    """A response for ``http_message_signatures``."""

    status_code: int
    headers: dict[str, str]
    request: Asked


def fields(headers: tuple[Header, ...]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def resolver(keys: Keys) -> MappingKeyResolver:
    return MappingKeyResolver(
        public_keys={keys.hall_id: keys.hall.public_key(), keys.office_id: keys.office.public_key()},
        private_keys={keys.hall_id: keys.hall, keys.office_id: keys.office},
    )


def asked(request_: Request) -> Asked:
    return Asked(request_.method, request_.target_uri, fields(request_.headers))


@pytest.mark.conformance
def test_another_implementation_accepts_what_we_sign(
    request_: Request, response: Response, keys: Keys
) -> None:
    verifier = HTTPMessageVerifier(signature_algorithm=ECDSA_P256_SHA256, key_resolver=resolver(keys))
    message = asked(request_)
    answer = Answered(response.status, fields(response.headers), message)
    with time_machine.travel(NOW, tick=False):
        assert verifier.verify(message, expect_tag=signatures.REQUEST_TAG, body=BODY)[0].nonce == NONCE
        assert verifier.verify(answer, expect_tag=signatures.RESPONSE_TAG, body=ANSWER)[0].body == ANSWER
        answer.headers["x-exchange-fields"] = "nik"
        with pytest.raises(InvalidSignature):
            verifier.verify(answer, expect_tag=signatures.RESPONSE_TAG)


@pytest.mark.conformance
def test_we_accept_what_another_implementation_signs(
    request_: Request, keys: Keys, find: signatures.KeyFinder
) -> None:
    ours = dict(request_.headers)
    covered = ours["signature-input"].removeprefix("sig=(").partition(")")[0].split(" ")
    plain = replace(request_, headers=without(without(request_.headers, "signature"), "signature-input"))
    message = asked(plain)
    HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256, key_resolver=resolver(keys)).sign(
        message,
        key_id=keys.hall_id,
        created=datetime.fromtimestamp(NOW, UTC),
        expires=datetime.fromtimestamp(NOW + 60, UTC),
        nonce=NONCE,
        label="sig",
        tag=signatures.REQUEST_TAG,
        include_alg=False,
        use_existing_digest=True,
        covered_component_ids=[item.strip('"') for item in covered],
    )
    foreign = replace(request_, headers=tuple(message.headers.items()))
    assert fields(foreign.headers)["signature"] != ours["signature"]
    signatures.verify_request(foreign, BODY, keys=find, window=WINDOW)


@pytest.mark.conformance
def test_the_ecdsa_response_of_rfc_9421() -> None:
    folder = schemas("http-signatures") / "rfc9421"
    head, _, body = (folder / "b24_response_signed.txt").read_text().partition("\n\n")
    found = {
        name.lower(): value for name, _, value in (line.partition(": ") for line in head.splitlines()[1:])
    }
    names = ("content-type", "content-digest", "content-length")
    lines = [('"@status"', "200"), *((f'"{name}"', found[name]) for name in names)]
    base = signatures.signature_base(lines, ';created=1618884473;keyid="test-key-ecc-p256"')
    assert base.decode() == (folder / "b24_response_sigbase.txt").read_text().rstrip("\n")
    key = load_pem_public_key((folder / "test-key-ecc-p256.pub").read_bytes())
    assert isinstance(key, EllipticCurvePublicKey)
    signature = b64decode(found["signature"].removeprefix("sig-b24=:").removesuffix(":"))
    signatures.verify_raw(key, signature, base)
    with pytest.raises(SignatureError):
        signatures.verify_raw(key, signature, base + b" ")
    assert body.startswith("{")
