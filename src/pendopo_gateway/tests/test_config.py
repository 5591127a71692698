"""The configuration file: every defect is told, and secrets that others can read are refused."""

import tomllib
from pathlib import Path

import pytest

from pendopo_gateway import config, faults, problems
from pendopo_gateway.errors import ConfigurationError, Spelling
from pendopo_gateway.tests.world import SERVICE, World
from pendopo_wire.snapshot import Refusal


def test_a_good_file(tmp_path: Path) -> None:
    world = World(tmp_path)
    settings = config.load(world.provider.config)
    assert settings.server == world.provider.server
    assert settings.service(SERVICE) is not None
    assert settings.limits.body_bytes == 200_000
    assert settings.spelling is Spelling.SINCE_7_8


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('member = "ID-DEMO', 'member = "ID DEMO', "member"),
        ('[information_system]\nlisten = "127.0.0.1', '[information_system]\nlisten = "0.0.0.0', "loopback"),
        ('[peer]\nlisten = "127.0.0.1:', '[peer]\nlisten = "127.0.0.1/', "peer.listen"),
        ('private_key = "signing.pem"', 'private_key = "../anchor.vkey"', "signing.private_key"),
        ("../anchor.vkey", "provider.token", "registry.anchor"),
        ('token_file = "system.token"', 'token_file = "none.token"', "clients.system"),
        ('token_file = "system.token"', 'token_file = "spy.token"', "same token"),
        ("KEPENDUDUKAN/population-v1", "KEPENDUDUKAN/listMethods", "reserved"),
        ("http://127", "ftp://127", "base_url"),
        ("service_seconds = 2.0", "service_seconds = 9.0", "service_seconds"),
        ("body_bytes = 200000", "body_bytes = 0", "body_bytes"),
        ("[limits]", "[limits]\nunknown = 1", "unknown"),
        ("[registry]", "[registry", "gateway.toml"),
    ],
)
def test_defects_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    world = World(tmp_path)
    text = world.provider.config.read_text()
    assert old in text
    world.provider.config.write_text(text.replace(old, new))
    with pytest.raises(ConfigurationError) as caught:
        config.load(world.provider.config)
    assert told in str(caught.value)


def test_all_defects_are_told_at_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    for name in ("system.token", "spy.token", "signing.pem"):
        (world.hall.folder / name).chmod(0o644)
    (world.hall.folder / "spy.token").write_text("short")
    with pytest.raises(ConfigurationError) as caught:
        config.load(world.hall.config)
    lines = str(caught.value).splitlines()
    assert sum("can be read by others" in line for line in lines) == 3
    assert sum("at least 32" in line for line in lines) == 1


def test_every_fault_and_every_refusal_has_its_sentences_in_both_languages() -> None:
    tables = {language: problems.text(language) for language in problems.LANGUAGES}
    for table in tables.values():
        assert {fault.text for fault in faults.ALL} == table.keys() - {"reason"}
        for fault in faults.ALL:
            assert table[fault.text].keys() == {"title", "cause", "remedy"}
        assert table["reason"].keys() == {refusal.value for refusal in Refusal} - {"unknown_service"}
    assert tables["id"] != tables["en"]


def test_codes_follow_the_spelling_of_their_generation() -> None:
    assert faults.NOT_AGREED_THERE.code() == "server.serverproxy.access_denied"
    assert faults.NOT_AGREED_THERE.code(Spelling.BEFORE_7_8) == "Server.ServerProxy.AccessDenied"
    assert faults.INVALID_CLIENT.code(Spelling.BEFORE_7_8) == "Client.InvalidClientIdentifier"
    assert (faults.INVALID_CLIENT.status, faults.PEER_UNREACHABLE.status) == (400, 500)


def test_the_example_in_the_documentation_names_every_key() -> None:
    documented = (config.__doc__ or "").partition("::\n")[2].partition("Certificates (")[0]
    example = tomllib.loads(documented)
    assert example["limits"].keys() == set(config.Limits.__struct_fields__)
    assert example.keys() == set(config.File.__struct_fields__)
