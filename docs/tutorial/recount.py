"""Count a vote again, and check its signatures, with Python's standard library only (3.9 or later).

``python3 recount.py suara.json`` reads the file of the page "vote counted again". For each ballot it reads
the statement, checks the passkey's signature over it (WebAuthn Level 3, 7.2: the challenge is the statement's
SHA-256), adds the choices up, and climbs from the decision's entry to the root of the log (RFC 9162,
2.1.3.2). What it does not check: whose key a key is, and the signature on the log's root; compare that root
with one you were given elsewhere. Keys: ES256 (FIPS 186-5), EdDSA on Curve25519 (RFC 8032), RS256 (RFC 8017).
"""

from __future__ import annotations

import base64
import json
import sys
from hashlib import sha256, sha512
from pathlib import Path

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Q = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


def main(file: str) -> int:
    """Say what the ballots add up to, and whether everything fits."""
    vote = json.loads(Path(file).read_text(encoding="utf-8"))
    wrong, choices = [], []
    for ballot in vote["ballots"]:
        wrong += [f"{ballot['office']}: {fault}" for fault in faults(ballot, vote)]
        choices.append(json.loads(ballot["statement"] or "{}").get("ballot"))
    counted = {name: choices.count(name) for name in ("yes", "no", "abstain")}
    signed = sum(ballot["signature"] is not None for ballot in vote["ballots"])
    if len({ballot["seat"] for ballot in vote["ballots"]}) != len(choices):
        wrong.append("a seat stands there twice")
    if {name: (vote["counted"] or {}).get(name) for name in counted} != counted:
        wrong.append(f"recorded is {vote['counted']}")
    wrong += decision_faults(vote, counted)
    print(", ".join(f"{name} {number}" for name, number in counted.items()), f"({signed} signed)")
    for fault in wrong:
        print(f"WRONG: {fault}")
    print("something does not fit" if wrong else "everything fits")
    return 1 if wrong else 0


def faults(ballot: dict, vote: dict) -> list[str]:
    """Return what is wrong with one ballot: another vote's statement, or a signature of something else."""
    said = json.loads(ballot["statement"] or "{}")
    wanted = {name: vote[name] for name in ("papers", "poll", "session")} | {"seat": ballot["seat"]}
    found = [f"the statement is about another {name}" for name, it in wanted.items() if said.get(name) != it]
    if ballot["signature"] is not None and not signs(ballot["signature"], ballot["statement"].encode()):
        found.append("the signature does not hold")
    return found


