"""Settings: everything that is wrong is told at once."""

from pathlib import Path

import pytest

from pendopo.foundation.settings import SettingsError, documented, load


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    key = tmp_path / "root.key"
    key.touch(mode=0o600)
    key.write_bytes(bytes(32))
    return {
        "PENDOPO_STATE_DIR": str(tmp_path),
        "PENDOPO_DATABASE_URL": "postgresql://u@/hall?host=/run/x",
        "PENDOPO_ROOT_KEY_FILE": str(key),
        "PENDOPO_BASE_URL": "https://hall.example",
    }


def test_a_minimal_environment_is_enough(environment: dict[str, str]) -> None:
    settings = load(environment)
    assert (settings.profile, settings.host, settings.secure) == ("hall", "hall.example", True)


def test_every_problem_is_told_at_once(environment: dict[str, str]) -> None:
    broken = environment | {
        "PENDOPO_BASE_URL": "ftp://x",
        "PENDOPO_TIME_ZONE": "Asia/Nowhere",
        "PENDOPO_INSTANCE": "Not Good",
    }
    with pytest.raises(SettingsError) as caught:
        load(broken)
    told = "\n".join(caught.value.problems)
    assert all(name in told for name in ("BASE_URL", "TIME_ZONE", "INSTANCE"))


def test_nothing_set_names_every_missing_variable() -> None:
    with pytest.raises(SettingsError) as caught:
        load({})
    assert len(caught.value.problems) == 4


def test_a_key_that_others_can_read_is_refused(environment: dict[str, str]) -> None:
    Path(environment["PENDOPO_ROOT_KEY_FILE"]).chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load(environment)


def test_production_refuses_demo_and_plain_http(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environment | {"PENDOPO_PRODUCTION": "1", "PENDOPO_DEMO": "1", "PENDOPO_BASE_URL": "http://x"})
    assert len(caught.value.problems) == 2


def test_a_time_stamping_authority_needs_a_trust_anchor(environment: dict[str, str], tmp_path: Path) -> None:
    url = {"PENDOPO_TSA_URL": "http://tsa.example/"}
    with pytest.raises(SettingsError, match="TSA_TRUST_FILE"):
        load(environment | url)
    trust = {"PENDOPO_TSA_TRUST_FILE": str(tmp_path / "roots.pem")}
    with pytest.raises(SettingsError, match="not a file"):
        load(environment | url | trust)
    (tmp_path / "roots.pem").write_text("")
    assert load(environment | url | trust).tsa_url == "http://tsa.example/"
    with pytest.raises(SettingsError, match=r"http\(s\)"):
        load(environment | trust | {"PENDOPO_TSA_URL": "tsa.example"})


def test_each_field_has_its_variable() -> None:
    assert "PENDOPO_SUBJECT_KEY_FILE" in documented()
