"""What people do in a browser: an officer, a mother; with a passkey and scripts, or with neither."""

import contextlib
import datetime as dt
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from pendopo.entrypoints.walk.journey import Journey, Mother, Officer
from pendopo.entrypoints.walk.one_time_code import one_time_code, seconds_left
from pendopo.entrypoints.walk.paper import birth_letter

PASSWORD = "layang-layang-di-atas-sawah"
MOST_PAGES = 30
WIDTHS = (360, 1280)


@dataclass
class Visitor:
    """One person at one browser, who may take pictures of every page on the way."""

    context: BrowserContext
    page: Page
    base: str
    shots: Path
    name: str
    seen: set[str] = field(default_factory=set)

    def open(self, path: str) -> None:
        """Go to an address of the hall."""
        self.page.goto(self.base + path)

    def heading(self) -> str:
        """Return the page's first heading."""
        return self.page.locator("h1, legend h1").first.inner_text()

    def send(self) -> None:
        """Send the page's own form."""
        self.picture()
        self.page.locator("main form[method=post]:visible").last.locator("button:visible").first.click()
        self.page.wait_for_load_state()

    def picture(self) -> None:
        """Keep the page at phone and desktop width, once for each address."""
        path = re.sub(r"https?://[^/]+", "", self.page.url).split("?")[0]
        path = re.sub(r"[0-9a-f-]{36}|[A-Z0-9]{26}", "x", path).strip("/").replace("/", "-") or "home"
        if path in self.seen:
            return
        self.seen.add(path)
        before = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=self.shots / f"{self.name}-{path}-{width}.png", full_page=True)
        if before:
            self.page.set_viewport_size(before)


def visitor(browser: Browser, base: str, shots: Path, name: str, *, scripts: bool) -> Visitor:
    """Open a fresh browser profile."""
    context = browser.new_context(java_script_enabled=scripts, locale="id-ID", base_url=base)
    page = context.new_page()
    page.set_default_timeout(20_000)
    return Visitor(context, page, base, shots, name)


