"""A mother registers a birth in a real browser: with a passkey and scripts, and again with neither."""

import datetime as dt
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from pendopo.entrypoints.walk.journey import Journey, Mother
from tests.journeys import people

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

CHILD = "Sekar Rembulan"


def _mother(journey: Journey, place: int) -> Mother:
    """Return a mother whom the other journey does not take."""
    mothers = [one for one in json.loads(journey.people_file.read_text())["mothers"] if not one["used"]]
    found = mothers[place]
    return Mother(found["name"], found["nik"], found["email"], int(found["children"]))


@pytest.mark.parametrize("scripts", [True, False], ids=["passkey", "no-scripts"])
def test_a_mother_gets_the_certificate(
    scripts: bool, journey: Journey, chromium: Browser, shots: Path, tmp_path: Path
) -> None:
    mother = _mother(journey, 20 if scripts else 21)
    counter = people.visitor(chromium, journey.base_url, shots, "counter", scripts=scripts)
    people.officer_at(counter, journey.officer("counter"), "/counter/activation/")
    code = people.activation_code(counter, mother)
    counter.context.close()

    name = "mother" if scripts else "plain"
    guest = people.visitor(chromium, journey.base_url, shots, name, scripts=scripts)
    if scripts:
        people.add_authenticator(guest)
    people.begin_activation(guest, code, mother, "passkey" if scripts else "password")
    secret = "" if scripts else people.activate_with_password(guest)
    if scripts:
        people.activate_with_passkey(guest)

    guest.open("/")
    guest.picture()
    guest.page.locator("input[name=q]").fill("bikin akte anak")
    guest.page.locator("form[role=search] button").first.click()
    guest.page.wait_for_load_state()
    guest.picture()
    guest.page.locator("main a[href*='akta-kelahiran']").first.click()
    guest.page.wait_for_load_state()
    guest.picture()
    guest.page.locator("main a[href*='/apply/']").first.click()
    guest.page.wait_for_url(re.compile("/apply/|/id/sign-in/"))
    if "/id/sign-in/" in guest.page.url:
        if scripts:
            people.sign_in_with_passkey(guest, "/apply/")
        else:
            people.sign_in_with_password(guest, mother.nik, people.PASSWORD, secret)
    assert "/apply/" in guest.page.url
    guest.send()
    born = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=4)
    people.fill_in(guest, mother, CHILD, born, tmp_path)
    for box in guest.page.locator("main input[type=checkbox]").all():
        box.check()
    guest.send()
    guest.picture()
    number = guest.page.locator("[data-case-number]").first.get_attribute("data-case-number") or ""
    assert re.fullmatch(r"\d{4}-\d{2}-\d{6}", number), number
    case_path = urlsplit(guest.page.url).path.removesuffix("receipt/")

    people.decide(chromium, journey, shots, number)
    download = people.wait_for_certificate(guest, case_path)
    pdf = guest.context.request.get(download)
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")

    for path in ("/my/cases", "/my/documents", "/my/inbox", "/my/access", "/my/security/"):
        guest.open(path)
        guest.picture()
    guest.open("/my/access")
    assert guest.page.locator("[data-completeness]").first.get_attribute("data-completeness") in {
        "proved",
        "waiting",
    }
    guest.context.close()
