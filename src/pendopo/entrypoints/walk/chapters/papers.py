"""The certificate arrives: registered, sealed, told inside and outside the hall, and anybody can check it."""

import email
import email.policy
import time
from email.message import EmailMessage

from pendopo.entrypoints.walk.browser import Browser, UnexpectedAnswerError
from pendopo.entrypoints.walk.journey import Trail
from pendopo.entrypoints.walk.page import Page

type Facts = dict[str, object]

ISSUED_WITHIN_SECONDS = 90.0
MAIL_WITHIN_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.25


def registered_and_issued(trail: Trail) -> Facts:
    """The register enters the child.

    Only then is the certificate set and sealed. She looks until it is there.
    """
    browser = trail.citizen
    until = time.monotonic() + ISSUED_WITHIN_SECONDS
    while time.monotonic() < until:
        page = browser.open(trail.case_url)
        found = [address for address, _ in page.links("/download.pdf")]
        if found:
            trail.document_url = found[0]
            return {"state": page.title}
        time.sleep(LOOK_EVERY_SECONDS)
    message = f"no certificate after {ISSUED_WITHIN_SECONDS:.0f} s; the case says “{_state(browser.current)}”"
    raise UnexpectedAnswerError(message)


def downloads_the_certificate(trail: Trail) -> Facts:
    """She takes the sealed PDF home."""
    answer = trail.citizen.download(trail.document_url)
    content = answer.content
    if not content.startswith(b"%PDF-") or b"/ByteRange" not in content:
        message = "what was downloaded is not a sealed PDF"
        raise UnexpectedAnswerError(message)
    path = trail.keep("akta-kelahiran.pdf", content)
    trail.keep("ca-contoh.pem", trail.journey.authority_file.read_bytes())
    return {"path": path.name, "kb": round(len(content) / 1000)}


def anybody_checks_it(trail: Trail) -> Facts:
    """The address behind the QR code says valid, without a sign-in and without the child's full name."""
    page = trail.citizen.open("/my/documents")
    found = [address for address, _ in page.links("/verify/") if not address.endswith("/verify/")]
    if not found:
        message = "her documents do not lead to the verification page"
        raise UnexpectedAnswerError(message)
    trail.verification_url = found[0]
    with Browser(trail.journey.base_url, trail.journey.language) as anybody:
        page = anybody.open(trail.verification_url)
        status = page.data("document-status")
        if status != "valid" or trail.child.casefold() in page.text.casefold():
            message = f"the verification page says “{status}”, or tells the whole name of the child"
            raise UnexpectedAnswerError(message)
        unknown = anybody.open("/verify/ABCDEFGHJKMNPQRSTVWXYZ2345", status=404)
        if unknown.data("document-status") != "unknown":
            message = "a code that nobody issued is not called unknown"
            raise UnexpectedAnswerError(message)
    return {"status": page.title}


def told_inside_and_outside(trail: Trail) -> Facts:
    """A message in her inbox; a mail that says no more than that there is one."""
    page = trail.citizen.open("/my/inbox")
    if trail.case_number not in page.text:
        message = "her inbox does not mention the case"
        raise UnexpectedAnswerError(message)
    mails = _mails(trail)
    text = "\n".join(f"{mail['Subject']}\n{_body(mail)}" for mail in mails).casefold()
    told = [
        word
        for word in (trail.mother.nik, trail.mother.name.casefold(), trail.child.casefold())
        if word in text
    ]
    if told:
        message = "a mail carries personal data"
        raise UnexpectedAnswerError(message)
    return {"mails": len(mails), "subject": str(mails[-1]["Subject"])}


def _mails(trail: Trail) -> list[EmailMessage]:
    """Wait for the mail and return what was sent to her, oldest first."""
    until = time.monotonic() + MAIL_WITHIN_SECONDS
    while True:
        read = [_read(path.read_bytes()) for path in sorted(trail.journey.mail_folder.glob("*.eml"))]
        hers = [mail for mail in read if trail.mother.email in str(mail["To"])]
        if hers:
            return hers
        if time.monotonic() > until:
            message = f"no mail to her within {MAIL_WITHIN_SECONDS:.0f} s"
            raise UnexpectedAnswerError(message)
        time.sleep(LOOK_EVERY_SECONDS)


def _read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    return str(part.get_content()) if part else ""


def _state(page: Page) -> str:
    lead = page.root.first("p", lambda e: "pd-lead" in e.classes)
    return f"{page.title}: {lead.text}" if lead else page.title