def add_authenticator(guest: Visitor) -> None:
    """Plug in Chromium's virtual authenticator: on the device, with user verification and resident keys."""
    session = guest.context.new_cdp_session(guest.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in_with_password(guest: Visitor, nik: str, password: str, secret: str) -> None:
    """Fill in the sign-in page that is open; a code that was just used is waited out once."""
    for _ in range(2):
        form = guest.page.locator("form:has(input[name=password])")
        form.locator("input[name=nik]").fill(nik)
        form.locator("input[name=password]").fill(password)
        form.locator("input[name=code]").fill(one_time_code(secret))
        guest.picture()
        form.locator("button").first.click()
        guest.page.wait_for_load_state()
        if not guest.page.locator("input[name=password]").count():
            return
        time.sleep(seconds_left() + 0.5)
    message = f"sign-in was refused: {guest.page.locator('main').inner_text()[:300]}"
    raise AssertionError(message)


def officer_at(guest: Visitor, officer: Officer, path: str) -> None:
    """Sign an officer in on the way to a page."""
    guest.open(path)
    sign_in_with_password(guest, officer.sign_in, officer.password, officer.totp_secret)


def activation_code(counter: Visitor, mother: Mother) -> str:
    """Look the mother up, confirm that card and face were compared, read the code on the slip."""
    counter.open("/counter/activation/")
    counter.page.locator("input[name=nik]").fill(mother.nik)
    counter.send()
    for box in counter.page.locator("input[name=checked]").all():
        box.check()
    counter.send()
    counter.picture()
    return counter.page.locator("[data-activation-code]").inner_text()


def begin_activation(guest: Visitor, code: str, mother: Mother, method: str) -> None:
    """Enter the code, an address, and choose how to sign in from now on."""
    guest.open("/activate/")
    guest.page.locator("input[name=code]").fill(code)
    guest.send()
    guest.page.locator("input[name=email]").fill(mother.email)
    guest.send()
    guest.page.locator(f"input[name=method][value={method}]").check()
    guest.send()


def activate_with_passkey(guest: Visitor) -> None:
    """Let the page's script talk to the authenticator."""
    guest.picture()
    guest.page.locator("form[data-passkey=create] button").first.click()
    guest.page.wait_for_url(re.compile(r"/activate/(done|.*done)"))
    guest.picture()


def sign_in_with_passkey(guest: Visitor, wanted: str) -> None:
    """Use the passkey on the sign-in page that is open.

    Chromium's authenticator may answer the page's silent request by itself, as a person does who picks the
    suggestion in the field; otherwise the button is pressed.
    """
    with contextlib.suppress(PlaywrightTimeoutError):
        guest.page.wait_for_url(re.compile(wanted), timeout=3_000)
    if wanted not in guest.page.url:
        guest.page.locator("form[data-passkey=get] button").first.click()
        guest.page.wait_for_url(re.compile(wanted))


def activate_with_password(guest: Visitor) -> str:
    """Choose a password, set up an authenticator app; return its secret."""
    guest.page.locator("input[name=password]").fill(PASSWORD)
    guest.page.locator("input[name=password_again]").fill(PASSWORD)
    guest.send()
    secret = (guest.page.locator("main pre").first.text_content() or "").strip()
    guest.page.locator("input[name=code]").fill(one_time_code(secret))
    guest.send()
    guest.picture()
    return secret


def answers_of(mother: Mother, child: str) -> dict[str, str]:
    """Return what she answers, by the last word of the field."""
    return {
        "relation": "mother",
        "kind": "one",
        "place_kind": "health-centre",
        "name": child,
        "sex": "female",
        "birth_time": "07.15",
        "birth_order": str(mother.children + 1),
        "weight_grams": "3100",
        "length_cm": "49",
        "proof": "letter",
    }


def fill_in(guest: Visitor, mother: Mother, child: str, born: dt.date, folder: Path) -> None:
    """Go through the application until the page that shows all answers."""
    letter = folder / "surat-lahir.pdf"
    letter.write_bytes(birth_letter(child, mother.name, born.isoformat()))
    answers = answers_of(mother, child)
    for _ in range(MOST_PAGES):
        if "/p/check" in guest.page.url:
            guest.picture()
            return
        _fill_page(guest.page.locator("main form[method=post]").last, answers, born, letter)
        before = guest.page.url
        guest.send()
        errors = guest.page.locator(".govuk-error-summary")
        assert not errors.count(), f"{before}: {errors.first.inner_text()}"
        assert guest.page.url != before, f"{before} came back"
    message = "the application has no end"
    raise AssertionError(message)


def _fill_page(form: Locator, answers: dict[str, str], born: dt.date, letter: Path) -> None:
    parts = {"day": str(born.day), "month": str(born.month), "year": str(born.year)}
    done: set[str] = set()
    for control in form.locator("input:visible, select:visible, textarea:visible, input[type=radio]").all():
        name, kind = control.get_attribute("name") or "", control.get_attribute("type") or ""
        if kind in {"hidden", "submit"} or name in done:
            continue
        done.add(name)
        last = re.split(r"[.-]", name)[-1]
        answer = answers.get(name.rpartition(".")[2])
        if last in parts:
            control.fill(parts[last])
        elif kind == "file":
            control.set_input_files(letter)
        elif kind == "radio":
            group = form.locator(f"input[type=radio][name='{name}']")
            chosen = form.locator(f"input[type=radio][name='{name}'][value='{answer}']")
            (chosen if answer and chosen.count() else group).first.check()
        elif kind == "checkbox":
            control.check()
        elif control.evaluate("node => node.tagName") == "SELECT":
            if not control.input_value():
                control.select_option(index=1)
        elif answer is not None:
            control.fill(answer)


def search_desk(guest: Visitor, number: str) -> None:
    """Type a case number into the desk's search and press Enter."""
    guest.page.locator("form[role=search] input[name=number]").fill(number)
    guest.page.locator("form[role=search] input[name=number]").press("Enter")
    guest.page.wait_for_load_state()


def decide(browser: Browser, journey: Journey, shots: Path, number: str) -> None:
    """One officer verifies, another approves."""
    for role, action in (("population_verifier", "take"), ("population_decider", "approve")):
        guest = visitor(browser, journey.base_url, shots, role, scripts=True)
        officer_at(guest, journey.officer(role), "/desk/")
        guest.picture()
        search_desk(guest, number)
        guest.picture()
        guest.page.locator(f"a[href*='/{action}/']").first.click()
        guest.page.wait_for_load_state()
        guest.picture()
        guest.send()
        assert not guest.page.locator(".govuk-error-summary").count()
        guest.context.close()


def wait_for_certificate(guest: Visitor, case_path: str, seconds: float = 90) -> str:
    """Look at the case until the certificate is there; return where it can be downloaded."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        guest.open(case_path)
        link = guest.page.locator("a[href*='/download.pdf']")
        if link.count():
            guest.picture()
            return link.first.get_attribute("href") or ""
        time.sleep(0.5)
    message = f"no certificate after {seconds} s"
    raise AssertionError(message)
