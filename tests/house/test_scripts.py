"""Branches of the browser's scripts that no journey reaches, run by Node with hardly a browser around."""

import json
import subprocess

import pytest

from pendopo.entrypoints.assets import node_program
from pendopo.entrypoints.places import CHECKOUT

PASSKEY = CHECKOUT / "src" / "pendopo" / "identity" / "static" / "identity" / "passkey.js"
BROWSER = """
const seen = { reloads: 0, asked: 0, said: [] };
let pressed;
const line = { dataset: { say: "failed" }, set hidden(value) { if (!value) seen.said.push("failed"); } };
const form = {
  elements: {},
  dataset: { challenge: "/challenge/", passkey: "get" },
  closest: () => ({}),
  querySelectorAll: () => [line],
  addEventListener: (_name, listener) => { pressed = listener; },
};
globalThis.window = { PublicKeyCredential: {} };
const credentials = { get: () => { seen.asked += 1; } };
Object.defineProperty(globalThis, "navigator", { value: { credentials } });
globalThis.location = { reload: () => { seen.reloads += 1; } };
globalThis.document = { querySelectorAll: (wanted) => (wanted.startsWith("form") ? [form] : []) };
globalThis.fetch = async () => ({ status: STATUS, ok: STATUS < 300, redirected: false });
"""
PRESS = "pressed({ preventDefault() {} }).then(() => console.log(JSON.stringify(seen)));"


def pressed(status: int) -> dict[str, object]:
    """Press the passkey button while the challenge is answered with a status; return what happened."""
    program = "\n".join([BROWSER.replace("STATUS", str(status)), PASSKEY.read_text("utf-8"), PRESS])
    done = subprocess.run(
        [node_program(), "-"], input=program, capture_output=True, text=True, check=True, timeout=60
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(("status", "reloads"), [(429, 0), (403, 1), (500, 1)])
def test_whoever_asks_too_often_is_told_so_and_no_page_is_loaded_anew(status: int, reloads: int) -> None:
    assert pressed(status) == {"reloads": reloads, "asked": 0, "said": ["failed"]}
