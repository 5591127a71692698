"""Officers sign in with password and code.

The mother gets a Digital ID at the counter and signs in by passkey.
"""

import json
import time

from pendopo.entrypoints.walk.authenticator import JSON, Authenticator
from pendopo.entrypoints.walk.browser import Browser, UnexpectedAnswerError
from pendopo.entrypoints.walk.journey import Officer, Trail
from pendopo.entrypoints.walk.one_time_code import one_time_code, seconds_left
from pendopo.entrypoints.walk.page import Form, Page

type Facts = dict[str, object]


def counter_signs_in(trail: Trail) -> Facts:
    """The counter officer signs in with NIK, password and one-time code."""
    officer = trail.journey.officer("counter")
    sign_in_with_password(trail.counter, officer, "/counter/activation/")
    return {"officer": officer.name}


def activated_at_the_counter(trail: Trail) -> Facts:
    """The officer looks the mother up through the exchange, compares card and face, hands out the slip."""
    browser = trail.counter
    browser.open("/counter/activation/")
    browser.submit(browser.form("nik").fill(nik=trail.mother.nik))
    slip = browser.submit(browser.form("checked").fill(checked=["card", "face"]))
    code = slip.root.first("", lambda e: "data-activation-code" in e.attributes)
    if code is None:
        message = f"“{slip.title}” shows no activation code"
        raise UnexpectedAnswerError(message)
    trail.activation_code = code.text
    return {"name": trail.mother.name, "officer": trail.journey.officer("counter").name}


def mother_makes_a_passkey(trail: Trail) -> Facts:
    """At home: code from the slip, address for mail, a passkey on her own device."""
    browser = trail.citizen
    browser.open("/activate/")
    browser.submit(browser.form("code").fill(code=trail.activation_code))
    browser.submit(browser.form("email").fill(email=trail.mother.email))
    browser.submit(browser.form("method").fill(method="passkey"))
    use_passkey(browser, trail.device)
    return {"name": trail.mother.name}


def mother_signs_in(trail: Trail) -> Facts:
    """OpenID Connect with code and PKCE between hall and provider; the passkey proves who she is."""
    browser = trail.citizen
    seen = len(browser.visited)
    browser.open("/sign-in/?next=%2F")
    page = use_passkey(browser, trail.device)
    steps = browser.visited[seen:]
    if not any("/id/authorize" in step for step in steps) or not any("/callback" in step for step in steps):
        message = f"signing in did not pass by the OpenID provider: {steps}"
        raise UnexpectedAnswerError(message)
    return {"page": page.title}


def use_passkey(browser: Browser, device: Authenticator) -> Page:
    """Do what the page's script does: fetch options, ask the authenticator, send its answer as a form."""
    form = next((f for f in browser.current.forms() if f.element.get("data-passkey")), None)
    if form is None:
        message = f"“{browser.current.title}” ({browser.current.url}) does not offer a passkey"
        raise UnexpectedAnswerError(message)
    started = _challenge(browser, form)
    options = started["options"]
    if not isinstance(options, dict):
        message = "the challenge has no options"
        raise UnexpectedAnswerError(message)
    answer = device.create(options) if form.element.get("data-passkey") == "create" else device.get(options)
    return browser.submit(form.fill(ceremony=str(started["ceremony"]), credential=json.dumps(answer)))


def sign_in_with_password(browser: Browser, officer: Officer, wanted: str) -> Page:
    """Sign in on the way to a page; a code that was used a moment ago is waited out once."""
    browser.open(wanted)
    try:
        return _send_password(browser, officer)
    except UnexpectedAnswerError:
        if browser.current.form_with("password", "code") is None:
            raise
        time.sleep(seconds_left() + 0.5)
        return _send_password(browser, officer)


def _send_password(browser: Browser, officer: Officer) -> Page:
    form = browser.form("nik", "password", "code")
    code = one_time_code(officer.totp_secret)
    return browser.submit(form.fill(nik=officer.sign_in, password=officer.password, code=code))


def _challenge(browser: Browser, form: Form) -> dict[str, JSON]:
    fields = {name: value for name, value in form.values.items() if name in {"csrfmiddlewaretoken", "i"}}
    answer = browser.post(form.element.get("data-challenge"), fields)
    if answer.status_code != 200:  # noqa: PLR2004  # HTTP's word for well
        message = f"the challenge for the passkey answered {answer.status_code}"
        raise UnexpectedAnswerError(message)
    loaded: dict[str, JSON] = answer.json()
    return loaded
