"""A body with a certified seal, under the demonstration authority."""

from pathlib import Path

import pytest

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM
from pendopo.keys import api as keys
from pendopo_partners.authority import Authority, open_authority

OFFICE = {
    "name_id": "Dinas Kependudukan dan Pencatatan Sipil",
    "name_en": "Population and Civil Registry Office",
}


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The demonstration authority, in a folder of this run."""
    return open_authority(Path(tmp_path_factory.mktemp("ca")))


@pytest.fixture
def office(db: None) -> agencies.Body:
    """The population office, without a seal."""
    return agencies.create_body("dukcapil", **OFFICE, actor=SYSTEM)


@pytest.fixture
def sealed_office(office: agencies.Body, authority: Authority) -> agencies.Body:
    """The population office with a certified seal."""
    keys.ensure("seal:dukcapil", "ES256")
    request = keys.certificate_request("seal:dukcapil", "Segel CONTOH", organisation=OFFICE["name_id"])
    keys.install_certificate("seal:dukcapil", authority.issue_for_seal(request))
    return office
