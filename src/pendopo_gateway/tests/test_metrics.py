"""What a gateway counts, and that nothing of a message becomes a label."""

import urllib.error
import urllib.request
from asyncio import to_thread
from pathlib import Path

import pytest

from pendopo_gateway import config, metrics
from pendopo_gateway.errors import ConfigurationError
from pendopo_gateway.tests.world import World, exchange, free_port, persons


def count(name: str, **labels: str) -> float:
    """A value of this process; 0 before it was ever counted."""
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


async def test_an_exchange_is_counted_on_both_sides_and_so_are_its_syncs(tmp_path: Path) -> None:
    before = [
        count("pendopo_gateway_exchanges_total", side=side, outcome="answered")
        for side in ("consumer", "provider")
    ]
    syncs = count("pendopo_gateway_journal_sync_seconds_count")
    async with exchange(tmp_path) as world:
        assert (await persons(world)).status == 200
    after = [
        count("pendopo_gateway_exchanges_total", side=side, outcome="answered")
        for side in ("consumer", "provider")
    ]
    assert after == [number + 1 for number in before]
    assert count("pendopo_gateway_journal_sync_seconds_count") >= syncs + 4, "question and outcome, twice"


async def test_a_refusal_is_counted_by_our_own_word(tmp_path: Path) -> None:
    labels = {"side": "consumer", "outcome": "purpose_missing"}
    before = count("pendopo_gateway_exchanges_total", **labels)
    async with exchange(tmp_path) as world:
        assert (await persons(world, X_Exchange_Purpose=None)).status == 400
    assert count("pendopo_gateway_exchanges_total", **labels) == before + 1


async def test_what_a_peer_calls_its_refusal_is_no_label(tmp_path: Path) -> None:
    labels = {"side": "consumer", "outcome": "refused_by_peer"}
    before = count("pendopo_gateway_exchanges_total", **labels)
    async with exchange(tmp_path) as world:
        await world.office.stop()
        assert (await persons(world)).error is not None
    assert count("pendopo_gateway_exchanges_total", **labels) == before + 1


async def test_the_metrics_are_answered_on_a_port_of_their_own(tmp_path: Path) -> None:
    world, port = World(tmp_path), free_port()
    text = world.hall.config.read_text() + f'[metrics]\nlisten = "127.0.0.1:{port}"\n'
    world.hall.config.write_text(text)
    async with exchange(tmp_path, world=world):
        await persons(world)
        got = await to_thread(_read, f"http://127.0.0.1:{port}/metrics")
        elsewhere = await to_thread(_status, f"http://127.0.0.1:{port}/readyz")
    assert "pendopo_gateway_registry_usable 1.0" in got
    days = float(got.split("\npendopo_gateway_certificate_expiry_days ")[1].split()[0])
    assert 0 < days < 400
    for told in ("mother", "officer", "case-1", "DUKCAPIL", "PEMDA"):
        assert told not in got
    assert elsewhere == 404


def test_metrics_listen_on_loopback_only(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.hall.config.write_text(world.hall.config.read_text() + '[metrics]\nlisten = "0.0.0.0:9"\n')
    with pytest.raises(ConfigurationError, match=r"metrics\.listen.*loopback"):
        config.load(world.hall.config)


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return str(answer.read().decode())


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
