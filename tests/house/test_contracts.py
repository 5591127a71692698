"""Each import contract holds, and each one catches a violation that is planted for it."""

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import Contract, InvalidContractOptions

from tests.house.doors import DoorsContract

ROOT = Path(__file__).parents[2]
TYPES: dict[str, type[Contract]] = {
    "layers": LayersContract,
    "forbidden": ForbiddenContract,
    "doors": DoorsContract,
}

# One planted import for each contract: who, whom.
PLANTED = {
    "Floors": ("pendopo.ledger.api", "pendopo.casework.api"),
    "Doors": ("pendopo.casework.api", "pendopo.documents.models"),
    "Only the composition root knows the registers": ("pendopo.casework.api", "pendopo.registers.api"),
    "The composition root is imported by nobody": ("pendopo.portal.pages.views", "pendopo.entrypoints.cli"),
    "The wire is the ground floor": ("pendopo_wire.merkle", "pendopo.kernel.errors"),
    "The gateway knows no Django and no room": ("pendopo_gateway.config", "pendopo.foundation.settings"),
    "Pure code stays pure": ("pendopo.rules.parser", "django"),
    "Maturity is computed without a hall": ("pendopo.maturity.index", "pendopo.foundation.settings"),
    "Partners stand outside": ("pendopo_partners.authority", "pendopo.foundation.settings"),
    "The walk is a stranger": ("pendopo.entrypoints.walk.story", "pendopo.casework.api"),
    "Pages know no rows": ("pendopo.casework.pages.views", "pendopo.casework.models"),
}


def _configuration() -> dict[str, Any]:
    loaded = tomllib.loads((ROOT / "pyproject.toml").read_text())
    settings: dict[str, Any] = loaded["tool"]["importlinter"]
    return settings


configure()
CONTRACTS = {entry["name"]: entry for entry in _configuration()["contracts"]}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    roots = _configuration()["root_packages"]
    return grimp.build_graph(*roots, include_external_packages=True, cache_dir=None)


def _check(name: str, graph: grimp.ImportGraph) -> bool:
    # The library's own reader hands booleans over as text.
    options = {
        key: str(value) if isinstance(value, bool) else value for key, value in CONTRACTS[name].items()
    }
    kind = TYPES[options.pop("type")]
    try:
        contract = kind(name=options.pop("name"), session_options=_configuration(), contract_options=options)
    except InvalidContractOptions as error:
        pytest.fail(f"{name}: {error.errors}")
    return contract.check(graph, verbose=False).kept


def test_every_contract_has_its_planted_violation() -> None:
    assert set(PLANTED) == set(CONTRACTS)


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_the_contract_holds(name: str, graph: grimp.ImportGraph) -> None:
    assert _check(name, deepcopy(graph))


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_the_contract_catches_a_planted_violation(name: str, graph: grimp.ImportGraph) -> None:
    importer, imported = PLANTED[name]
    planted = deepcopy(graph)
    for module in (importer, imported):
        if module not in planted.modules:
            planted.add_module(module, is_squashed=module == "django")
    planted.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
    assert not _check(name, planted)
