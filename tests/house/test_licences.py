"""The licence gate: what we ship passes, what we may not ship would not."""

import pytest

from tests.house.licences import judge, unfit


def test_everything_that_is_shipped_may_be_shipped() -> None:
    assert unfit() == {}


@pytest.mark.parametrize(
    "licence", ["AGPL-3.0-or-later", "GPLv3", "GNU Affero General Public License v3", ""]
)
def test_strong_copyleft_and_silence_are_refused(licence: str) -> None:
    assert not judge(licence)


@pytest.mark.parametrize(
    "licence", ["MIT", "GNU Lesser General Public License v3 (LGPLv3)", "MPL-2.0", "LGPL-3.0-only"]
)
def test_permissive_and_lesser_kinds_pass(licence: str) -> None:
    assert judge(licence)
