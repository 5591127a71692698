"""A browser without script for tests: cookies, redirects, and reading forms."""

import html
import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from pendopo.identity.tests.authenticator import Device


@dataclass(frozen=True, slots=True)
class Hall:
    """Where a hall answers; without a transport over the network."""

    base: str
    transport: httpx.BaseTransport | None = None


@dataclass(slots=True)
class Browser:
    """Visits one hall. ``page`` is what is shown."""

    hall: Hall
    client: httpx.Client = field(init=False)
    page: httpx.Response = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=self.hall.base,
            transport=self.hall.transport,
            headers={"Accept": "text/html"},
            follow_redirects=True,
            trust_env=False,
        )

    def open(self, address: str) -> httpx.Response:
        """Visit a page."""
        self.page = self.client.get(address)
        return self.page

    def hidden(self, name: str) -> str:
        """Return a hidden field of the present page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        assert found, f"{name} is not on {self.page.url} ({self.page.status_code})"
        return html.unescape(found[1])

    def send(self, address: str, **fields: str) -> httpx.Response:
        """Send a form of the present page with its token and, if it has one, its request."""
        known = {"csrfmiddlewaretoken": self.hidden("csrfmiddlewaretoken")}
        if 'name="i"' in self.page.text:
            known["i"] = self.hidden("i")
        self.page = self.client.post(address, data=known | fields, headers={"Referer": str(self.page.url)})
        return self.page

    def use_passkey(self, device: Device) -> httpx.Response:
        """Do what the page's script does."""
        form = re.search(r'action="([^"]+)" data-passkey="(\w+)" data-challenge="([^"]+)"', self.page.text)
        assert form, f"no passkey on {self.page.url}"
        action, mode, challenge = form.groups()
        fields = {"csrfmiddlewaretoken": self.hidden("csrfmiddlewaretoken")}
        if 'name="i"' in self.page.text:
            fields["i"] = self.hidden("i")
        begun = self.client.post(challenge, data=fields, headers={"Referer": str(self.page.url)}).json()
        options = json.dumps(begun["options"])
        credential = device.create(options) if mode == "create" else device.get(options)
        return self.send(action, ceremony=begun["ceremony"], credential=credential)

    @property
    def path(self) -> str:
        """Where we are."""
        return urlsplit(str(self.page.url)).path