def decision_faults(vote: dict, counted: dict[str, int]) -> list[str]:
    """Return what is wrong with the decision's entry; without one there is nothing to check."""
    entry = vote["decision"]
    if entry is None:
        print("the decision is not in the log yet")
        return []
    record = json.dumps(entry["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    leaf = sha256(b"\x00" + sha256(bytes.fromhex(entry["salt"]) + record).digest()).digest()
    path = [bytes.fromhex(step) for step in entry["path"]]
    root = climb(leaf, entry["leaf_index"], entry["tree_size"], path)
    size, written = entry["checkpoint"].split("\n")[1:3]
    if root != base64.b64decode(written) or int(size) != entry["tree_size"]:
        return ["the decision's entry is not in that log"]
    detail = entry["record"]["detail"]
    print(f"the decision is entry {entry['leaf_index'] + 1} of {size}; root of the log {written}")
    same = detail.get("poll") == vote["poll"] and detail.get("papers") == vote["papers"]
    tally = {name: detail.get("tally", {}).get(name) for name in counted}
    return [] if same and tally == counted else ["the decision in the log has other numbers"]


def climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a leaf and its path lead to."""
    last, result = size - 1, leaf
    for sibling in path:
        if index % 2 or index == last:
            result = sha256(b"\x01" + sibling + result).digest()
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            result = sha256(b"\x01" + result + sibling).digest()
        index, last = index // 2, last // 2
    return result


def signs(signature: dict, statement: bytes) -> bool:
    """Say whether a passkey answered exactly this statement."""
    try:
        client, device = unpacked(signature["client_data"]), unpacked(signature["authenticator_data"])
        challenge = unpacked(json.loads(client)["challenge"])
        key, data = signature["key"], device + sha256(client).digest()
        check = {-7: es256, -8: ed25519, -257: rs256}[key["alg"]]
        return challenge == sha256(statement).digest() and check(key, data, unpacked(signature["signature"]))
    except (KeyError, ValueError, IndexError, TypeError):
        return False


def unpacked(text: str) -> bytes:
    """Read base64url without its filling."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def es256(key: dict, data: bytes, signature: bytes) -> bool:
    """ECDSA on P-256 with SHA-256; the signature is two numbers in DER."""
    place = 4 + signature[3]
    r, s = (int.from_bytes(part, "big") for part in (signature[4:place], signature[place + 2 :]))
    x, y = int(key["x"], 16), int(key["y"], 16)
    if not (0 < r < N and 0 < s < N) or (y * y - x**3 + 3 * x - B) % P:
        return False
    inverse, digest = pow(s, -1, N), int.from_bytes(sha256(data).digest(), "big")
    found = added(times(digest * inverse % N, G), times(r * inverse % N, (x, y)))
    return found is not None and found[0] % N == r


def added(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    """Add two points of P-256; None is the one at infinity."""
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u and (y + v) % P == 0:
        return None
    slope = (3 * x * x - 3) * pow(2 * y, -1, P) if x == u else (v - y) * pow(u - x, -1, P)
    w = (slope * slope - x - u) % P
    return w, (slope * (x - w) - y) % P


def times(number: int, point: tuple[int, int] | None) -> tuple[int, int] | None:
    """Add a point to itself so many times."""
    result = None
    while number:
        result = added(result, point) if number & 1 else result
        point, number = added(point, point), number >> 1
    return result


def rs256(key: dict, data: bytes, signature: bytes) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256."""
    modulus, exponent = int(key["n"], 16), int(key["e"], 16)
    length = (modulus.bit_length() + 7) // 8
    shown = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(length, "big")
    told = SHA256_PREFIX + sha256(data).digest()
    return shown == b"\x00\x01" + b"\xff" * (length - 3 - len(told)) + b"\x00" + told


def ed25519(key: dict, data: bytes, signature: bytes) -> bool:
    """EdDSA on Curve25519: S·B = R + k·A."""
    public, first, s = bytes.fromhex(key["x"]), signature[:32], int.from_bytes(signature[32:], "little")
    base = lifted((4 * pow(5, -1, Q) % Q).to_bytes(32, "little"))
    k = int.from_bytes(sha512(first + public + data).digest(), "little") % L
    if s >= L or len(first) != len(public):
        return False
    return scaled(s, base) == summed(lifted(first), scaled(k, lifted(public)))


def lifted(packed: bytes) -> tuple[int, int]:
    """Find the point of Curve25519 that 32 bytes stand for."""
    number = int.from_bytes(packed, "little")
    y, odd = number % 2**255, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(square, (Q + 3) // 8, Q)
    x = x if (x * x - square) % Q == 0 else x * pow(2, (Q - 1) // 4, Q) % Q
    if (x * x - square) % Q or y >= Q:
        raise ValueError
    return (x if x % 2 == odd else Q - x), y


def summed(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Add two points of Curve25519."""
    (x, y), (u, v) = one, other
    both = D * x * u * y * v % Q
    return (x * v + u * y) * pow(1 + both, -1, Q) % Q, (y * v + x * u) * pow(1 - both, -1, Q) % Q


def scaled(number: int, point: tuple[int, int]) -> tuple[int, int]:
    """Add a point of Curve25519 to itself so many times."""
    result = (0, 1)
    while number:
        result = summed(result, point) if number & 1 else result
        point, number = summed(point, point), number >> 1
    return result


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
