"""Which service of the exchange implements an interface that our clients speak.

Read from the agreements of this deployment: the hall asks the population office with which it has one.
"""

from functools import lru_cache
from pathlib import Path

from pendopo.exchange.definitions import load_definitions
from pendopo.exchange.errors import ExchangeDenied, Hop
from pendopo.exchange.gateway import client_id
from pendopo.foundation.settings import current

POPULATION = "population-v1"


@lru_cache(maxsize=8)
def _service(folder: Path, interface: str, client: str) -> str:
    definitions = load_definitions(folder)
    for agreement in definitions.agreements:
        offered = definitions.services.get(agreement.service)
        if agreement.client == client and offered is not None and offered.interface == interface:
            return agreement.service
    raise ExchangeDenied(Hop.OWN_GATEWAY, f"no-agreement:{interface}")


def service_for(interface: str) -> str:
    """Identifier of the service that this deployment may ask. Raises :class:`ExchangeDenied` without one."""
    return _service(current().definitions_dir, interface, client_id())
